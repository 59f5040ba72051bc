#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: what scripts/bench reads and writes is right; wrong numbers are planted in measured lines, in what Yosys says and in the
page, and each is found. A module of known size goes through Yosys itself.

usage: tb/runner/test_bench.py    in the top folder of the checkout
"""
import copy
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import bench_size                                               # noqa: E402, in scripts/
import bench_targets                                            # noqa: E402
from bench_peers import LATENCIES, OFFSETS                      # noqa: E402
from bench_tables import SOURCES, only, parse, replace          # noqa: E402

STAT = "   Number of cells:  30\n     $_DFF_P_   8\n     $lut  20\n     $mem_v2   2\n"
GATES = "   Number of cells:  31\n     $_DFF_P_   8\n     $_AND_  21\n     $mem_v2   2\n"
MEMORIES = "cell $mem_v2 \\a\n parameter \\WIDTH 8\n parameter \\SIZE 16\ncell $mem_v2 \\b\n parameter \\SIZE 4\n parameter \\WIDTH 3\n"

# 8 flip-flops, 16 x 8 bits of memory; LUTs: 8 two-input sums, 2 of six inputs
KNOWN = """module known (input wire clk, input wire we, input wire [3:0] waddr, input wire [3:0] raddr, input wire [7:0] d,
	input wire [5:0] a, output reg [7:0] q, output wire y);
reg [7:0] mem [0:15];
always @(posedge clk) begin
	if (we)
		mem[waddr] <= d;
	q <= mem[raddr] ^ {8{^a}};
