# SPDX-License-Identifier: MIT
"""Documents and tests: every promise names a test that exists. Run by scripts/lint; prints "ok" or "FAIL" and the name for each rule.

usage: lint_docs.py [FOLDER]    the top folder of a checkout, default this one

In PROMISING documents each paragraph, item of a list and table names its tests:

	What is promised. [tests: copy_basic, tail_race]

A paragraph of its own, [tests: ...], speaks for the whole table or list before it; a table with a column "tests" names them in each row.
A name is a test of tb/tests, a unit program (test_model_list) or one of its functions (test_model_list:promised_clocks), or
the path of a script (scripts/lint). x_* stands for all tests whose names begin so. Paragraphs that promise nothing are in EXEMPT.
"""
import glob
import os
import re
import sys

PROMISING = ("docs/spec.md", "docs/timing.md", "docs/lessons.md", "docs/traps.md")
TESTPLAN = "docs/testplan.md"
TESTS = re.compile(r"\[tests: ([^\]]*)\]$")
ITEM = re.compile(r" *(-|[0-9]+b?\.) ")

# How each paragraph begins that promises nothing: it introduces, names or defines. One that no paragraph begins with is an error.
EXEMPT = {
	"docs/traps.md": [
		"Each row is a rule of Linux",
		"Each was in a driver of Linux",
		"What is not seen:",
	],
	"docs/spec.md": [
		"This is the behaviour of the whole controller",
	],
	"docs/timing.md": [
		"`spec.md` says what the controller does",
		"Derived constants:",
		"In one tick, later rules win",
		"One of these in a tick",
		"Per channel (`pqdma_list`):",
		"Registers: `state`",
		"Registers: arbiter;",
		"Registers: AR output",
	],
	"docs/lessons.md": [
		"Each row is a defect or a complaint",
	],
}


class Names:
	"""Everything that a document may name as a test."""

	def __init__(self, top):
		self.top = top
		self.tests, self.groups = set(), set()
		for path in glob.glob(f"{top}/tb/tests/*.c"):
			self.tests.update(re.findall(r"^TEST\((\w+),", read(path), re.M))
			self.groups.update(re.findall(r"^COVER\((\w+),", read(path), re.M))
		self.units = {}
		for path in glob.glob(f"{top}/tb/unit/test_*.c"):
			self.units[os.path.basename(path)[:-2]] = self.functions(path)

	def functions(self, path):
		"""The test functions of a unit program, those of its own headers too."""
		text = read(path)
		found = set(re.findall(r"^static void (\w+)\(void \*\*", text, re.M))
		for header in re.findall(r'^#include "(test_\w+\.h)"', text, re.M):
			found |= self.functions(os.path.join(os.path.dirname(path), header))
		return found

	def known(self, name):
		if name.endswith("*"):
			return any(test.startswith(name[:-1]) for test in self.tests)
		if "/" in name:
			return os.path.isfile(os.path.join(self.top, name))
		unit, _, function = name.partition(":")
		return name in self.tests or (unit in self.units and (not function or function in self.units[unit]))


class Block:
	"""Lines between empty lines: a paragraph, a list or a table, and the number of its first line."""

	def __init__(self, number, lines):
		self.number = number
		self.lines = lines

	def text(self):
		return " ".join(line.strip() for line in self.lines)

	def is_table(self):
		return self.lines[0].startswith("|")

	def items(self):
		"""(number, text) of each item of a list, or of the whole block."""
		if not ITEM.match(self.lines[0]):
			return [(self.number, self.text())]
		starts = [i for i, line in enumerate(self.lines) if ITEM.match(line)]
		ends = starts[1:] + [len(self.lines)]
		return [(self.number + a, " ".join(line.strip() for line in self.lines[a:z])) for a, z in zip(starts, ends)]

	def rows(self):
		"""(number, text of the cell "tests") of each row of a table that has that column."""
		cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in self.lines]
		if "tests" not in cells[0]:
			return None
		column = cells[0].index("tests")
		return [(self.number + i, row[column]) for i, row in enumerate(cells) if i > 1]


def read(path):
	with open(path, encoding="utf-8") as f:
		return f.read()


def blocks_of(path):
	blocks, lines, first = [], [], 0
	for number, line in enumerate(read(path).split("\n") + [""], 1):
		if line.strip() and not line.startswith("#"):
			first = first if lines else number
			lines.append(line.rstrip())
		elif lines:
			blocks.append(Block(first, lines))
			lines = []
	return blocks


