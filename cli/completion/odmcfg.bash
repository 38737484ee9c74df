# Completion for bash: devices, types, attributes and the values they may have, asked of the commands
# themselves. bash-completion loads it by the name of the command that is completed, each of which is a
# link to this file; elsewhere it is sourced.

_odmcfg_devices() { odmcfg lsdev -C "$@" -F name 2>/dev/null; }

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

# Whether a letter is among the options.
_odmcfg_has() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* && ${COMP_WORDS[i]} != --* && ${COMP_WORDS[i]} == *"$1"* ]] && return 0
	done
	return 1
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

# The devices that a command can do something with.
_odmcfg_fitting() {
	case $1 in
	tmsend | tmrecv | tmstat) _odmcfg_devices -c tmscsi -S a ;;
	scsifault) _odmcfg_devices -c adapter -s vbus -t vscsi -S a ;;
	kexstat) odmcfg kexstat -F device 2>/dev/null ;;
	lspath | chpath | mkpath | rmpath) odmcfg lspath -F name 2>/dev/null | sort -u ;;
	mkdev) _odmcfg_devices -S d && _odmcfg_devices -S s ;;
	# Those that are not configured can only be deleted.
	rmdev) _odmcfg_has d && _odmcfg_devices || { _odmcfg_devices -S a && _odmcfg_devices -S s; } ;;
	*) _odmcfg_devices ;;
	esac
}

# Those that can be, or are, parents.
_odmcfg_parents() {
	local subclass
	case $1 in
	lspath | chpath | mkpath | rmpath) odmcfg lspath -F parent 2>/dev/null | sort -u ;;
	mkdev)
		subclass=$(_odmcfg_option -s)
		[ -n "$subclass" ] && odmcfg lsparent -C -k "$subclass" -F name 2>/dev/null || _odmcfg_devices
		;;
	chdev) odmcfg lsparent -C -l "$(_odmcfg_option -l)" -F name 2>/dev/null ;;
	*) odmcfg lsdev -C -F parent 2>/dev/null | grep . | sort -u ;;
	esac
}

# -c, -s, -t: those of the types, or of the devices that there are, with what is chosen already.
_odmcfg_types() {
	local of=-P class subclass
	[ "$1" = lsdev ] && ! _odmcfg_has P && of=-C
	class=$(_odmcfg_option -c) subclass=$(_odmcfg_option -s)
	[ "$2" = class ] && class=
	[ "$2" != type ] && subclass=
	odmcfg lsdev $of ${class:+-c "$class"} ${subclass:+-s "$subclass"} -r "$2" 2>/dev/null
}

_odmcfg_classes() {
	echo PdDv PdAt PdAtXtd PdCn PdPathAt PdKern PdMsg CuDv CuAt CuDep CuDvDr CuVPD CuPath CuPathAt CuRun CuKern \
		Config_Rules
}

_odmcfg_entries() { odmcfg log -n 50 2>/dev/null | sed -n 's/^\([0-9][0-9]*\) .*/\1/p'; }

# The words that may follow the options; "@files" for files.
_odmcfg_operands() {
	case $1 in
	odmget | odmshow) _odmcfg_classes ;;
	odmadd | odmchange | odmcreate | backup | restore | kexcheck | import | export) echo @files ;;
	log | undo | diff) _odmcfg_entries ;;
	scsifault) echo reset fatal cmdfail drop ;;
	help) _odmcfg_commands ;;
	schema)
		case " ${COMP_WORDS[*]:0:COMP_CWORD} " in
		*" dump "*) odmcfg lsdev -P -F class/subclass/type 2>/dev/null ;;
		*" check "* | *" load "*) echo @files ;;
		*) echo check load dump ;;
		esac
		;;
	esac
}

_odmcfg_commands() { odmcfg --help | sed -n 's/^  \([a-z]*\) .*/\1/p'; }

_odmcfg_options() {
	odmcfg help "$1" 2>/dev/null | grep -o -e ' \[\?{\?-[A-Za-z]' -e '--[a-z][a-z-]*' | tr -d ' [{' | sort -u
	echo --help --version
}

