#!/bin/bash
# Options that scripts of real machines pass: with their meaning where there is one here, else accepted.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr

# -g, "also when it is locked": as without it, success and refusal.
expect 0 chdev -l hdisk0 -a queue_depth=20 -g
output_is <<<"hdisk0 changed"
expect 1 chdev -g -l hdisk0 -a queue_depth=none
expect 0 lsattr -El hdisk0 -a queue_depth -F value
output_is <<<20
expect 0 chpath -l hdisk3 -p fscsi0 -a priority=2 -g
output_is <<<"path Changed"
expect 0 lspath -AEl hdisk3 -p fscsi0 -a priority -F value
output_is <<<2
expect 0 rmpath -l hdisk3 -p fscsi1 -d -g
output_is <<<"path Deleted"
expect 1 rmpath -g -l hdisk3 -p fscsi0 -d
error_has "0514-076"
expect 0 rmdev -gdl rmt0
output_is <<<"rmt0 deleted"
expect 1 rmdev -g -l fscsi0
error_has "hdisk3"
# What has no -g there has none here.
expect 2 mkpath -g -l hdisk3 -p fscsi1 -w 500507680130a1b2,0
expect 2 mkdev -g -l hdisk3

# lspath -t and lsdev -x: the listing is that without them.
lspath -l hdisk4 >"$work/plain"
expect 0 lspath -t -l hdisk4
output_is <"$work/plain"
expect 2 lspath -t -F name
lsdev -Cc disk >"$work/plain"
expect 0 lsdev -Cc disk -x
output_is <"$work/plain"
lsdev -Pc disk >"$work/plain"
expect 0 lsdev -x -Pc disk
output_is <"$work/plain"

# cfgmgr -i: device support from a folder, where it is missing.
mkdir "$work/support"
odmcfg schema dump processor/sys/proc_rspc |
	sed 's/"proc_rspc"/"proc_new"/; s/"Processor"/"New Processor"/' >"$work/support/new.cfg"
odmcfg schema dump memory/sys/totmem | sed 's/"Memory"/"Other Memory"/' >"$work/support/mem.cfg"
cat >"$ODMCFG_ROOT/etc/machine.cfg" <<'END'
devices = ( { type = "processor/sys/proc_new"; where = "00-20"; } );
END
expect 1 cfgmgr
error_has "The type processor/sys/proc_new is not in the predefined database"
expect 1 cfgmgr -i "$work/nosuch"
error_has "$work/nosuch: the folder can't be read: No such file or directory"
echo 'class = "x";' >"$work/support/bad.cfg"
expect 1 cfgmgr -i "$work/support"
error_has "bad.cfg"
expect 0 lsdev -Pt proc_new
no_output
rm "$work/support/bad.cfg"
expect 0 cfgmgr -v -i "$work/support"
output_has "1 device types loaded from $work/support"
expect 0 lsdev -Cc processor -t proc_new -F "status description"
output_is <<<"Available New Processor"
# A type that was there is as it was.
expect 0 lsdev -Pt totmem -F description
output_is <<<Memory
expect 0 cfgmgr -i "$work/support"
no_output
