#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is proved: the files and flags of docs/systemc.md are all that a platform needs to build and run pqdma_tlm, as the model and as
# the loosely timed body. It fails if one is missing, or if the copy that the platform makes does not arrive.
#
# usage: tb/systemc/take_away.sh
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
built=0

# take BODY HEADER FLAGS LINK FILES...: build and run minimal.cpp in a folder that has nothing but these files
take() {
	body=$1 header=$2 flags=$3 link=$4
	shift 4
	mkdir -p "$work/$body"
	cp tb/systemc/example/minimal.cpp tb/systemc/pqdma_tlm.h tb/systemc/pqdma_tlm.cpp model/*.h regs/gen/*.h "$@" "$work/$body"
	cd "$work/$body"
	for file in *.c; do
		gcc -std=gnu11 -O1 -c "$file"
	done
	g++ -std=gnu++17 -O1 "-DPQDMA_BODY=$body" "-DPQDMA_BODY_HEADER=\"$header\"" $flags ./*.cpp ./*.o $link -o platform
	SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 ./platform
	built=$((built + 1))
	cd "$top"
}

pins="pqdma_tlm_model.h pqdma_tlm_model.cpp pqdma_tlm_pins.h pqdma_tlm_pins.cpp axi_transactor.h axi_transactor.cpp"
fast="pqdma_tlm_fast.h pqdma_tlm_fast.cpp pqdma_fast_channel.h pqdma_fast_channel.cpp"
take pqdma_tlm_model pqdma_tlm_model.h "" -lsystemc $(printf 'tb/systemc/%s ' $pins) model/pqdma*.c
take pqdma_tlm_fast pqdma_tlm_fast.h -DPQDMA_BODY_PERIOD "-lsystemc -lisal" $(printf 'tb/systemc/%s ' $fast) model/oracle*.c
echo "take away: $built bodies built and run"
test $built -eq 2
