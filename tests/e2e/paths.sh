#!/bin/bash
# A disk that several adapters reach goes with its last path, with all that is set on it.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
expect 0 chdev -l hdisk3 -a queue_depth=32
expect 0 chpath -l hdisk3 -p fscsi1 -a priority=7

# paths: those of the disks as lspath has them.
paths() { lspath -F "status:name:parent"; }
queue_depth_is_kept() {
	expect 0 lsattr -El hdisk3 -a queue_depth -F value
	output_is <<<32
	expect 0 odmcfg check
	no_output
}

# The protocol device of either adapter, entered as the disks' parent or not, is unconfigured below
# disks in use: they stay Available by the other path.
for way in "fscsi0 fscsi1" "fscsi1 fscsi0"; do
	read -r one other <<<"$way"
	expect 0 rmdev -Rl $one
	output_is <<END2
path of hdisk3 by $one Defined
path of hdisk4 by $one Defined
$one Defined
END2
	[ "$(paths | sort)" = "$(printf '%s\n' "Defined:hdisk3:$one" "Enabled:hdisk3:$other" \
		"Defined:hdisk4:$one" "Enabled:hdisk4:$other" | sort)" ] || fail "$(paths)"
	expect 0 lsdev -Cl hdisk3 -F status
	output_is <<<Available
	expect 0 chdev -l $one -a dyntrk=yes
	expect 0 cfgmgr -l fcs0
	expect 0 cfgmgr -l fcs1
	[ "$(paths | grep -c Enabled)" = 4 ] || fail "$(paths)"
	# Without -R just so; -p takes the paths only.
	expect 0 rmdev -l $one
	expect 0 mkdev -l $one
	[ "$(paths | grep -c "Enabled:.*$other")" = 2 ] || fail "$(paths)"
	expect 0 cfgmgr -l $one
	expect 0 rmdev -p $one
	expect 0 lsdev -Cl $one -F status
	output_is <<<Available
	[ "$(paths | grep -c "Defined:.*$one")" = 2 ] || fail "$(paths)"
	expect 0 cfgmgr -l $one
	[ "$(paths | grep -c Enabled)" = 4 ] || fail "$(paths)"
done
queue_depth_is_kept

# A disk is configured by the path that is there, whatever its parent is.
expect 0 rmdev -Rl fscsi0
expect 0 rmdev -l hdisk3
expect 0 mkdev -l hdisk3
expect 0 lspath -l hdisk3 -s enabled -F parent
output_is <<<fscsi1
expect 0 cfgmgr -l fcs0

# One whose other path is switched off, or not configured, is unconfigured with the last that works;
# it stays defined.
expect 0 chpath -l hdisk3 -s disable -p fscsi1
expect 1 rmdev -l fscsi0
error_has "hdisk3"
[ "$(paths | grep -c "Enabled:.*:fscsi0")" = 2 ] || fail "a refusal took paths: $(paths)"
expect 0 rmdev -Rl fscsi0
output_has "hdisk3 Defined"
output_has "path of hdisk4 by fscsi0 Defined"
expect 0 lsdev -Cl hdisk4 -F status
output_is <<<Available
expect 0 cfgmgr
[ "$(paths | grep -c Enabled)" = 4 ] || fail "$(paths)"

# Deleted, a parent takes its paths; the disks move to the one that is left.
expect 0 rmdev -Rdl fcs0
output_is <<'END2'
path of hdisk3 by fscsi0 deleted
path of hdisk4 by fscsi0 deleted
fscsi0 deleted
fcs0 deleted
END2
expect 0 lspath
output_is <<'END2'
Enabled hdisk3 fscsi1
Enabled hdisk4 fscsi1
END2
expect 0 lsdev -C -c disk -s fcp -F "name:status:parent:physloc"
output_is <<'END2'
hdisk3:Available:fscsi1:U78A0.001.DNWHZS4-P1-C1-T2-W500507680130A1B2-L0
hdisk4:Available:fscsi1:U78A0.001.DNWHZS4-P1-C1-T2-W500507680130A1B2-L1000000000000
END2
expect 0 lspath -AEl hdisk3 -p fscsi1 -a priority -F value
output_is <<<7
queue_depth_is_kept
expect 0 lscfg -vl hdisk3
output_has "0000063268181002"

# Found again it is another path of the same disks, which now goes alone.
expect 0 cfgmgr
[ "$(paths | grep -c Enabled)" = 4 ] || fail "$(paths)"
expect 0 rmdev -dp fscsi0
[ "$(lspath -F parent | sort -u)" = fscsi1 ] || fail "$(paths)"
expect 0 cfgmgr
# A path that is removed by itself is not a place any more, either.
expect 0 rmpath -l hdisk4 -p fscsi1 -d
expect 0 lsdev -Cl hdisk4 -F parent
output_is <<<fscsi0
expect 0 cfgmgr
queue_depth_is_kept

# With one path Defined and the last Available one deleted the disk is Defined, with its values.
expect 0 rmdev -l fscsi0
expect 0 rmdev -Rdl fscsi1
expect 0 lsdev -C -c disk -s fcp -F "name:status:parent"
output_is <<'END2'
hdisk3:Defined:fscsi0
hdisk4:Defined:fscsi0
END2
queue_depth_is_kept
# And with the last path it goes.
expect 1 rmdev -dl fscsi0
error_has "hdisk3"
expect 0 rmdev -Rdl fscsi0
expect 0 lsdev -C -c disk -s fcp
no_output
expect 0 odmget CuPath CuPathAt
no_output
expect 0 odmcfg check
no_output
