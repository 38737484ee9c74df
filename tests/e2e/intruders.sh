#!/bin/bash
# What a user who may not, does to kexd: it needs root to be that user. Skipped (77) for others.
[ "$(id -u)" -eq 0 ] || exit 77
. "$(dirname "$0")/lib.sh"
intruder=$8
configured_machine
chmod 755 "$work"
special=$ODMCFG_ROOT/special

# The path of a file that one may not read is known to everybody; its descriptor proves nothing.
chmod 600 "$special/hdisk0" "$special/tmscsi1.tm" "$special/scsi1"
for device in hdisk0 tmscsi1.tm; do
	expect 1 as_nobody "$intruder" open path "$special/$device"
	output_has "refused: Bad file descriptor"
	expect 1 as_nobody "$intruder" open read "$special/$device"
	output_has "Permission denied"
	[ "$(counter $device open)" = 0 ] || fail "$device is open"
done

# Nor is a file opened for reading or writing when it was opened for the other, or for ioctl only.
chmod 666 "$special/hdisk0"
expect 0 as_nobody "$intruder" open read "$special/hdisk0"
expect 1 as_nobody "$intruder" open either "$special/hdisk0"
output_has "refused: Permission denied"

# Only the very file opens the device: no copy, no other name of it, no file with its name.
cp "$special/hdisk0" "$work/hdisk0"
ln "$special/hdisk0" "$work/linked"
for file in hdisk0 linked; do
	expect 1 as_nobody "$intruder" open read "$work/$file"
	output_has "refused: No such device or address"
done
expect 1 as_nobody "$intruder" open memory "$special/hdisk0"
output_has "refused: No such device or address"
rm "$work/linked"
chmod 600 "$special/hdisk0"
if unshare -m true 2>/dev/null; then
	expect 1 unshare -m sh -c "mount -t tmpfs none '$special' && cp '$work/hdisk0' '$special' &&
		setpriv --reuid=65534 --regid=65534 --clear-groups '$intruder' open read '$special/hdisk0'"
	output_has "refused: No such device or address"
fi

# What concerns others than the caller needs privilege, whatever the file's mode.
chmod 666 "$special/scsi1" "$special/tmscsi1.tm" "$special/tmscsi0.im"
before=$(counter scsi1 raised)
expect 1 as_nobody odmcfg scsifault -l scsi1 fatal
error_has "only root and the owner"
[ "$(counter scsi1 raised)" = "$before" ] || fail "the adapter failed"
echo data | expect 0 as_nobody odmcfg tmsend -l tmscsi0 &
expect 0 as_nobody odmcfg tmrecv -l tmscsi1 --bytes 5 --timeout 30s
output_is <<<"data"
wait
expect 0 odmcfg scsifault -l scsi1 reset
