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

# Beside devices: classes, entries, events, files, and options from each command's own help.
completes "CuDv CuDvDr" _odmcfg_command odmget CuDv
completes "PdDv" _odmcfg_command odmdelete -o PdDv
completes "reset" _odmcfg odmcfg scsifault -l scsi0 re
completes "dump" _odmcfg odmcfg schema du
completes "disk/sas/scsd" _odmcfg odmcfg schema dump disk/sas/sc
completes "lsdev" _odmcfg odmcfg help lsd
completes "12" _odmcfg odmcfg undo 12
completes "available" _odmcfg_command lsdev -S av
completes "disable" _odmcfg_command chpath -l hdisk3 -s di
completes "--json" _odmcfg odmcfg log --js
completes "--all" _odmcfg_command odmdelete --a
completes "--json" _odmcfg_command genkex --j
completes "--help" _odmcfg_command savebase --he
completes "--version" _odmcfg_command restbase --ve
completes "$work/out" _odmcfg_command restbase -o "$work/ou"
completes "$work/out" _odmcfg odmcfg init --machine "$work/ou"
completes "$work/out" _odmcfg odmcfg backup "$work/ou"
for command in $(odmcfg --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	completes "--version" _odmcfg odmcfg "$command" --vers
done

# Only devices that fit: those with paths, those to be configured, parents of the kind.
completes "hdisk3 hdisk4" _odmcfg_command lspath -l ""
completes "fscsi0 fscsi1" _odmcfg_command rmpath -p ""
completes "sissas0" _odmcfg_command mkdev -c disk -s sas -t scsd -p ""
completes "" _odmcfg_command mkdev -l hd
expect 0 rmdev -l hdisk0
completes "hdisk0" _odmcfg_command mkdev -l hd
completes "hdisk1" _odmcfg_command rmdev -l hdisk1
completes "" _odmcfg_command rmdev -l hdisk0
completes "hdisk0" _odmcfg_command rmdev -dl hdisk0
completes "scsd" _odmcfg_command lsdev -C -c disk -s sas -t ""

# bash-completion loads it by the name of each command.
for command in odmcfg lsdev lsattr chdev odmget odmshow savebase restbase genkex; do
	[ -s "$stage/share/bash-completion/completions/$command" ] || fail "no completion is found for $command"
done
for command in "$(realpath "$stage")"/libexec/odmcfg/*; do
	[ -s "$stage/share/bash-completion/completions/${command##*/}" ] || fail "no completion is found for $command"
done
if [ -f /usr/share/bash-completion/bash_completion ]; then
	XDG_DATA_DIRS=$(realpath "$stage")/share bash --norc -c '. /usr/share/bash-completion/bash_completion
		for command in lsattr odmcfg savebase; do
			_completion_loader $command; complete -p $command; complete -r; done' >"$work/loaded" 2>/dev/null
	for command in lsattr odmcfg savebase; do
		grep -q "complete -F _odmcfg.* $command$" "$work/loaded" || fail "not loaded for $command: $(cat "$work/loaded")"
	done
fi

# The simulated machine: target mode and its adapters.
rm -r "${ODMCFG_ROOT:?}"
expect 0 odmcfg init
expect 0 cfgmgr
completes "tmscsi0 tmscsi1" _odmcfg odmcfg tmsend -l ""
completes "tmscsi0 tmscsi1" _odmcfg odmcfg tmstat -l tm
completes "scsi0 scsi1" _odmcfg odmcfg scsifault -l ""
completes "tmscsi1.im tmscsi1.tm" _odmcfg odmcfg kexstat -l tmscsi1
expect 0 odmcfg kexd --stop --force

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
