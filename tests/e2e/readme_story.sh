#!/bin/bash
# README's second story, word for word from its text: each line is typed as it is printed, in one shell,
# in a clone whose installed tree is where "By hand" puts it. Lines with "# refused" have to fail, all
# others to succeed; what is printed below a line has to appear.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
source_tree=$(cd "$(dirname "$0")/../.." && pwd)
export HOME=$work/home
stage=$(realpath "$stage")
mkdir "$HOME" "$work/clone"
ln -s "$stage" "$HOME/odmcfg"
ln -s "$source_tree/docs" "$work/clone/docs"
cd "$work/clone" || exit 1
unset ODMCFG_ROOT
# Without FUSE there are no device files.
has_fuse=$([ -w /dev/fuse ] && command -v fusermount3 >/dev/null && echo yes)

# The lines of one part that are indented.
lines_of() { sed -n "/^$1/,/^$2/s/^    //p" "$source_tree/README.md"; }

settled() { [ "$(counter tmscsi1.tm open)" = 1 ] && [ "$(counter tmscsi0.im waits)" -gt 0 ]; }

# What stands for the time that a reader needs: until the next line is typed, what was started runs.
settle() {
	case $1 in
	*tmsend*) await settled ;;
	*SEGV*) await grep -q KEX_CRASH "$ODMCFG_ROOT/log/kexd.log" ;;
	esac
}

# What each line prints is kept: what runs in the background goes on printing.
shown=$work/shown.0
number=0
type_line() {
	local line=$1 status
	number=$((number + 1))
	shown=$work/shown.$number
	case $line in
	"odmcfg tmstat -i"*)
		# It goes on until q.
		timeout 3 bash -c "$line" >"$shown" 2>&1
		status=$?
		[ $status -eq 124 ] && status=0
		;;
	*)
		eval "$line" >"$shown" 2>&1
		status=$?
		;;
	esac
	case $line in
	*"# refused"*) [ $status -ne 0 ] || fail "not refused: $line: $(cat "$shown")" ;;
	# Told what was meant.
	*"did you mean"*) grep -q "did you mean" "$shown" || fail "$line: $(cat "$shown")" ;;
	*) [ $status -eq 0 ] || fail "exit status $status: $line: $(cat "$shown")" ;;
	esac
	case $line in *"&") settle "$line" ;; *SEGV*) settle "$line" ;; esac
}

lines_of 'By hand' 'The installed tree' | grep -v '^cmake' >"$work/by_hand"
grep -q ODMCFG_ROOT "$work/by_hand" || fail "By hand names no root"
lines_of '## The simulation' '## What is where' >"$work/story"
[ "$(grep -c . "$work/story")" -gt 40 ] || fail "the story is not found in README.md"
grep -q 'rmdev -Rl' "$work/story" || fail "the story has no rmdev"
# The target that the story finds at the port that it names.
port=3260
make_unit 1 64M
start_target
trap 'status=$?; kill -9 $tgt_process; odmcfg devfs --unmount >/dev/null 2>&1; odmcfg kexd --stop --force >/dev/null 2>&1
	rm -rf "$work"; exit $status' EXIT
while IFS= read -r line <&3; do
	case $line in
	'') continue ;;
	'#'*)
		# What was started a line before says this meanwhile.
		printed() { grep -qF "${line#\# }" "$work"/shown.*; }
		await printed
		continue
		;;
	*devfs* | dd*) [ -n "$has_fuse" ] || continue ;;
	esac
	type_line "$line"
done 3< <(cat "$work/by_hand" "$work/story")
[ -z "$has_fuse" ] || grep -qx hello "$work"/shown.* || fail "dd has not got what echo sent"
[ "$(lsdev -Cc processor | wc -l)" -gt 0 ] || fail "the whole server has no processors"
