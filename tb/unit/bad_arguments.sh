#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: bad arguments of make sim are refused with exit status 2 and a text that names the argument, and nothing runs.
# It fails if one is accepted, or refused without saying why.
#
# usage: tb/unit/bad_arguments.sh BENCH    (the build folder of a configuration whose bench-model exists)
set -u
bench=$1
. tb/unit/cases.sh
: >"$work/empty"
touch "$work/secret"
chmod 000 "$work/secret"

# refuses TEXT COMMAND...: exit status 2, and TEXT on standard error
refuses() {
	text=$1
	shift
	"$@" >"$work/out" 2>"$work/err"
	status=$?
	if test $status -eq 2 && grep -qF -- "$text" "$work/err"; then
		right
		return
	fi
	wrong "exit status $status, expected 2 and '$text': $*" "$work/out" "$work/err"
}

run() {
	text=$1
	shift
	refuses "$text" scripts/run --bench "$bench" --sim model "$@"
}

run "T=nope" --test nope
run "did you mean copy_basic" --test copy_basik
run "T=" --test 'x*y'
refuses "SIM=vcs" scripts/run --bench "$bench" --sim vcs --test copy_basic
run "SEED=x" --test copy_basic --seed x
run "SEED=-1" --test copy_basic --seed -1
run "SEED=1.5" --test copy_basic --seed 1.5
run "SEED=99999999999999999999" --test copy_basic --seed 99999999999999999999
run "SEEDS=0" --test copy_basic --seeds 0
run "J=0" --test copy_basic --jobs 0
run "FILE=$work/none: No such file" --test copy_file --plus "file=$work/none"
run "FILE=$work/empty: it is empty" --test copy_file --plus "file=$work/empty"
run "FILE=$work: Is a directory" --test copy_file --plus "file=$work"
if test "$(id -u)" -ne 0; then
	run "FILE=$work/secret: Permission denied" --test copy_file --plus "file=$work/secret"
fi
for switch in COVERAGE FAILED LINUX SANITIZE STOP TIMELINE V WAVES; do
	refuses "$switch=2: 0 or 1" env -u MAKEFLAGS -u MAKEOVERRIDES make sim T=copy_basic SIM=model $switch=2
done
refuses "no test 'nope'" "$bench/bench-model" +test=nope
refuses "no memory profile 'mud'" "$bench/bench-model" +test=copy_basic +mem=mud
refuses "unknown option '+what'" "$bench/bench-model" +test=copy_basic +what
refuses "+seed=<number>" "$bench/bench-model" +test=copy_basic +seed=seven
refuses "FILE=$work/none" "$bench/bench-model" +test=copy_file "+file=$work/none"

# program TEXT LINE...: a program of these lines is refused with TEXT
program() {
	text=$1
	shift
	printf '%s\n' "$@" >"$work/program"
	refuses "$text" "$bench/bench-model" +test=random_lists +seed=2 "+program=$work/program"
}

refuses "PROGRAM=$work/none: No such file" "$bench/bench-model" +test=random_lists "+program=$work/none"
refuses "SAVE=$work/none/x: No such file" "$bench/bench-model" +test=random_lists "+save=$work/none/x"
refuses "test copy_basic is not made of a program" "$bench/bench-model" +test=copy_basic "+save=$work/x"
program "nothing in it"
program "line 1: a program begins with" "append ch=1"
program "line 1: this program belongs to another test or seed: run it with T=random_lists SEED=7" "program random_lists seed=7"
program "line 3: this test has no step 'apend'" "program random_lists seed=2" "# a remark" "apend ch=1"
program "line 2: 'nr=many' needs a whole number" "program random_lists seed=2" "append nr=many"
program "line 2: 'channel=1' should be ch=" "program random_lists seed=2" "append channel=1"
program "line 2: ch=77" "program random_lists seed=2" "append ch=77"

closing 'bad arguments'