end
assign y = &a;
endmodule
"""


def copy_line(form, group, scattered, size, latency):
    return {"kind": "copy", "form": form, "group": group, "scattered": scattered, "size": size, "latency": latency, "src": 0, "dst": 0,
            "reads": 32, "w": 1.0, "r": 1.0, "r_all": 1.0, "bound": 1.0, "outstanding": 16}


def at_bound(lines, bits):
    """The same lines as one port can have them."""
    for line in lines:
        if line["kind"] == "copy":
            line["w"] = bench_targets.port_bound(line, bits)
    return lines


def perfect():
    """Lines of a controller that reaches every target."""
    lines = [copy_line("full", 63, 0, s, l) for s in (64, 256) for l in LATENCIES]
    lines += [copy_line("compact", g, int(g == 8), 64, l) for g in (31, 8) for l in LATENCIES]
    lines += [{"kind": "launch", "form": "compact", "latency": l, "beyond_latency": 5} for l in LATENCIES]
    lines += [{"kind": "gaps", "size": 1024, "latency": l, "r": 0, "w": 0} for l in LATENCIES]
    lines += [{"kind": "unaligned", "size": 1024, "src": s, "dst": d, "w": 0.992} for s, d in OFFSETS]
    lines += [{"kind": "sums", "op": op, "k": k, "size": 4096, "latency": l, "unaligned": 0, "reads": 32, "r_all": 1.0}
              for op in ("xor", "pq") for k in SOURCES for l in LATENCIES]
    found = {build: copy.deepcopy(lines) for build in bench_targets.NEEDS}
    return found | {build: at_bound(found[build], int(build)) for build in ("64", "128")}


def missed(found):
    return [row[0] for row in bench_targets.rows(found) if not row[4]]


# configuration, which line, what is planted, how many rows must then say missed
PLANTED = (
    ("64d", {"kind": "launch", "latency": 50}, {"beyond_latency": 6}, 1),
    ("128", {"kind": "launch", "latency": 1}, {"beyond_latency": 6}, 1),
    ("128", {"kind": "gaps", "latency": 10}, {"r": 1}, 1),
    ("64", {"kind": "gaps", "latency": 100}, {"w": 1}, 1),
    ("64d", {"kind": "copy", "group": 31, "latency": 10}, {"w": 0.998}, 1),
    ("64d", {"kind": "copy", "group": 8, "latency": 100}, {"w": 0.9}, 1),
    ("64", {"kind": "copy", "form": "full", "size": 256, "latency": 50}, {"w": 0.79}, 1),
    ("128", {"kind": "copy", "form": "compact", "group": 31, "latency": 100}, {"w": 0.66}, 1),
    ("64d", {"kind": "unaligned", "src": 2}, {"w": 0.991}, 1),
    ("128", {"kind": "sums", "op": "pq", "k": 16, "latency": 10}, {"r_all": 0.989}, 1),
)


def targets():
    """(name, found) of each wrong number planted among measured lines."""
    yield "a controller that reaches every target", missed(perfect()) == []
    for build, which, values, rows in PLANTED:
        found = perfect()
        only(found[build], **which).update(values)
        yield f"{build} {which} {values}", len(missed(found)) == rows


def refused(function, *args, **words):
    try:
        function(*args, **words)
    except ValueError:
        return True
    return False


def readers():
    line = "measure copy size=64 w=0.500 form=full\n"
    lines = parse(f"noise\n{line}measure copy size=256 w=0.800 form=full\n")
    page = "a\n<!-- bench: x -->\nold\n<!-- end -->\nb\n<!-- bench: y -->\nold\n<!-- end -->\n"
    yield "a measured line", only(lines, size=64) == {"kind": "copy", "size": 64, "w": 0.5, "form": "full"}
    yield "a line that is missing", refused(only, lines, size=128)
    yield "two lines that differ", refused(only, lines, form="full")
    yield "a section", replace(page, "x", "new") == page.replace("old\n", "\nnew\n\n", 1)
    yield "a section that is missing", refused(replace, page, "z", "new")
    yield "a section that is there twice", refused(replace, page + page, "x", "new")


def sizes():
    right = {"gates": 21, "ff": 8, "lut6": 20, "bits": 140, "blocks": 2}
    yield "sizes", bench_size.count(GATES, STAT, MEMORIES) == right
    yield "a cell that stat did not count", refused(bench_size.count, GATES, STAT.replace("30", "31"), MEMORIES)
    yield "a gate that stat did not count", refused(bench_size.count, GATES.replace("21", "22"), STAT, MEMORIES)
    yield "a memory without its size", refused(bench_size.count, GATES, STAT, MEMORIES.replace(" parameter \\SIZE 4\n", ""))
    yield "a memory that was lost", refused(bench_size.count, GATES, STAT, MEMORIES.replace("cell $mem_v2 \\b", "cell"))
    yield "a memory that became flip-flops", refused(bench_size.count, GATES, STAT.replace("$mem_v2   2", "$_DFF_N_  2"), MEMORIES)
    yield "a cell of no known kind", refused(bench_size.count, GATES, STAT.replace("$lut  20", "$lut 19\n     $_TBUF_  1"), MEMORIES)


def known_module(folder):
    """A module whose size is known, through Yosys itself; a named skip without it."""
    (folder / "known.v").write_text(KNOWN)
    try:
        got = bench_size.measure([folder / "known.v"], [], "known", {}, folder)
    except bench_size.Missing as why:
        print(f"  SKIP  a module of known size: {why}")
        return
    yield "a module of known size", {n: got[n] for n in ("ff", "lut6", "bits", "blocks")} == {"ff": 8, "lut6": 10, "bits": 128, "blocks": 1}


def main():
    """Plant everything; exit status 0 if each was found."""
    with tempfile.TemporaryDirectory() as folder:
        done = [*readers(), *sizes(), *targets(), *known_module(pathlib.Path(folder))]
    for name, good in done:
        if not good:
            print(f"  FAIL  {name}: not as it must be")
    wrong = sum(not good for _, good in done)
    print(f"{len(done) - wrong} passed, {wrong} failed: numbers planted in front of scripts/bench")
    return 1 if wrong or not done else 0


sys.exit(main())
