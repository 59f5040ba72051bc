#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: a run that fails leaves the waves of its last clocks, up to the failing one, on every simulator, whether it is repeated
# from a snapshot or from its beginning; a run that passes leaves no file; and no process is left behind, even by a run that is killed.
#
# usage: tb/unit/failure_waves.sh BENCH    (the build folder of a configuration with the benches of all simulators)
set -u
bench=$1
. tb/unit/cases.sh
fst=$work/failure.fst

check() {
	text=$1
	shift
	if "$@"; then
		right
		return
	fi
	wrong "not so: $text" "$work/out"
}

# run SIM OPTION...
run() {
	sim=$1
	shift
	rm -f "$fst"
	if test "$sim" = icarus; then
		vvp -n "-M$bench/icarus" -mtb_vpi "$bench/icarus/tb_top.vvp" -fst "$@" "+failure_waves=$fst" >"$work/out" 2>&1
	else
		"$bench/bench-$sim" "$@" "+failure_waves=$fst" >"$work/out" 2>&1
	fi
}

# how many processes have the name of the waves among their arguments; the brackets keep grep from finding itself
pattern=$(echo "$work" | sed 's/.$/[&]/')
ours() {
	grep -la "$pattern" /proc/[0-9]*/cmdline 2>/dev/null | wc -l
}

nobody_is_left() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		test "$(ours)" -eq 0 && return
		sleep 0.1
	done
	return 1
}

# fails SIM CLOCKS OPTION...: the report names the waves of these clocks, and they are there
fails() {
	sim=$1
	clocks=$2
	shift 2
	run "$sim" "$@"
	check "$sim $*: exit status 1" test $? -eq 1
	check "$sim $*: waves of clocks $clocks" grep -q "^waves: $fst, clocks $clocks\$" "$work/out"
	check "$sim $*: a file" test -s "$fst"
	if command -v fst2vcd >/dev/null; then
		ns=$(fst2vcd -f "$fst" 2>/dev/null | awk '/^\$timescale/ { getline; unit = /ps/ ? 1000 : 1 }
			/^#/ { at = substr($0, 2) } END { printf "%d", at / unit }')
		edge=${clocks#* to }	# at 10 ns each
		check "$sim $*: the waves end at edge $edge, not at $ns ns" \
			test "$ns" -ge $((edge * 10 - 5)) -a "$ns" -le $((edge * 10 + 10))
	fi
	check "$sim $*: nobody is left" nobody_is_left
}

for sim in direct verilator systemc icarus; do
	fails $sim "0 to 100" +test=copy_basic '+flip=m_axi_awvalid@100'
done
fails model "0 to 300" +test=copy_basic +max_clocks=300
for sim in direct verilator systemc; do
	fails $sim "190001 to 210001" +test=measure_sums '+flip=m_axi_awvalid@210001'
done
fails model "250000 to 270000" +test=measure_sums +max_clocks=270000
fails icarus "11000 to 21000" +test=copy_file '+flip=m_axi_awvalid@21000'

run direct +test=measure_sums
check "measure_sums passes" test $? -eq 0
check "a run that passes leaves no file" test ! -e "$fst"
check "a run that passes leaves nobody" nobody_is_left

"$bench/bench-direct" +test=measure_sums +seed=2 "+failure_waves=$fst" >"$work/out" 2>&1 &
killed=$!
# It is not among ours before its program has begun; one that has ended is a zombie
while test "$(ours)" -lt 2 && grep -q '^State:.[RSD]' "/proc/$killed/status" 2>/dev/null; do
	sleep 0.01
done
check "there is a snapshot to be killed" test "$(ours)" -gt 1
kill -9 $killed
wait $killed 2>/dev/null
check "a run that is killed leaves nobody" nobody_is_left

closing 'waves of failures'
