# SPDX-License-Identifier: MIT
"""A picture of the clocks before a failure, drawn from the waves that the run has left."""
import functools
import pathlib
import re
import shutil
import subprocess

from .html import code, tag
from .svg import ROW, Picture

NS = 10                 # a clock; edge n is at n * NS
BEFORE = 22             # clocks that are shown in front of the failing one
TOP = "tb_top"
# behind the pins that differ
CONTEXT = ("s_axil_awvalid", "s_axil_awaddr", "s_axil_wdata", "m_axi_arvalid", "m_axi_arready", "m_axi_araddr", "m_axi_rvalid",
           "m_axi_rready", "m_axi_awvalid", "m_axi_awready", "m_axi_awaddr", "m_axi_wvalid", "m_axi_wready", "m_axi_bvalid", "irq")
WAVES = re.compile(r"^waves: (\S+\.fst), clocks \d+ to \d+")


def log_lines(result):
    try:
        return pathlib.Path(result["log"]).read_text(errors="replace").splitlines()
    except OSError:
        return []


def differing(lines):
    """Pins in the table "pins that differ"."""
    begin = next((n for n, line in enumerate(lines) if line.startswith("pins that differ")), None)
    if begin is None:
        return []
    found = []
    for line in lines[begin + 2:]:
        if not line.startswith("\t") or line.startswith("\tand "):
            break
        found.append(line.split()[0])
    return found


def read_vcd(fst):
    """{name: [(time, value)]} of the variables right below the top."""
    with subprocess.Popen(["fst2vcd", str(fst)], stdout=subprocess.PIPE, text=True, errors="replace") as process:
        return parse_vcd(process.stdout)


def parse_vcd(lines):
    names, values, depth, time = {}, {}, [], 0
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0] == "$scope":
            depth.append(words[2])
        elif words[0] == "$upscope":
            depth.pop()
        elif words[0] == "$var" and depth == [TOP]:
            names.setdefault(words[3], []).append(words[4])
            values[words[4]] = []
        elif line[0] == "#":
            time = int(line[1:])
        elif line[0] in "01xzXZ" and line[1:].strip() in names:
            for name in names[line[1:].strip()]:
                values[name].append((time, line[0]))
        elif line[0] == "b" and words[1] in names:
            for name in names[words[1]]:
                values[name].append((time, words[0][1:]))
    return values


def shown_value(bits):
    if re.search("[xzXZ]", bits):
        return "x"
    return f"{int(bits, 2):x}"


def spans(changes, begin, end):
    """[(from, to, value)] inside the window."""
    found, value, since = [], None, begin
    for time, new in changes:
        if time > begin and new != value and time < end:
            if value is not None:
                found.append((since, time, value))
            since = max(time, begin)
        value = new if time < end else value
    if value is not None:
        found.append((since, end, value))
    return found


class Drawing(Picture):
    """Rows of waves."""

    def clocks(self, failing):
        first = -(-self.begin // NS)
        for edge in range(first, self.end // NS + 1):
            self.line(self.x(edge * NS), 20, self.x(edge * NS), self.y, "#e6e9ef", 1)
            if edge % 5 == 0 and abs(edge - failing) > 2:
                self.label(self.x(edge * NS), 14, edge, "#5a6475", "middle")
        self.label(self.x(failing * NS), 14, failing, "#b3261e", "middle")

    def bit(self, changes, color):
        last = None
        for since, to, value in spans(changes, self.begin, self.end):
            level = {"1": self.y + 4, "0": self.y + ROW - 6}.get(value, self.y + ROW / 2)
            if last is not None:
                self.line(self.x(since), last, self.x(since), level, color)
            self.line(self.x(since), level, self.x(to), level, color if value in "01" else "#b3261e")
            last = level

    def bus(self, changes, color):
        for since, to, value in spans(changes, self.begin, self.end):
            self.box(since, to, shown_value(value), color)

    def row(self, name, changes, color, wide):
        self.name(name, color)
        (self.bus if wide else self.bit)(changes, color)
        self.y += ROW

    def marked(self, failing, what):
        """The picture with lines at the clocks behind it, and the marker in front."""
        body, self.parts = self.parts, []
        self.clocks(failing)
        x = self.x(failing * NS)
        self.parts += body + [f'<path d="M{x:.1f} 18V{self.y}" stroke="#b3261e" stroke-width="2" stroke-dasharray="4 2"/>']
        return self.html(what)


def rows_of(pins, known):
    """(name, colour): the pins that differ, each with what the model expects below it, then what is around them."""
    for pin in pins:
        yield from ((name, color) for name, color in ((pin, "#b3261e"), (f"expected_{pin}", "#b36b00")) if name in known)
    for name in CONTEXT:
        if name in known and name not in pins:
            yield name, "#1a5fb4" if name.startswith("s_") else "#176639"


@functools.lru_cache(maxsize=None)
def draw(fst, clock, pins):
    """The picture, or nothing if there is nothing to be drawn."""
    values = read_vcd(fst)
    drawing = Drawing(max(0, (clock - BEFORE) * NS), clock * NS + NS)
    for name, color in rows_of(pins, values):
        if values[name]:
            drawing.row(name, values[name], color, max(len(value) for _, value in values[name]) > 1)
    what = f"the clocks before {clock}: pins that differ, in red, what the model expects, in orange, and what is around them"
    return drawing.marked(clock, what) if drawing.parts else ""


def of_failure(result):
    """A picture of the failing clock and those before it, or why there is none."""
    lines = log_lines(result)
    found = [m.group(1) for m in map(WAVES.match, lines) if m]
    if result["clock"] is None or not found or not pathlib.Path(found[-1]).is_file():
        return ""
    if not shutil.which("fst2vcd"):
        return tag("p", "No picture of the waves: there is no fst2vcd; sh scripts/setup waves installs it.", class_="dim")
    drawn = draw(found[-1], result["clock"], tuple(differing(lines)))
    said = f"The marker is on clock {result['clock']}. All signals: {code('gtkwave ' + found[-1])}; docs/waves.md explains them."
    return tag("figure", drawn + tag("figcaption", said)) if drawn else ""
