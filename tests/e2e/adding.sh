#!/bin/bash
# Attributes that add: each change adds one value or takes one away, and every command knows the
# lists.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
one=10.1.1.1,255.255.255.0
two=10.2.2.2,255.255.255.0
three=10.3.3.3,255.255.255.0
last() { odmcfg log -n 1 | sed -n '1s/ .*//p'; }
aliases() { lsattr "${2:--E}" -l "$1" -a alias4 -F value | sort | tr '\n' ' '; }
# stored_are DEVICE VALUE..., running_are DEVICE VALUE...: in whatever order.
are() {
	local option=$1 device=$2
	shift 2
	[ "$(aliases "$device" "$option")" = "$(printf '%s ' "$@")" ] ||
		fail "$device ($option) has $(aliases "$device" "$option"), not $*"
}
stored_are() { are -E "$@"; }
running_are() { are -P "$@"; }
nothing_pending() {
	expect 0 lsattr --pending -l "$1"
	no_output
}

story() {
	# The example: A, then B, both are there; one goes.
	expect 0 chdev -l en0 -a alias4=$one
	expect 0 chdev -l en0 -a alias4=$two
	output_is <<<"en0 changed"
	stored_are en0 $one $two
	running_are en0 $one $two
	nothing_pending en0
	[ "$(odmget -q "name=en0 and attribute=alias4" CuAt | grep -c ':$')" = 2 ] || fail "not two rows"
	entry=$(last)
	expect 0 chdev -l en0 -a alias4=$two
	stored_are en0 $one $two
	[ "$(last)" = "$entry" ] || fail "what changes nothing is in the history"
	expect 1 chdev -l en0 -a delalias4=$three
	error_has "alias4 of en0 has no value $three; it has $one; $two."
	expect 1 chdev -l en0 -a alias4=
	error_has "a value that is not empty"
	expect 0 chdev -l en0 -a delalias4=$one
	stored_are en0 $two
	expect 1 chdev -l en1 -a delalias4=$one
	error_has "it has none"

	# Several in one command, in their order; all or none.
	expect 0 chdev -l en0 -a delalias4=$two -a alias4=$one -a alias4=$three -a mtu=1400
	stored_are en0 $one $three
	expect 1 chdev -l en0 -a alias4=$two -a delalias4=$two -a delalias4=$two
	error_has "has no value $two"
	stored_are en0 $one $three
	expect 0 chdev -l en0 -a alias4=$two -a delalias4=$two
	stored_are en0 $one $three
	expect 0 chdev -l en0 -a delalias4=$one -a delalias4=$three -a mtu=1500 -a alias6=fe80::1/64
	stored_are en0 ""
	expect 0 chdev -l en0 -a delalias6=fe80::1/64
	expect 0 odmget -q "name=en0" CuAt
	no_output
}
story
ODMCFG_EXEC_METHODS=1 story

# The listings.
expect 0 chdev -l en0 -a alias4=$one -a alias4=$two
expect 0 lsattr -El en0
head -3 "$work/out" >"$work/head"
diff -u - "$work/head" <<END || fail "the listing"
alias4        $one IPv4 Alias including Subnet Mask           True
alias4        $two IPv4 Alias including Subnet Mask           True
alias6                               IPv6 Alias including Prefix Length         True
END
grep -q delalias "$work/out" && fail "what takes away is listed"
expect 0 lsattr -El en0 -a delalias4:alias4 -F attribute:value
output_is <<END
delalias4:
alias4:$one
alias4:$two
END
expect 0 lsattr -El en0 -a alias4 -O
output_is <<END
#alias4:alias4
$one:$two
END
expect 0 lsattr -El en0 -a alias4 -a alias6 -a mtu -F 'attribute value' --json
output_is <<END
[{"attribute": "alias4", "value": ["$one", "$two"]},
{"attribute": "alias6", "value": []},
{"attribute": "mtu", "value": "1500"}]
END
expect 0 lsattr -El en0 --diff -F attribute:value
output_is <<END
alias4:$one
alias4:$two
END
expect 0 lsattr -Dl en0 -a alias4 -F attribute:deflt
output_is <<<"alias4:"
expect 0 chdev -l en0 -a alias4=$three
expect 0 lsattr -El en0 --origin -a alias4 -F value=command
output_is <<END
$one=chdev -l en0 -a alias4=$one -a alias4=$two
$two=chdev -l en0 -a alias4=$one -a alias4=$two
$three=chdev -l en0 -a alias4=$three
END
expect 0 lsattr -El en0 --origin -a alias4 -F 'value command' --json
output_has '"command": ["chdev -l en0 -a alias4='

# Before it is done: what comes and what goes.
expect 0 chdev --dry-run -l en0 -a delalias4=$one -a alias4=$two -a alias4=10.4.4.4,0 -F attribute:value:new
output_is <<END
alias4:$one:
alias4::10.4.4.4,0
END
stored_are en0 $one $two $three
expect 1 chdev --dry-run -l en0 -a delalias4=10.4.4.4,0
error_has "it has $one; $two; $three."

