#!/bin/bash
# iscsi0 finds a target's disks, reads and writes them, keeps them over a restart, and tells nobody a
# secret.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
block_io=$2
make_unit 1 64M
make_unit 2 3T
start_target

# Every root has it; without a target it does nothing.
expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
expect 0 lsdev -l iscsi0 -F "status parent"
output_is <<<"Defined sys0"
expect 1 odmcfg kexd --status
output_is <<<"kexd is not running"

# The short way.
expect 0 chdev -l iscsi0 -a "portal=127.0.0.1:$port"
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -p iscsi0
output_is <<END
hdisk0 Available  Other iSCSI Disk Drive
hdisk1 Available  Other iSCSI Disk Drive
END
expect 0 lsattr -El hdisk0 -F "attribute=value"
output_has "target_name=$target_name"
output_has "host_addr=127.0.0.1"
output_has "port_num=$port"
output_has "lun_id=1"
output_has "size_in_mb=64"
output_has "unique_id=naa.60000000000000000e00000000010001"
expect 0 lscfg -vl hdisk0
output_has "Manufacturer................IET"
output_has "Machine Type and Model......VIRTUAL-DISK"
output_has "Serial Number...............beaf11"
expect 0 lspath -l hdisk0 -F "status parent connection"
output_is <<<"Enabled iscsi0 0,1"
# A login's attention is no reset.
! logged SCSI_RESET || fail "a fresh login is told as a reset"
# The name that it made for itself stays.
expect 0 lsattr -El iscsi0 -a initiator_name -F value
grep -qE '^naa\.3[0-9a-f]{15}$' "$work/out" || fail "initiator_name: $(cat "$work/out")"
cp "$work/out" "$work/name"
expect 0 cfgmgr
expect 0 lsattr -El iscsi0 -a initiator_name -F value
cmp "$work/name" "$work/out" || fail "another initiator_name"

# Data: more than one request's worth, at an odd block, several requests at once.
head -c 9M /dev/urandom >"$work/data"
expect 0 "$block_io" hdisk0 info
output_is <<<"131072 512"
expect 0 "$block_io" hdisk0 write 77 flush <"$work/data"
cmp -n 9437184 "$work/data" "$work/units/unit1" 0 $((77 * 512)) || fail "the unit has other data"
expect 0 "$block_io" hdisk0 read 77 9437184
cmp "$work/data" "$work/out" || fail "other data came back"
[ "$(counter hdisk0 bytes)" -eq 18874368 ] || fail "bytes: $(counter hdisk0 bytes)"
expect 0 "$block_io" hdisk0 read 131071 1024
[ "$(stat -c %s "$work/out")" = 512 ] || fail "read over the end: $(stat -c %s "$work/out")"
head -c 1024 "$work/data" | expect 1 "$block_io" hdisk0 write 131072
error_has "No space left"
# Beyond 2^32 blocks commands are longer.
expect 0 "$block_io" hdisk1 info
output_is <<<"6442450944 512"
head -c 64K "$work/data" | expect 0 "$block_io" hdisk1 write 5000000000
cmp -n 65536 "$work/data" "$work/units/unit2" 0 $((5000000000 * 512)) || fail "WRITE(16)"
expect 0 "$block_io" hdisk1 read 5000000000 65536
cmp -n 65536 "$work/data" "$work/out" || fail "READ(16)"

# Any command, as its sender says it; what the disk says of it is the answer.
expect 0 "$block_io" hdisk0 inquire
output_is <<<"status 00 sense 00/00 VIRTUAL-DISK    "
expect 0 "$block_io" hdisk0 nonsense
output_has "status 02 sense 05/20"
# Blocks are given back where the target has that.
expect 1 "$block_io" hdisk0 unmap 0 8
error_has "not supported"
expect 1 "$block_io" hdisk0 unmap 131072 8
error_has "Invalid argument"
tgt --op update --mode logicalunit --tid 1 --lun 1 --params thin_provisioning=1 || fail "tgt"
expect 0 "$block_io" hdisk0 unmap 77 2048
expect 0 "$block_io" hdisk0 read 77 1048576
cmp -n 1048576 "$work/out" /dev/zero || fail "unmapped blocks have data"

