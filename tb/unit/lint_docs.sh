#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: scripts/lint_docs.py is silent about the documents as they are, and finds each fault that is planted in a copy of them.
# It fails if one is not found, or found and not named.
set -u
cd "$(dirname "$0")/../.."
. tb/unit/cases.sh
ln -s "$PWD/scripts" "$PWD/tb" "$work"

# finds TEXT FILE SED: with FILE changed by the sed script, TEXT is said and the exit status is 1; without a script all is well
finds() {
	rm -rf "$work/docs"
	cp -r docs "$work/docs"
	sed -i "$3" "$work/docs/$2"
	want=1
	if test -z "$3"; then
		want=0
	elif cmp -s "docs/$2" "$work/docs/$2"; then
		echo "nothing was planted in docs/$2: $3"
	fi
	python3 -B scripts/lint_docs.py "$work" >"$work/out" 2>&1
	status=$?
	if test $status -eq $want && grep -qF -- "$1" "$work/out"; then
		right
		return
	fi
	wrong "exit status $status, expected $want and '$1' after $3 in docs/$2" "$work/out"
}

finds "ok    docs/lessons.md" lessons.md ""
finds "there is no test list_groop" lessons.md 's/list_groups/list_groop/'
finds "names no test" lessons.md 's/| slave_tx slave_rx width_pairs |/| |/'
finds "remove it from EXEMPT" lessons.md 's/^Each row is a defect/A row is a defect/'
finds "no test was found in it" lessons.md '/^|/d'
finds "ok    docs/spec.md" spec.md ""
finds "names no test: end it" spec.md '/^A flag that has no/s/ \[tests: .*//'
finds "names no test: end it" timing.md '/^- Completion in 10/s/ \[tests: .*//'
finds "there is no test test_model_list:promised_clock" timing.md 's/:promised_clocks/:promised_clock/'
finds "there is no test scripts/configured" spec.md 's,scripts/configs,scripts/configured,'
finds "test copy_basic has no line" testplan.md 's/`copy_basic`//'
finds "group copy_lanes of coverage points stands in no row" testplan.md 's/| `copy_lanes` |$/| |/'
finds "there is no group copy_lames" testplan.md 's/| `copy_lanes` |$/| `copy_lanes` `copy_lames` |/'
finds "no group of coverage points was found" testplan.md 's/| coverage |$/|/'
finds "there is no test copy_basik" testplan.md 's/`copy_basic`/`copy_basic` `copy_basik`/'

closing documents
