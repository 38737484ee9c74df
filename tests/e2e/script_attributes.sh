#!/bin/bash
# Attributes that scripts of real machines list and change: of disks, interfaces, inet0 and sys0.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
value() { lsattr -El "$1" -a "$2" -F value; }

# A script that goes over all disks meets every attribute on each.
for disk in $(lsdev -Cc disk -F name); do
	expect 0 lsattr -El "$disk" -a size_in_mb:unique_id:pvid:queue_depth:reserve_policy -O
	expect 0 chdev -l "$disk" -a queue_depth=20 -a reserve_policy=no_reserve
	[ "$(value "$disk" queue_depth) $(value "$disk" reserve_policy)" = "20 no_reserve" ] || fail "$disk"
done

# pv=yes makes an identifier where there is none, and each another; pv=clear takes it away.
before=$(value hdisk0 pvid)
for disk in hdisk0 hdisk2 hdisk3 hdisk4; do
	expect 0 chdev -l $disk -a pv=yes
	output_is <<<"$disk changed"
	value $disk pvid >>"$work/identifiers"
done
[ "$(value hdisk0 pvid)" = "$before" ] || fail "hdisk0 has another identifier"
[ "$(sort -u "$work/identifiers" | wc -l)" = 4 ] || fail "not four: $(cat "$work/identifiers")"
[ "$(sed 1d "$work/identifiers" | grep -cxE '[0-9a-f]{16}0{16}')" = 3 ] || fail "$(cat "$work/identifiers")"
[ "$(sed 1d "$work/identifiers" | cut -c1-8 | sort -u | wc -l)" = 1 ] || fail "the machine's part differs"
expect 0 chdev -l hdisk0 -a pv=clear
expect 0 chdev -l hdisk3 -a pv=clear -a queue_depth=21
[ "$(value hdisk0 pvid) $(value hdisk3 pvid) $(value hdisk3 queue_depth)" = "none none 21" ] || fail clear
# What machine.cfg said of a new disk is no reason to have it again.
expect 0 cfgmgr
[ "$(value hdisk0 pvid)" = none ] || fail "cfgmgr brought the identifier back"
# A disk in use is no reason, either: no driver has to know.
expect 0 lsattr --pending -l hdisk2
no_output
kept=$(value hdisk2 pvid)
expect 0 chdev -l hdisk2 -a pv=clear
expect 0 odmcfg undo
[ "$(value hdisk2 pvid)" = "$kept" ] || fail "undone: $(value hdisk2 pvid)"
# Of several, all or none: those before the one that fails have what they had.
expect 0 chdev -l hdisk4 -a pv=clear -P
mkdev -l hdisk3 >/dev/null
expect 1 chdev -l 'hdisk[234]' -a pv=yes -a nosuch=1
[ "$(value hdisk2 pvid) $(value hdisk4 pvid)" = "$kept none" ] || fail "some were changed"
for wrong in pv=no pv=12 pv= pvid=00c8b12ce3c7d4960000000000000000 "pv=yes -T"; do
	# shellcheck disable=SC2086
	expect 1 chdev -l hdisk2 -a $wrong
done
expect 0 lsattr -El hdisk2 -F attribute
! grep -qx pv "$work/out" || fail "pv is listed"
expect 0 odmcfg check

# inet0: routes are added and taken away one by one.
expect 0 chdev -l inet0 -a hostname=aix1 -a route=net,-hopcount,0,,0,10.1.2.3
expect 0 chdev -l inet0 -a route=net,-hopcount,1,,10.9.0.0,10.1.2.4
expect 0 lsattr -El inet0
output_is <<'END'
hostname aix1                               Host Name True
route    net,-hopcount,0,,0,10.1.2.3        Route     True
route    net,-hopcount,1,,10.9.0.0,10.1.2.4 Route     True
END
expect 0 chdev -l inet0 -a delroute=net,-hopcount,0,,0,10.1.2.3
expect 0 lsattr -El inet0 -a route -F value
output_is <<<"net,-hopcount,1,,10.9.0.0,10.1.2.4"
expect 1 chdev -l inet0 -a delroute=net,-hopcount,0,,0,10.1.2.3
expect 0 lsdev -l inet0 -F "class subclass type status"
output_is <<<"tcpip TCPIP inet Available"

# Interfaces and the system.
expect 0 chdev -l en0 -a mtu_bypass=on -a thread=on -a monitor=on
for interface in en0 et0; do
	[ "$(lsattr -El $interface -a mtu_bypass -a thread -a monitor -F attribute:user_settable | tr '\n' ' ')" = \
		"mtu_bypass:True thread:True monitor:True " ] || fail "$interface"
done
[ "$(value en0 mtu_bypass) $(value en0 thread) $(value en0 monitor)" = "on on on" ] || fail en0
expect 1 chdev -l en0 -a mtu_bypass=perhaps
expect 0 chdev -l sys0 -a ghostdev=1 -a cpuguard=disable
expect 0 lsattr -El sys0 -a ghostdev:cpuguard -O
printf '#ghostdev:cpuguard\n1:disable\n' | output_is
expect 1 chdev -l sys0 -a id_to_partition=0x1
expect 0 lsattr -El sys0 -a id_to_partition -F user_settable
output_is <<<False