# The values of an option of a command; "@files", or "@none" for one that takes no value.
_odmcfg_option_values() {
	case $1:$2 in
	odm*:-o) _odmcfg_classes ;;
	odm*:-q | *:-F | *:-Z | *:-n | *:-i | *:--confirm | *:--bytes | *:--delay | *:--timeout | *:--record | \
		*:--failures | *:--buffer | trace:-j | trcrpt:-d | cfgmgr:-m) ;;
	odm*:-[pch] | chdev:-[PTU]) echo @none ;;
	savebase:-[od] | restbase:-[od] | *:-f | *:--machine | *:--udev | *:--tuned | *:--boot | *:--dds) echo @files ;;
	errpt:-d) echo H S U ;;
	errpt:-T) echo PERM TEMP INFO UNKN ;;
	errpt:-N) odmcfg errpt 2>/dev/null | awk 'NR > 1 { print $5 }' | sort -u ;;
	errpt:-[jJ]) ;;
	kexcheck:-a) ;;
	lsdev:-S) echo defined available stopped ;;
	lspath:-s) echo enabled disabled failed unmapped defined missing available ;;
	chpath:-s) echo enable disable ;;
	cfgmgr:-p) echo 1 2 3 ;;
	cfgmgr:-c) ;;
	cfgmgr:-s) echo @none ;;
	lsdev:-r) echo class subclass type ;;
	lsparent:-k | lsconn:-k) odmcfg lsdev -P -r subclass 2>/dev/null ;;
	*:-w) odmcfg lsconn -p "$(_odmcfg_option -p)" -F connwhere 2>/dev/null ;;
	errpt:-a | lscfg:-p) echo @none ;;
	*:-l | *:-[!-]*l) _odmcfg_fitting "$1" ;;
	*:-p) _odmcfg_parents "$1" ;;
	*:-a | *:-[!-]*a)
		case $1 in
		chdev | mkdev) _odmcfg_attributes | sed -n 's/:True.*/=/p' ;;
		*) _odmcfg_attributes | sed 's/:.*//' ;;
		esac
		;;
	*:--where) _odmcfg_attributes | sed 's/:.*/=/' ;;
	*:-c | *:-[!-]*c) _odmcfg_types "$1" class ;;
	mkdev:-s | lsdev:-s | lsconn:-s | lsattr:-s | chdef:-s) _odmcfg_types "$1" subclass ;;
	*:-t) _odmcfg_types "$1" type ;;
	*) echo @none ;;
	esac
}

_odmcfg_complete() {
	local command=$1 word=$2 before=$3 words=
	COMPREPLY=()
	# bash takes '=' for a word of its own.
	if [ "$before" = = ] || [ "$word" = = ]; then
		[ "$word" = = ] && word= && before=${COMP_WORDS[COMP_CWORD - 1]} ||
			before=${COMP_WORDS[COMP_CWORD - 2]}
		words=$(_odmcfg_values "$before")
	elif [[ $before == -* ]]; then
		words=$(_odmcfg_option_values "$command" "$before")
	else
		words=@none
	fi
	[[ $words == *=* ]] && compopt -o nospace 2>/dev/null
	if [ "$words" = @none ] && [[ $word != -* ]]; then
		words=$(_odmcfg_operands "$command")
		[ -n "$words" ] || words=@none
	fi
	[ "$words" = @none ] && words=$(_odmcfg_options "$command")
	if [ "$words" = @files ]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$word"))
		return
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word"))
}

_odmcfg_command() { _odmcfg_complete "${1##*/}" "$2" "$3"; }

_odmcfg() {
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "$(_odmcfg_commands) --help --version" -- "$2"))
	else
		_odmcfg_complete "${COMP_WORDS[1]}" "$2" "$3"
	fi
}

complete -F _odmcfg odmcfg
complete -F _odmcfg_command lsdev lsattr lsparent lsconn lscfg lspath chdev mkdev rmdev cfgmgr chpath mkpath \
	rmpath rendev chdef genkex odmget odmadd odmchange odmdelete odmcreate odmdrop odmshow savebase restbase \
	prtconf lsslot bootinfo
