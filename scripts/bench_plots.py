# SPDX-License-Identifier: MIT
"""The plots of docs/performance.md, by gnuplot. Each function writes one SVG; its numbers come from the tables' lines."""
import shutil
import subprocess

import bench_peers as peers
from bench_tables import LATENCIES, SOURCES, only, series

HEAD = "set terminal svg size 760,480 noenhanced font 'sans,13' background 'white'; set output '{out}'; set title '{title}'; set grid; "
LINES = "set logscale x 2; set xrange [{low}:{high}]; set yrange [0:1.05]; set xlabel '{x}'; set ylabel '{y}'; set key {key}; "


def available():
    return bool(shutil.which("gnuplot"))


def gnuplot(commands):
    done = subprocess.run(["gnuplot", "-e", commands], capture_output=True, text=True)
    if done.returncode or done.stderr.strip():
        raise ValueError(f"gnuplot: {done.stderr[-1000:]}")


def write(data, blocks):
    """[(title, [(x, y), ...])] as blocks that gnuplot calls index 0, 1, ..."""
    with data.open("w") as f:
        for title, points in blocks:
            f.write(f'"{title}"\n' + "".join(f"{x} {y}\n" for x, y in points) + "\n\n")


def lines(folder, out, name, blocks, own, **words):
    """Lines of @blocks by a logarithmic x; the first @own of them are drawn thick and below the others."""
    data = folder / f"{name}.dat"
    write(data, blocks)
    words.setdefault("key", "outside bottom center horizontal height 1")
    commands = HEAD.format(out=out / f"{name}.svg", title=words["title"])
    commands += LINES.format(low=words["low"], high=words["high"], x=words["x"], y=words["y"], key=words["key"])
    styles = [f"lw 5 pt {i + 4} ps 0.9 lc {i + 1}" if i < own else f"lw 1.5 pt {i + 4} ps 0.6 " + words.get("thin", f"lc {i + 1}")
              for i in range(len(blocks))]
    plots = [f"'{data}' index {i} using 1:2 with linespoints {style} title columnheader(1)" for i, style in enumerate(styles)]
    gnuplot(commands + words.get("also", "") + "plot " + ", ".join(plots))


def bars(folder, out, name, groups, **words):
    """{x label: [value or None]} beside each other; words["names"] are those of the columns."""
    data = folder / f"{name}.dat"
    with data.open("w") as f:
        f.write("x " + " ".join(f'"{n}"' for n in words["names"]) + "\n")
        for label, values in groups.items():
            f.write(f'"{label}" ' + " ".join("NaN" if v is None else str(v) for v in values) + "\n")
    commands = HEAD.format(out=out / f"{name}.svg", title=words["title"])
    commands += (f"set style data histograms; set style histogram clustered gap 1; "
                 f"set style fill solid 0.8 border; set ylabel '{words['y']}'; "
                 f"set key outside bottom center horizontal height 1; {words['also']}; set datafile missing 'NaN'; ")
    plots = [f"'{data}' using {i + 2}:xtic(1) lc {i + 1} title columnheader({i + 2})" for i in range(len(words["names"]))]
    gnuplot(commands + "plot " + ", ".join(plots))


def w_use(folder, out, found):
    wanted = {"kind": "copy", "form": "full", "group": 63, "scattered": 0, "reads": 32}
    rows = [(f"L = {l}", [(s, only(found, size=s, latency=l, **wanted)["w"]) for s in (64, 256, 1024, 4096)]) for l in LATENCIES]
    rows.append(("bound of one port", [(s, s / (s + 64)) for s in (64, 256, 1024, 4096)]))
    lines(folder, out, "w_use", rows, 4, title="Copy, aligned, one 128-bit port, full descriptors", low=48, high=5500,
          thin="lc 'black' dt 2", x="bytes a descriptor", y="W use")


def w_use_peers(folder, out, found):
    ours = series(found, "w", kind="copy", form="compact", group=31, scattered=0, reads=32, size=64)
    rows = [("pqdma, compact", list(zip(LATENCIES, ours)))]
    rows += [(name, list(zip(LATENCIES, by_size[64]))) for name, by_size in peers.USE[64].items()]
    lines(folder, out, "w_use_peers", rows, 1, title="Copy of 64 B pieces, 64-bit bus, descriptor port", low=0.9, high=120,
          x="read latency L, clocks", y="W use", also="set xtics (1, 10, 50, 100); ")


def reads(folder, out, found):
    wanted = {"kind": "copy", "form": "compact", "group": 31, "scattered": 0, "size": 64, "latency": 50}
    ours = [(k, only(found, reads=k, **wanted)["w"]) for k in peers.READS]
    rows = [("pqdma", ours)] + [(name, list(zip(peers.READS, by_size[64]))) for name, by_size in peers.IN_FLIGHT.items()]
    lines(folder, out, "reads", rows, 1, title="Copy of 64 B pieces, 64-bit bus, descriptor port, L = 50", low=0.9, high=18,
          x="reads in flight K", y="W use", also="set xtics (1, 2, 4, 8, 16); ")


def sums(folder, out, found):
    rows = [(f"{op} of {k}", [(s, only(found, kind="sums", op=op, k=k, size=s, latency=50, reads=32, unaligned=0)["r"])
                              for s in (64, 1024, 4096)]) for op in ("xor", "pq") for k in SOURCES]
    lines(folder, out, "sums", rows, len(SOURCES), title="xor and pq of k sources, 128-bit bus, one port, L = 50", low=48,
          high=5500, thin="lc 'black' dt 2", x="bytes a source", y="R use by sources")


def unaligned(folder, out, found):
    names = ["pqdma", *peers.UNALIGNED]
    groups = {f"+{s} +{d}": [only(found, kind="unaligned", size=1024, src=s, dst=d)["w"],
                             *(by[1024][i] for by in peers.UNALIGNED.values())]
              for i, (s, d) in enumerate(peers.OFFSETS)}
    bars(folder, out, "unaligned", groups, names=names, title="Copy of 1 KiB with offsets of source and destination, 64-bit bus, L = 10",
         y="W use", also="set yrange [0:1.05]; set xlabel 'offset of source, of destination'")


def scattered(folder, out, found):
    names = ["one group of 31", "groups of 8", "each by itself"]
    where = [(31, 0), (8, 1), (1, 1)]
    wanted = {"kind": "copy", "form": "compact", "reads": 32}
    groups = {f"{s} B, L = {l}": [only(found, group=g, scattered=apart, size=s, latency=l, **wanted)["w"] for g, apart in where]
              for s in (64, 256, 1024) for l in (10, 50, 100)}
    bars(folder, out, "scattered", groups, names=names, title="Copy by compact descriptors that stand apart, 64-bit bus, descriptor port",
         y="W use", also="set yrange [0:1.05]; set xtics rotate by -30")


def size(folder, out, found):
    """found: [(name, figures)]"""
    groups = {f"pqdma, {name}": (f["lut6"], f["ff"]) for name, f in found}
    groups |= {f"{name.split(',')[0].split(' read')[0]}, {bus} bits": (lut, ff) for name, bus, _, ff, lut, _ in peers.SIZES}
    bars(folder, out, "size", groups, names=["LUT6", "flip-flops"], title="Size by Yosys, generic, memories apart", y="cells",
         also="set logscale y; set yrange [100:*]; set xtics rotate by -40; set rmargin 12")