def unknown(names, listed, number):
	"""Complaints about a list of names, of which there must be one at least."""
	found = [name for name in re.split(r"[,\s`]+", listed) if name]
	if not found:
		yield number, "names no test: name one, or write one"
	for name in found:
		if not names.known(name):
			yield number, f"there is no test {name}"


def check_block(names, block, after):
	"""Complaints about a block; after is the block behind it."""
	rows = block.rows() if block.is_table() else None
	if rows is not None:
		for number, listed in rows:
			yield from unknown(names, listed, number)
		return
	spoken_for = after is not None and TESTS.fullmatch(after.text())
	for number, text in block.items():
		if said := TESTS.search(text):
			yield from unknown(names, said.group(1), number)
		elif not spoken_for:
			yield number, "names no test: end it with [tests: ...], or put it into EXEMPT if it promises nothing"


def check_promises(names, path, exempt):
	blocks = blocks_of(os.path.join(names.top, path))
	used = set()
	for i, block in enumerate(blocks):
		begins = [e for e in exempt if block.text().startswith(e)]
		used.update(begins)
		if not begins:
			for number, text in check_block(names, block, blocks[i + 1] if i + 1 < len(blocks) else None):
				yield path, number, text
	for e in exempt:
		if e not in used:
			yield path, 1, f"no paragraph begins with '{e}': remove it from EXEMPT in scripts/lint_docs.py"
	named = any(TESTS.search(text) for block in blocks for _, text in block.items())
	if not named and not any(block.is_table() and block.rows() for block in blocks):
		yield path, 1, "no test was found in it: was its form changed?"


def check_testplan(names):
	"""Every test has its line, and every line of a table of tests has tests."""
	said = set()
	for block in blocks_of(os.path.join(names.top, TESTPLAN)):
		header = [cell.strip() for cell in block.lines[0].strip("|").split("|")] if block.is_table() else []
		column = next((header.index(name) for name in ("test", "program") if name in header), None)
		if column is None:
			continue
		for i, line in enumerate(block.lines[2:], 2):
			listed = re.findall(r"`([^`]+)`", line.split("|")[column + 1])
			said.update(listed)
			yield from ((TESTPLAN, block.number + i, f"there is no test {name}") for name in listed
				    if not name.endswith(".sh") and not names.known(name))
	for name in sorted(names.tests - said):
		yield TESTPLAN, 1, f"test {name} has no line: add one"
	if not said:
		yield TESTPLAN, 1, "no test was found in it: was its form changed?"


def check_coverage(names):
	"""Every group of coverage points stands in the row of a test, in the column "coverage", and nothing else does."""
	said = set()
	for block in blocks_of(os.path.join(names.top, TESTPLAN)):
		header = [cell.strip() for cell in block.lines[0].strip("|").split("|")] if block.is_table() else []
		if "coverage" not in header:
			continue
		for i, line in enumerate(block.lines[2:], 2):
			cells = line.split("|")[1:-1]
			listed = re.findall(r"`([^`]+)`", cells[header.index("coverage")]) if len(cells) == len(header) else []
			said.update(listed)
			yield from ((TESTPLAN, block.number + i, f"there is no group {name} of coverage points") for name in listed
				    if name not in names.groups)
	for name in sorted(names.groups - said):
		yield TESTPLAN, 1, f"group {name} of coverage points stands in no row: name it where its tests are"
	if not said:
		yield TESTPLAN, 1, "no group of coverage points was found in it: was its form changed?"


def report(name, wrong):
	wrong = list(wrong)
	print(f"  {'FAIL' if wrong else 'ok':<5} {name}")
	for path, number, text in wrong:
		print(f"        {path}:{number}: {text}")
	return bool(wrong)


def main():
	names = Names(sys.argv[1] if len(sys.argv) > 1 else ".")
	failed = 0
	if not names.tests or not names.units:
		failed += report("there are tests", [("tb", 1, "no test was found: was something moved?")])
	for path in PROMISING:
		failed += report(f"{path}: every promise names its test", check_promises(names, path, EXEMPT[path]))
	failed += report(f"{TESTPLAN}: every test has its line", check_testplan(names))
	failed += report(f"{TESTPLAN}: every group of coverage points has its row", check_coverage(names))
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
