#!/bin/bash
# Completion: bash's function is asked as bash asks it, zsh's file is at least one that zsh accepts.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
# shellcheck disable=SC1091
. "$stage/share/bash-completion/completions/odmcfg"

# completes WANTED FUNCTION WORD...: the last word is being typed.
completes() {
	local wanted=$1 function=$2
	shift 2
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	$function "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
	[ "${COMPREPLY[*]}" = "$wanted" ] || fail "$*: '${COMPREPLY[*]}', should be '$wanted'"
}
completes "chdev chpath chdef check" _odmcfg odmcfg ch
completes "sissas0" _odmcfg_command lsattr -El sis
completes "fcs0 fcs1" _odmcfg odmcfg rmdev -l fcs
completes "queue_depth=" _odmcfg_command chdev -l hdisk0 -a queue
completes "" _odmcfg_command chdev -l hdisk0 -a size_
completes "size_in_mb" _odmcfg_command lsattr -E -l hdisk0 -a size_
completes "none simple ordered" _odmcfg_command chdev -l hdisk0 -a q_type =
completes "simple" _odmcfg_command chdev -l hdisk0 -a q_type = si
completes "processor" _odmcfg_command lsdev -Cc proc
completes "mpioosdisk" _odmcfg_command mkdev -c disk -s fcp -t mpio
completes "reserve_policy=" _odmcfg_command mkdev -c disk -s fcp -t mpioosdisk -a reserve
completes "queue_depth=" _odmcfg_command chdev -l hdisk0 --where queue
completes "--dry-run" _odmcfg odmcfg import --dr
completes "--pending" _odmcfg_command lsattr --pe
completes "drift" _odmcfg odmcfg dr
completes "apply" _odmcfg odmcfg app
completes "confirm" _odmcfg odmcfg conf
completes "--confirm" _odmcfg_command chdev --co
completes "--force" _odmcfg_command chdev --fo
completes "" _odmcfg_command chdev --confirm 6
completes "--host" _odmcfg odmcfg init --ho
completes "sissas0" _odmcfg odmcfg drift -l sis

# This machine's own devices: the kernel's values.
. "$(dirname "$0")/made_tree.sh"
make_tree "$work/sys"
echo "host = \"$tree\";" >"$work/machine.cfg"
rm -r "$ODMCFG_ROOT"
expect 0 odmcfg init --machine "$work/machine.cfg"
expect 0 cfgmgr
completes "none mq-deadline kyber bfq" _odmcfg_command chdev -l hdisk0 -a scheduler =
completes "rx_ring=" _odmcfg_command chdev -l ent0 -a rx
if command -v zsh >/dev/null; then
	expect 0 zsh -n "$stage/share/zsh/site-functions/_odmcfg"
fi