# Of all processes only its own may have network sockets. A container may filter, too.
filters() { sed -n 's/^Seccomp_filters:\t//p' "/proc/$(odmcfg kexstat -l "$1" -F process)/status"; }
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/small.cfg"
expect 0 cfgmgr
[ "$(filters scsi0)" = $(($(filters iscsi0) + 1)) ] ||
	fail "filters: $(filters scsi0) of scsi0, $(filters iscsi0) of iscsi0"

# The adapter's process ends: it comes back with its disks, whose numbers are the same.
kill -SEGV "$(odmcfg kexstat -l iscsi0 -F process)"
again() { "$block_io" hdisk0 read 3000 4096 >"$work/again" 2>/dev/null; }
await again
cmp -n 4096 "$work/again" "$work/data" 0 $(((3000 - 77) * 512)) || fail "other data after a restart"
expect 0 rmdev -Rl iscsi0
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -p iscsi0 -F "name status"
output_is <<END
hdisk0 Available
hdisk1 Available
END

# A target that is away is told, with its reason.
expect 0 chdev -l iscsi0 -a "portal=127.0.0.1:$port,127.0.0.1:1" -P
expect 0 rmdev -Rl iscsi0
expect 1 cfgmgr -l iscsi0
error_has "1 of the portals and targets of iscsi0 did not answer"
error_has "portal 127.0.0.1:1"
expect 0 lsdev -l hdisk0 -F status
output_is <<<Available
expect 0 rmdev -Rl iscsi0

# What others may do.
expect 1 as_nobody chdev -l iscsi0 -a portal=
expect 0 chdev -l iscsi0 -a "portal=127.0.0.1:$port"

# CHAP: the secret is in a file of root's, and nowhere else.
secret=Xyzzy0123456789
tgt --op new --mode account --user boss --password $secret
tgt --op bind --mode account --tid 1 --user boss
expect 1 cfgmgr -l iscsi0
error_has "target $target_name"
printf 'wrong-0123456789\n' >"$ODMCFG_ROOT/etc/secret"
chmod 600 "$ODMCFG_ROOT/etc/secret"
expect 0 chdev -l iscsi0 -a chap_name=boss -a secret_file=secret
expect 1 cfgmgr -l iscsi0
error_has "target $target_name"
expect 0 rmdev -Rl iscsi0
printf '%s\n' $secret >"$ODMCFG_ROOT/etc/secret"
chmod 640 "$ODMCFG_ROOT/etc/secret"
expect 1 cfgmgr -l iscsi0
error_has "may be read by others: chmod 600"
chmod 600 "$ODMCFG_ROOT/etc/secret"
expect 0 odmcfg trace
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -l hdisk0 -F status
output_is <<<Available
expect 0 "$block_io" hdisk0 read 3000 4096
expect 0 odmcfg trace --stop
{
	odmcfg trcrpt
	lsattr -El iscsi0
	lsattr -El iscsi0 --json
	odmcfg log
	odmcfg log --json
	odmget CuAt CuRun
	ps -ef
	error_log
	strings -a "$ODMCFG_ROOT/objrepos/odm.db"
} >"$work/told" 2>&1
! grep -q $secret "$work/told" || fail "the secret is told: $(grep $secret "$work/told" | head -3)"

# AIX's file of targets, with the secret in it.
expect 0 rmdev -Rl iscsi0
expect 0 chdev -l iscsi0 -a portal= -a secret_file= -a chap_name=boss
mkdir "$ODMCFG_ROOT/etc/iscsi"
printf '# ours\n127.0.0.1 %s %s \\\n\t"%s"\n' "$port" $target_name $secret >"$ODMCFG_ROOT/etc/iscsi/targets"
chmod 600 "$ODMCFG_ROOT/etc/iscsi/targets"
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -l hdisk0 -F status
output_is <<<Available
expect 0 "$block_io" hdisk0 read 3000 4096
# Targets as attributes.
expect 0 rmdev -Rl iscsi0
expect 0 chdev -l iscsi0 -a disc_policy=odm -a secret_file=secret \
	-a "target=$target_name@127.0.0.1:$port"
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -l hdisk0 -F status
output_is <<<Available
expect 0 rmdev -Rl iscsi0
! logged SCSI_ERR || fail "errors: $(error_log)"
