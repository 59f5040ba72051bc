#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: a timeline keeps its format on every simulator, writing it changes nothing of the run, it can be drawn, and the check of
# the format notices what it is there for.
#
# usage: tb/unit/timeline.sh BENCH    (the build folder of a configuration with bench-model and bench-direct)
set -u
bench=$1
. tb/unit/cases.sh
good=$work/good.json

check() {
	want=$1
	text=$2
	shift 2
	"$@" >"$work/out" 2>&1
	if test $? -eq "$want"; then
		right
		return
	fi
	wrong "not so: $text: $*" "$work/out"
}

hash_of() {
	"$@" | sed -n 's/.* hash //p'
}

for sim in model direct; do
	plain=$(hash_of "$bench/bench-$sim" +test=driver_mix)
	traced=$(hash_of "$bench/bench-$sim" +test=driver_mix "+timeline=$good")
	check 0 "$sim: the same pins with and without a timeline" test -n "$plain" -a "$plain" = "$traced"
	check 0 "$sim: the format is kept" scripts/timeline "$good" --check
done
check 0 "it can be drawn" scripts/timeline "$good" --svg "$work/all.svg"
check 0 "a part of it can be drawn" scripts/timeline "$good" --svg "$work/part.svg" --from 300 --to 700
check 0 "the picture is XML" python3 -c \
	"import sys, xml.dom.minidom as m; sys.exit(not m.parse('$work/part.svg').getElementsByTagName('rect'))"
check 2 "a clock behind the end is refused" scripts/timeline "$good" --svg "$work/part.svg" --from 90000000
check 2 "a folder that is not there is refused" scripts/timeline "$good" --svg "$work/none/all.svg"
check 2 "what is no timeline is refused" scripts/timeline "$work/part.svg" --check

# spoil WHAT PATTERN: lines with the pattern go
spoil() {
	grep -v "$2" "$good" >"$work/bad.json"
	check 1 "$1 are missed" scripts/timeline "$work/bad.json" --check
}

spoil "prep calls" '"ph":"s"'
spoil "callbacks" '"ph":"f"'
spoil "ends" '"ph":"E","name":"pqdma'
spoil "arrows of bursts" '"ph":"t".*"pid":[45]'
spoil "interrupts" '"name":"irq"'
spoil "strips" '"name":"channel [0-9]*, [0-9]* bytes"'
spoil "numbers" '"ph":"C"'
sed 's/"ph":"X"/"ph":"Y"/' "$good" >"$work/bad.json"
check 1 "a phase that does not exist is noticed" scripts/timeline "$work/bad.json" --check

closing timeline
