# SPDX-License-Identifier: MIT
"""Style rules that need no tool. Run by scripts/lint; prints "ok" or "FAIL" and the name for each rule.

usage: lint_style.py    in the top folder of the checkout

A rule is a function that yields (file, line, what is wrong and what to do). A rule that had no file to look at fails,
so that a moved folder does not switch it off; only wave files may be absent.
"""
import os
import re
import sys

FOLDERS = ("model", "regs", "rtl", "scripts", "sw", "tb", "waves")
SOURCES = (".c", ".h", ".v", ".vh", ".cpp", ".hpp", ".py", ".rdl", ".f", ".mk")
LINES = {".v": 400, ".c": 600, ".h": 600, ".cpp": 600, ".hpp": 600}
LINES_OF = {"rtl/pqdma.v": 600}		# the top is wires only
FUNCTION_LINES = 60
COLUMNS = 140
RULES = []


class Source:
	"""One file: its path, its extension and its lines."""

	def __init__(self, path):
		self.path = path
		self.ext = os.path.splitext(path)[1]
		with open(path, "rb") as f:
			self.data = f.read()
		self.lines = self.data.decode("latin-1").split("\n")

	def numbered(self):
		return enumerate(self.lines, 1)


def rule(name, chosen):
	"""Register a rule that looks at each file for which chosen(source) is true."""
	def register(function):
		RULES.append((name, chosen, function))
		return function
	return register


def is_script(path):
	with open(path, "rb") as f:
		return f.read(2) == b"#!"


def collect():
	paths = ["Makefile"] if os.path.exists("Makefile") else []
	for folder in FOLDERS:
		for where, _, names in os.walk(folder):
			paths += [os.path.join(where, name) for name in names if "__pycache__" not in where]
	keep = [p for p in paths if p.endswith(SOURCES + (".gtkw",)) or p == "Makefile" or is_script(p)]
	return [Source(path) for path in sorted(keep)]


def is_wave(source):
	return source.ext == ".gtkw"


def is_source(source):
	return not is_wave(source)


def is_c(source):
	return source.ext in (".c", ".h", ".cpp", ".hpp")


def is_rtl(source):
	return source.path.startswith("rtl/") and source.ext == ".v"


def code_lines(source):
	"""Numbered lines of Verilog without comments and strings."""
	for number, line in source.numbered():
		yield number, re.sub(r'"[^"]*"', '""', line.split("//")[0])


def find(source, pattern, remedy):
	for number, line in code_lines(source):
		if re.search(pattern, line):
			yield source.path, number, f"{line.strip()}: {remedy}"


@rule("SPDX line at the top", lambda source: is_source(source) and source.ext != ".f")
def spdx(source):
	line = 2 if source.lines[0].startswith("#!") else 1
	if "SPDX-License-Identifier: " not in "".join(source.lines[line - 1:line]):
		yield source.path, line, "put the SPDX line here"


@rule("ASCII, no trailing space, one newline at the end", is_source)
def characters(source):
	for number, line in source.numbered():
		if re.search(r"[^\t\x20-\x7e]", line):
			yield source.path, number, "only tab and printable ASCII may stand here"
		if line != line.rstrip():
			yield source.path, number, "remove the space at the end"
	if not source.data.endswith(b"\n") or source.data.endswith(b"\n\n"):
		yield source.path, len(source.lines), "end the file with exactly one newline"


@rule(f"lines of at most {COLUMNS} columns", is_source)
def columns(source):
	for number, line in source.numbered():
		if len(line.expandtabs(8)) > COLUMNS:
			yield source.path, number, f"{len(line.expandtabs(8))} columns: wrap it"


@rule("file length", lambda source: source.ext in LINES)
def file_length(source):
	limit = LINES_OF.get(source.path, LINES[source.ext])
	if len(source.lines) - 1 > limit:
		yield source.path, limit, f"{len(source.lines) - 1} lines, limit {limit}: split the file"


@rule(f"C functions of at most {FUNCTION_LINES} lines", is_c)
def function_length(source):
	begin = None
	for number, line in source.numbered():
		if line == "{":
			begin = number
		elif line.startswith("}") and begin:
			if number - begin - 1 > FUNCTION_LINES:
				yield source.path, begin, f"{number - begin - 1} lines: split the function"
			begin = None


@rule("nothing is left to be done", is_source)
def finished(source):
	for number, line in source.numbered():
		if re.search(r"\b(T[O]DO|F[I]XME|X[X]X)\b", line):
			yield source.path, number, "do it or drop it"


