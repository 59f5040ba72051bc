#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: a random test that replays the program it has saved does the same in every clock, its steps can be taken away one
# by one, and a failure of the real bench is made small. It fails if a pin hash differs, if a shortened program fails,
# or if what is left of a failure does not fail.
#
# usage: tb/unit/programs.sh BENCH    (the build folder of a configuration whose bench-model and bench-direct exist)
set -u
bench=$1
. tb/unit/cases.sh

verdict() {
	if test "$1" = yes; then
		right
	else
		wrong "$2"
	fi
}

hash_of() {
	"$bench/bench-model" "$@" 2>"$work/err" | sed -n 's/^PASS .* hash \([0-9a-f]*\).*/\1/p'
}

replays() {
	first=$(hash_of "+test=$1" "+seed=$2" "+save=$work/full")
	again=$(hash_of "+test=$1" "+seed=$2" "+program=$work/full" "+save=$work/again")
	same=no
	test -n "$first" && test "$first" = "$again" && cmp -s "$work/full" "$work/again" && same=yes
	verdict $same "$1 seed $2: hash $first, replayed $again, or the replay saves other steps"
}

# Every second step, then every third one alone: still a program of a healthy controller, so it passes
shortened() {
	"$bench/bench-model" "+test=$1" "+seed=$2" "+save=$work/full" >"$work/out" 2>&1
	for n in 2 3; do
		{ head -n 1 "$work/full"; grep -v '^#' "$work/full" | tail -n +2 | awk "NR % $n == 1"; } >"$work/short"
		good=no
		"$bench/bench-model" "+test=$1" "+seed=$2" "+program=$work/short" >"$work/out" 2>&1 && good=yes
		verdict $good "$1 seed $2, one step of $n: $(grep -m1 ^FAIL "$work/out")"
	done
}

# A pin that is flipped late in the run needs only as many steps as keep the run going so long
shrinks() {
	set -- "$bench/bench-direct" "+test=$1" "+seed=$2"
	scripts/shrink --out "$work/small" --runs 60 -- "$@" '+flip=m_axi_wdata[7]@700' >"$work/out" 2>&1
	small=no
	grep -q "steps became" "$work/out" && test "$(grep -vc '^#' "$work/small")" -lt 12 &&
		grep -q "^FAIL .* clock 700: RTL and model differ" "$work/small.log" && small=yes
	verdict $small "$* was not made small: $(cat "$work/out")"
}

for seed in 1 2 3; do
	for test in $("$bench/bench-model" +list | awk -F '\t' '$2 ~ /program/ { print $1 }'); do
		replays "$test" $seed
		shortened "$test" $seed
	done
done
shrinks random_lists 1

closing programs 37
