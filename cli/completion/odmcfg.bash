# Completion for bash: devices, types, attributes and the values they may have, asked of the commands
# themselves. Found by bash-completion where it is installed; elsewhere it is sourced.

_odmcfg_devices() { odmcfg lsdev -C -F name 2>/dev/null; }

# The value of an option among the words: _odmcfg_option -l
_odmcfg_option() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		"$1") echo "${COMP_WORDS[i + 1]}" && return ;;
		-*"${1#-}") [[ ${COMP_WORDS[i]} != --* ]] && echo "${COMP_WORDS[i + 1]}" && return ;;
		esac
	done
}

# Attributes of the device or type that is named, those that the user may set with "=" behind.
_odmcfg_attributes() {
	local device class subclass type
	device=$(_odmcfg_option -l)
	if [ -n "$device" ]; then
		odmcfg lsattr -E -l "$device" -F 'attribute:user_settable' 2>/dev/null
		return
	fi
	class=$(_odmcfg_option -c) subclass=$(_odmcfg_option -s) type=$(_odmcfg_option -t)
	[ -n "$type" ] && odmcfg lsattr -D -c "$class" -s "$subclass" -t "$type" \
		-F 'attribute:user_settable' 2>/dev/null
}

_odmcfg_values() {
	local device
	device=$(_odmcfg_option -l)
	[ -n "$device" ] && odmcfg lsattr -R -l "$device" -a "$1" 2>/dev/null | grep -v ' (+'
}

_odmcfg_complete() {
	local command=$1 word=$2 before=$3 words=
	COMPREPLY=()
	# bash takes '=' for a word of its own.
	if [ "$before" = = ] || [ "$word" = = ]; then
		[ "$word" = = ] && word= && before=${COMP_WORDS[COMP_CWORD - 1]} ||
			before=${COMP_WORDS[COMP_CWORD - 2]}
		words=$(_odmcfg_values "$before")
	else
		case $before in
		-*l | -p) [ "$command" = lsconn ] && [ "$before" = -l ] || words=$(_odmcfg_devices) ;;
		-a)
			case $command in
			chdev | mkdev)
				words=$(_odmcfg_attributes | sed -n 's/:True.*/=/p')
				compopt -o nospace 2>/dev/null
				;;
			*) words=$(_odmcfg_attributes | sed 's/:.*//') ;;
			esac
			;;
		-*c) words=$(odmcfg lsdev -P -r class 2>/dev/null) ;;
		-s) words=$(odmcfg lsdev -P -r subclass 2>/dev/null) ;;
		-t) words=$(odmcfg lsdev -P -r type 2>/dev/null) ;;
		--where)
			words=$(_odmcfg_attributes | sed 's/:.*/=/')
			compopt -o nospace 2>/dev/null
			;;
		export | import)
			[[ $word != -* ]] && COMPREPLY=($(compgen -f -- "$word")) &&
				{ compopt -o filenames 2>/dev/null; return; } ;;&
		-f | -d | --machine | --udev | --tuned | --boot) compopt -o filenames 2>/dev/null && COMPREPLY=($(compgen -f -- "$word")) && return ;;
		--confirm) ;;
		# Commands without -h print their usage as a mistake.
		*) words=$(odmcfg "$command" -h 2>&1 | grep -o -e ' \[\?{\?-[A-Za-z]' -e '--[a-z][a-z-]*' | tr -d ' [{' | sort -u) ;;
		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word"))
}

_odmcfg_command() { _odmcfg_complete "${1##*/}" "$2" "$3"; }

_odmcfg() {
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "$(odmcfg --help | sed -n 's/^  \([a-z]*\) .*/\1/p')" -- "$2"))
	else
		_odmcfg_complete "${COMP_WORDS[1]}" "$2" "$3"
	fi
}

complete -F _odmcfg odmcfg
complete -F _odmcfg_command lsdev lsattr lsparent lsconn lscfg lspath chdev mkdev rmdev cfgmgr chpath mkpath \
	rmpath rendev chdef prtconf lsslot bootinfo