@rule("default_nettype none first and for good", is_rtl)
def nettype(source):
	directives = [(n, line.strip()) for n, line in code_lines(source) if re.match(r"\s*(`default_nettype|module)\b", line)]
	if not directives or directives[0][1] != "`default_nettype none":
		yield source.path, 1, "write `default_nettype none before the module"
	for number, line in directives[1:]:
		if "default_nettype" in line:
			yield source.path, number, "remove it: yosys takes the last one for the whole file"


@rule("one module in a file of its name", is_rtl)
def one_module(source):
	names = [m.group(1) for _, line in code_lines(source) if (m := re.match(r"\s*module\s+(\w+)", line))]
	stem = os.path.basename(source.path)[:-2]
	if names != [stem]:
		yield source.path, 1, f"modules {names}: the file must hold module {stem} and no other"


@rule("rtl/ has no simulation code, output reg or ifdef but FORMAL", is_rtl)
def pure_rtl(source):
	yield from find(source, r"\binitial\b", "reset it instead")
	yield from find(source, r"\$(display|write|monitor|finish|stop|error|fatal|dump\w+)\b", "that belongs in tb/")
	yield from find(source, r"\boutput\s+reg\b", "output wire, assigned from a register")
	yield from find(source, r"`(ifdef|ifndef)\s+(?!FORMAL\b)", "only FORMAL may choose code")
	yield from find(source, r"\s#\s*\d", "no delays in rtl/")


@rule("the driver's register accesses are ordered with memory", lambda source: source.path.startswith("sw/drivers/"))
def ordered(source):
	yield from find(source, r"\b(readl|writel)\w*_relaxed\b", "readl(), writel(): no test can find a missing barrier")


@rule("rtl/pqdma.f lists every module", lambda source: source.path == "rtl/pqdma.f")
def file_list(source):
	listed = [line.split("//")[0].strip() for line in source.lines]
	listed = {line for line in listed if line and not line.startswith("+")}
	present = {os.path.join("rtl", name) for name in os.listdir("rtl") if name.endswith(".v")}
	for path in sorted(present - listed):
		yield source.path, 1, f"add {path}"
	for path in sorted(listed - present):
		yield source.path, 1, f"{path} does not exist: remove it"


@rule("pins of rtl/pqdma.v are those of model/pqdma_pins.h", lambda source: source.path == "rtl/pqdma.v")
def pins(source):
	listed = {"input clk"}
	way = None
	for line in Source("model/pqdma_pins.h").lines:
		if line.startswith("#define"):
			name = re.split(r"[ (]", line.strip())[1]
			way = {"_IN": "input", "_OUT": "output"}.get(re.sub(r"^PQDMA_PINS(_DESC)?", "", name))
		elif way and (m := re.match(r"\s+[VX]\((\w+),", line)):
			listed.add(f"{way} {m.group(1)}")
	ports = {}
	for number, line in code_lines(source):
		if m := re.match(r"\s*(input|output)\s+wire\s+(?:\[[^]]*\]\s*)?(\w+)", line):
			ports[f"{m.group(1)} {m.group(2)}"] = number
	for port in sorted(set(ports) - listed):
		yield source.path, ports[port], f"{port} is not in model/pqdma_pins.h"
	for port in sorted(listed - set(ports)):
		yield source.path, 1, f"{port} of model/pqdma_pins.h is missing"


@rule("wave files have no absolute path", is_wave)
def wave_path(source):
	for number, line in source.numbered():
		if re.match(r'\[(dumpfile|savefile)\] "/', line):
			yield source.path, number, "make the path relative or remove the line"


def main():
	sources = collect()
	failed = 0
	for name, chosen, function in RULES:
		looked = [source for source in sources if chosen(source)]
		wrong = [complaint for source in looked for complaint in function(source)]
		if not looked and chosen is is_wave:
			print(f"  SKIP  {name}: there is no such file")
			continue
		if not looked:
			wrong = [("scripts/lint_style.py", 1, "found no file for this rule: was something moved?")]
		failed += bool(wrong)
		print(f"  {'FAIL' if wrong else 'ok':<5} {name} ({len(looked)} files)")
		for path, number, text in wrong:
			print(f"        {path}:{number}: {text}")
	return 1 if failed else 0


if __name__ == "__main__":
	sys.exit(main())
