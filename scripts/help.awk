# SPDX-License-Identifier: MIT
# make help: the targets of a makefile that have a "## text" behind them
BEGIN {
	FS = ":.*## "
	print "usage: make TARGET [NAME=VALUE ...]\n"
}
/^[a-z-]+:.*## / {
	printf "  %-8s %s\n", $1, $2
}
END {
	print ""
	print "  T       test or pattern, quoted: T='copy*'       SIM     verilator, icarus, direct, systemc, model, all, or a list"
	print "  SEED    first seed, decides everything           SEEDS   how many seeds"
	print "  WAVES   1: an FST of each whole run, 0: none of failures either   J  jobs at once (default: one a core)"
	print "  FILE    input of copy_file                       MEM     memory profile: ideal, typical, slow, torture"
	print "  SAVE    write the steps of a random_* test there  PROGRAM take them from a file that SAVE= has written"
	print "  TIMELINE 1: what software and hardware did, for Perfetto   D  drills by name: D='driver_*'"
	print "  FLIP    pin[bit]@clock: flip an output pin once        V       1: show commands"
	print "  CHANNELS DATA_W STRIP_BYTES BUF_BYTES STRIPS READS DESCS: parameters of the controller"
}