# For the next configuration, and for the device alone.
expect 0 chdev -l en0 -P -a delalias4=$one -a alias4=10.4.4.4,0
stored_are en0 $two $three 10.4.4.4,0
running_are en0 $one $two $three
expect 0 lsattr --pending -l en0 -F attribute:value:running
output_is <<END
alias4:10.4.4.4,0:
alias4::$one
END
expect 0 lsattr --pending -l en0 -F 'value running' --json
output_is <<<"[{\"value\": [\"10.4.4.4,0\"], \"running\": [\"$one\"]}]"
# What waits is added now, though it is stored already.
expect 0 chdev --dry-run -l en0 -a alias4=10.4.4.4,0 -F attribute:value:new
output_is <<END
alias4:$one:
alias4::10.4.4.4,0
END
expect 0 chdev -l en0 -a alias4=10.4.4.4,0
running_are en0 $two $three 10.4.4.4,0
nothing_pending en0
expect 0 chdev -l en0 -T -a delalias4=$two -a alias4=$one
stored_are en0 $two $three 10.4.4.4,0
running_are en0 $one $three 10.4.4.4,0
expect 1 chdev -l en0 -T -a delalias4=$two
error_has "has no value $two"
expect 0 rmdev -l en0
expect 0 mkdev -l en0
running_are en0 $two $three 10.4.4.4,0

# Taken back in any order, in the device, too.
expect 0 chdev -l en0 -a delalias4=$two -a delalias4=10.4.4.4,0
expect 0 chdev -l en0 -a alias4=$one
added=$(last)
expect 0 chdev -l en0 -a alias4=$two
expect 0 odmcfg undo "$added"
stored_are en0 $two $three
running_are en0 $two $three
nothing_pending en0
expect 0 odmcfg undo "$(last)"
stored_are en0 $one $two $three
running_are en0 $one $two $three
expect 0 chdev -l en0 -a delalias4=$one
gone=$(last)
expect 0 chdev -l en0 -a alias4=$one
# A value twice is no state to go back to.
expect 1 odmcfg undo "$gone"
stored_are en0 $one $two $three
expect 0 odmcfg check
no_output

# Several devices: all or none, each from its own list.
expect 0 chdev -l 'en[0-9]' -a alias4=$one
stored_are en0 $one $two $three
stored_are en1 $one
expect 1 chdev -l 'en[0-9]' -a delalias4=$two
error_has "alias4 of en1 has no value $two; it has $one."
stored_are en0 $one $two $three
printf '#!/bin/sh\nexit 7\n' >"$work/chgno"
chmod 755 "$work/chgno"
odmget -q uniquetype=if/LO/lo PdDv | sed "s|Change = .*|Change = \"$work/chgno\"|" >"$work/lo"
expect 0 odmchange -o PdDv -q uniquetype=if/LO/lo "$work/lo"
expect 1 chdev -l '[el][no]0' -a alias4=$two -a delalias4=$two -a alias4=10.5.5.5,0
error_has "en0 has its old values again"
stored_are en0 $one $two $three
running_are en0 $one $two $three

# More than can be noted of a device is refused, and nothing is changed.
many=()
for i in {1..250}; do many+=(-a "alias6=2001:db8:0:0:0:0:$i:1/64,something-long"); done
expect 1 chdev -l en0 "${many[@]}"
error_has "en0: the values of all its attributes are too long to be noted together."
stored_are en0 $one $two $three
expect 0 lsattr -El en0 -a alias6 -F value
output_is <<<""

# A new device begins with them; routes are such, too.
expect 0 rmdev -dl en1
expect 0 mkdev -c if -s EN -t en -l en1 -p ent1 -w 0 -a alias4=$one -a alias4=$two
stored_are en1 $one $two
running_are en1 $one $two
route=net,-hopcount,0,,0
expect 0 chdev -l inet0 -a route=$route,192.168.1.1 -a route=$route,192.168.1.2
expect 0 chdev -l inet0 -a delroute=$route,192.168.1.1
expect 0 lsattr -El inet0
output_is <<END
hostname                                Host Name True
route    $route,192.168.1.2 Route     True
END

# Several values are no damage; one twice is, and so is one of the attribute that takes away.
expect 0 odmcfg check
no_output
{
	odmget -q "name=en1 and attribute=alias4" CuAt
	printf 'CuAt:\n\tname = en1\n\tattribute = delalias4\n\tvalue = x\n\trep = sm\n'
	printf 'CuAt:\n\tname = en1\n\tattribute = alias6\n\tvalue = ""\n\trep = sm\n'
} | odmadd || fail odmadd
expect 1 odmcfg check
[ "$(grep -c "the device has it once already" "$work/out")" = 2 ] || fail "$(cat "$work/out")"
output_has "the attribute takes values away and has none"
output_has "a value that is not empty"
expect 0 odmcfg check --repair
expect 0 odmcfg check
stored_are en1 $one $two

# A value from before the attribute added is one of its values.
expect 0 chdev -l en1 -a delalias4=$two
odmget -q "name=en1 and attribute=alias4" CuAt | sed 's/rep = .*/rep = "s"/' >"$work/old"
expect 0 odmchange -o CuAt -q "name=en1 and attribute=alias4" "$work/old"
expect 0 lsattr -El en1 -a alias4 -F value --json
output_is <<<"[{\"value\": [\"$one\"]}]"
expect 0 chdev -l en1 -a alias4=$two
stored_are en1 $one $two

# A schema that is dumped loads the same, and says which takes away.
before=$(last)
for type in if/EN/en if/EN/et if/LO/lo tcpip/TCPIP/inet; do
	expect 0 odmcfg schema dump $type
	output_has "removes = "
	cp "$work/out" "$work/dump.cfg"
	odmget -q uniquetype=$type PdAt >"$work/attributes"
	expect 0 odmcfg schema load "$work/dump.cfg"
	odmget -q uniquetype=$type PdAt | cmp - "$work/attributes" || fail "$type is not the same"
done

# A repository that is older than inet0's type does without it.
expect 0 rmdev -dl inet0
expect 0 odmdelete -o PdDv -q uniquetype=tcpip/TCPIP/inet
expect 0 cfgmgr
expect 0 lsdev -l inet0
no_output
