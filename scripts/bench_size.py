# SPDX-License-Identifier: MIT
"""How big the controller is: Yosys, generic cells, no timing aim. Memories are kept apart and counted in bits.

Each module is mapped by itself, and the design is flattened for counting: that is nine times faster than flattening first, and
gives 5 % more LUTs. "gates" are the cells of `abc -fast` (two-input gates, inverters, multiplexers), "LUT6" those of `abc -lut 6`,
flip-flops the 1-bit cells $_*DFF* of that run; memory bits are width times depth of the cells $mem_v2, which nothing turns into
flip-flops or gates: address decoders and read multiplexers of memories are in no figure.
"""
import re
import shutil
import subprocess

SECONDS = 900
FLIP_FLOP = re.compile(r"\$_S?DFF|\$_ALDFF|\$_DLATCH|\$_SR")


class Missing(Exception):
    """What is needed to measure is not there."""


def script(files, include, top, parameters, out):
    """The commands of one run; what they count goes to out/*.txt."""
    chparam = " ".join(f"-chparam {name} {value}" for name, value in parameters.items())
    return "\n".join([
        f"read_verilog {' '.join('-I' + i for i in include)} {' '.join(str(f) for f in files)}",
        f"hierarchy -check -top {top} {chparam}",
        f"synth -run begin:fine -top {top}",
        "opt -fast -full", "techmap", "opt -fast", "design -save mapped",
        "abc -fast", "opt -fast", "flatten", "opt_clean", f"tee -q -o {out}/gates.txt stat",
        "design -load mapped", "abc -lut 6", "opt -fast", "flatten", "opt_clean", f"tee -q -o {out}/luts.txt stat",
        f"tee -q -o {out}/memories.txt dump t:$mem_v2", ""])


def cells(text):
    """{type: number} of what `stat` says; an error if that is not what it adds up to itself."""
    block = text[text.rindex("Number of cells:"):]
    total = int(block.split(":")[1].split()[0])
    found = {name: int(n) for name, n in re.findall(r"^ +([$\w\\]+) +(\d+)$", block, re.M)}
    if sum(found.values()) != total:
        raise ValueError(f"stat says {total} cells, its lines add up to {sum(found.values())}")
    return found


def memory_bits(text):
    """(bits, memories) of a dump of $mem_v2 cells."""
    widths, sizes = (re.findall(rf"parameter \\{name} (\d+)", text) for name in ("WIDTH", "SIZE"))
    if len(widths) != len(sizes) or len(widths) != text.count("cell $mem_v2 "):
        raise ValueError(f"{text.count('cell $mem_v2 ')} memories with {len(widths)} widths and {len(sizes)} sizes")
    return sum(int(w) * int(s) for w, s in zip(widths, sizes)), len(widths)


def count(gates, luts, memories):
    """The figures of one run from what it printed."""
    gates, luts = cells(gates), cells(luts)
    bits, blocks = memory_bits(memories)
    if luts.get("$mem_v2", 0) != blocks or gates.get("$mem_v2", 0) != blocks:
        raise ValueError("a memory was turned into something else")
    flip_flops = sum(n for name, n in luts.items() if FLIP_FLOP.match(name))
    logic = sum(n for name, n in gates.items() if not FLIP_FLOP.match(name)) - blocks
    if flip_flops + luts.get("$lut", 0) + blocks != sum(luts.values()):
        raise ValueError("there are cells that are no flip-flop, no LUT and no memory: " + " ".join(luts))
    return {"gates": logic, "ff": flip_flops, "lut6": luts.get("$lut", 0), "bits": bits, "blocks": blocks}


def measure(files, include, top, parameters, out):
    """{gates, ff, lut6, bits, blocks} of a design. Raises Missing without Yosys, and TimeoutExpired after SECONDS."""
    if not shutil.which("yosys"):
        raise Missing("there is no yosys; sh scripts/setup lint installs it")
    out.mkdir(parents=True, exist_ok=True)
    (out / "size.ys").write_text(script(files, include, top, parameters, out))
    done = subprocess.run(["yosys", "-q", "-s", str(out / "size.ys")], capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise ValueError(f"yosys -s {out}/size.ys failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return count(*((out / f"{name}.txt").read_text() for name in ("gates", "luts", "memories")))
