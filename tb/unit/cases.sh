# SPDX-License-Identifier: MIT
#
# For the shell tests of this folder, which source it: a folder for their files, and a count of what was right and what was not.
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

right() {
	passed=$((passed + 1))
}

# wrong TEXT [FILE...]: with the last lines of the files
wrong() {
	failed=$((failed + 1))
	echo "$1"
	shift
	test $# -eq 0 || tail -qn 3 "$@" | cut -c1-200 | sed 's/^/    /'
}

# closing NAME [LEAST]: the last line of a test, and its exit status; so many cases there were at least
closing() {
	echo "$1: $passed right, $failed wrong"
	test $failed -eq 0 && test $passed -ge "${2:-1}"
}
