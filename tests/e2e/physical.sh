#!/bin/bash
# Physical locations, the product's own name and the platform's part: described, listed, moved, removed.
. "$(dirname "$0")/lib.sh"
machine=$ODMCFG_ROOT/etc/machine.cfg
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr

# An adapter's own, a protocol's as its adapter's, a disk's behind its parent's; else the location code.
expect 0 lsdev -C -F "name:physloc"
grep -E '^(ent0|en0|fcs1|fscsi1|hdisk[0-4]|rmt0|ses0|inet0|proc1):' "$work/out" >"$work/some"
diff -u - "$work/some" <<'END' || fail "physical locations"
en0:01-00-0
ent0:U78A0.001.DNWHZS4-P1-C4-T1
fcs1:U78A0.001.DNWHZS4-P1-C1-T2
fscsi1:U78A0.001.DNWHZS4-P1-C1-T2
hdisk0:U78A0.001.DNWHZS4-P1-C13-T2-L5000C5003A1B0001-L0
hdisk1:U78A0.001.DNWHZS4-P1-C13-T2-L5000C5003A1B0002-L0
hdisk2:00-00-00-0,0
hdisk3:U78A0.001.DNWHZS4-P1-C1-T1-W500507680140A1B2-L0
hdisk4:U78A0.001.DNWHZS4-P1-C1-T1-W500507680140A1B2-L1000000000000
inet0:
proc1:00-04
rmt0:U78A0.001.DNWHZS4-P1-C13-T2-L5005076312434AF1-L0
ses0:U78A0.001.DNWHZS4-P2-Y1
END
expect 0 lsdev -l fcs0 -F "name status physloc"
output_is <<<"fcs0 Available U78A0.001.DNWHZS4-P1-C1-T1"
expect 0 lsdev -l fcs0 -r physloc
output_is <<<"U78A0.001.DNWHZS4-P1-C1-T1"
expect 0 lsdev -C -F location -l fcs0
output_is <<<03-00
# No attribute that anybody sees.
for listing in "-E" "-D" "-P" "--pending"; do
	expect 0 lsattr $listing -l fcs0
	! grep -q physloc "$work/out" || fail "lsattr $listing shows physloc"
done

# The list, one device, several, and what -p has.
expect 0 lscfg
output_has "+ hdisk3           U78A0.001.DNWHZS4-P1-C1-T1-W500507680140A1B2-L0  MPIO Other FC SCSI Disk Drive"
expect 0 lscfg -vpl hdisk3
printf '  hdisk3           U78A0.001.DNWHZS4-P1-C1-T1-W500507680140A1B2-L0  \n\tMPIO Other FC SCSI Disk Drive\n' >"$work/wanted"
cat >>"$work/wanted" <<'END'

        Manufacturer................IBM 
        Machine Type and Model......2145
        ROS Level and ID............30303030
        Serial Number...............2145
        Device Specific.(Z0)........0000063268181002


  PLATFORM SPECIFIC

  Name:  disk
    Node:  disk
    Device Type:  block

END
output_is <"$work/wanted"
expect 0 lscfg -vpl ent1
output_has "      Broadcom NetXtreme Gigabit Fiber Controller:"
! grep -q PLATFORM "$work/out" || fail "the platform says nothing of adapters"
expect 0 lscfg -pl sysplanar0
head -14 "$work/out" >"$work/some"
diff -u - "$work/some" <<'END' || fail "the system planar"
  sysplanar0         System Planar

  PLATFORM SPECIFIC

  Name:  IBM,8233-E8B
    Model:  IBM,8233-E8B
    Node:  /
    Device Type:  chrp

      System VPD:
        Record Name.................VSYS
        Flag Field..................XXSV
        Brand.......................S0
        Hardware Location Code......U8233.E8B.10F3D2P
END
[ "$(grep -c "Physical Location:" "$work/out")" = 3 ] || fail "parts: $(cat "$work/out")"
expect 0 lscfg --json -l ent0
output_has '"location": "01-00", "physloc": "U78A0.001.DNWHZS4-P1-C4-T1"'
output_has '"heading": "Broadcom NetXtreme Gigabit Fiber Controller"'
expect 0 lscfg --json -l inet0
output_has '"physloc": ""'

# Another name keeps it; a further path is no other place; the adapter's end moves the disk.
expect 0 rmdev -Rl ent1
expect 0 rendev -l ent1 -n lan1
expect 0 lsdev -l lan1 -F physloc
output_is <<<"U78A0.001.DNWHZS4-P1-C4-T2"
expect 0 rmdev -Rdl fcs0
expect 0 lsdev -l hdisk3 -F physloc
output_is <<<"U78A0.001.DNWHZS4-P1-C1-T2-W500507680130A1B2-L0"
expect 0 cfgmgr
expect 0 lsdev -l hdisk3 -F physloc
output_is <<<"U78A0.001.DNWHZS4-P1-C1-T2-W500507680130A1B2-L0"

# What the machine says of a place changes with the next detection; an own one wins over YL.
sed -i 's/where = "08"; location = "02-08";/& physloc = "U1-P1-C7";/' "$machine"
sed -i '/YL = "U78A0.001.DNWHZS4-P1-C4-T1"/s/YL = "[^"]*"/Z9 = "x"/' "$machine"
expect 0 cfgmgr
expect 0 lsdev -l hdisk1 -F physloc
output_is <<<"U1-P1-C7-L5000C5003A1B0002-L0"
expect 0 lsdev -l ent0 -F physloc
output_is <<<01-00
expect 0 odmcfg check

# A long value goes on below itself.
sed -i 's/SN = "YL30";/SN = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234";/' "$machine"
expect 0 rmdev -Rl sissas0
expect 0 cfgmgr
expect 0 lscfg -vl sissas0
grep -A2 "Serial Number" "$work/out" >"$work/some"
diff -u - "$work/some" <<'END' || fail "a long value"
        Serial Number...............012345678901234567890123456789012345678901
                                    234567890123456789012345678901234567890123
                                    4 
END

# Mistakes are named, and change nothing.
refused() {
	cat >"$machine"
	expect 1 cfgmgr
	error_has "machine.cfg:$1: $2"
}
refused 1 "'heading' is a text without asterisks above a 'vpd'" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0"; heading = "x"; } );
END
refused 2 "'heading' is a text without asterisks above a 'vpd'" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0"; vpd = { SN = "1"; };
  heading = "a*b"; } );
END
refused 1 "physloc = \"a b\": it has" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0"; physloc = "a b"; } );
END
refused 2 "'node' is missing" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0";
  platform = { name = "memory"; device_type = "memory"; }; } );
END
refused 3 "a line is (\"Label\", \"value\")" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0";
  platform = { name = "m"; node = "m"; device_type = "m"; parts = ( { heading = "h"; physloc = "U1"; lines = (
    ("one") ); } ); }; } );
END
refused 2 "'colour' is not known here" <<'END'
devices = ( { type = "memory/sys/totmem"; where = "0"; platform = { name = "m"; node = "m"; device_type = "m";
  parts = ( { heading = "h"; physloc = "U1"; colour = "red"; } ); }; } );
END
# Without a description there is no platform to ask.
rm "$machine"
expect 1 lscfg -pl mem0
error_has "what the platform says is not known"
expect 0 lscfg -l mem0
