#!/bin/bash
# This machine's own adapters, read only: what lsattr shows of their interrupts and of their drivers'
# parameters is what the kernel has. What is written is an interrupt that the kernel lets nobody move.
. "$(dirname "$0")/lib.sh"
[ -d /sys/bus/pci/devices ] || exit 77
expect 0 odmcfg init --host
expect 0 cfgmgr
shown=0
for name in $(lsdev -Cc adapter -F name); do
	os_name=$(lsattr -El "$name" -a os_name -F value) || fail "$name has no os_name"
	place=$(lsdev -l "$name" -F name >/dev/null && odmget -q "name=$name" CuDv | sed -n 's/.*connwhere = "\(.*\)"/\1/p')
	function=/sys/bus/pci/devices/$place
	[ -d "$function/msi_irqs" ] || continue
	for irq in $(ls "$function/msi_irqs" | sort -n); do
		cat "/proc/irq/$irq/smp_affinity_list"
	done >"$work/each"
	if [ "$(sort -u "$work/each" | wc -l)" = 1 ]; then
		sort -u "$work/each"
	else
		paste -sd+ "$work/each"
	fi >"$work/want"
	expect 0 lsattr -El "$name" -a intr_affinity -F value
	diff -u "$work/want" "$work/out" >&2 || fail "interrupts of $name ($os_name)"
	# An equal value is never written: there is nothing to be refused.
	expect 0 chdev -l "$name" -a "intr_affinity=$(cat "$work/want")"
	expect 0 chdev -l "$name" -a intr_affinity=
	shown=$((shown + 1))
	# One that the driver places itself is refused, as the only one that would change.
	managed=
	for irq in $(ls "$function/msi_irqs" | sort -n); do
		now=$(cat "/proc/irq/$irq/smp_affinity_list")
		if [ -z "$managed" ] && [ "$now" != 0 ] && [ "$(stat -c %a "/proc/irq/$irq/smp_affinity_list")" = 444 ]; then
			managed=$irq
			now=0
		fi
		echo "$now"
	done >"$work/asked"
	[ -n "$managed" ] && [ "$(wc -l <"$work/asked")" -gt 1 ] && [ "$(id -u)" -eq 0 ] || continue
	expect 1 chdev -l "$name" -a "intr_affinity=$(paste -sd+ "$work/asked")"
	error_has "the driver itself places interrupt $managed"
	expect 0 lsattr -El "$name" -a intr_affinity -F value
	diff -u "$work/want" "$work/out" >&2 || fail "interrupts of $name after a refusal"
done
# Parameters, by the path that each has in the database.
odmget PdKern | awk '/uniquetype/ {type=$3} /attribute/ {name=$3} /path = "parameters\// {print type, name, $3}' |
	tr -d '"' >"$work/parameters"
while read -r type attribute path; do
	for name in $(odmget -q "PdDvLn=$type and status=1" CuDv | sed -n 's/^\tname = "\(.*\)"/\1/p'); do
		got=$(lsattr -El "$name" -a "$attribute" -F value 2>/dev/null) || continue
		cat /sys/module/*/"$path" 2>/dev/null | grep -qxF -- "$got" || fail "$name $attribute is not $got"
		shown=$((shown + 1))
	done
done <"$work/parameters"
[ $shown -gt 0 ] || exit 77
