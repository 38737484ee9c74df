# Sourced by tests that run what a document prints.

# play <LINES: those that begin with "$ " are commands, which have to succeed; the lines behind one are
# lines of what it prints, in their order, between others or not.
play() {
	local line command=
	: >"$work/wanted"
	while IFS= read -r line || [ -n "$line" ]; do
		if [ "${line#\$ }" != "$line" ]; then
			play_command "$command"
			command=${line#\$ }
			: >"$work/wanted"
		elif [ -n "$line" ]; then
			printf '%s\n' "$line" >>"$work/wanted"
		fi
	done
	play_command "$command"
}

play_command() {
	local command=$1 status=0
	[ -n "$command" ] || return 0
	eval "$command" </dev/null >"$work/shown" 2>&1 || status=$?
	# That there is drift is said by the exit status, too.
	[ "$command" != "${command#odmcfg drift}" ] && [ $status -eq 1 ] && status=0
	[ $status -eq 0 ] || fail "exit status $status: $command: $(cat "$work/shown")"
	# Indented or not.
	awk '{ sub(/^[ \t]+/, "") } FILENAME == ARGV[1] { want[++count] = $0; next } $0 == want[at + 1] { at++ }
		END { if (at < count) { print "not printed: " want[at + 1]; exit 1 } }' \
		"$work/wanted" "$work/shown" >&2 || fail "$command printed: $(cat "$work/shown")"
}
