# SPDX-License-Identifier: MIT
"""The tables of docs/performance.md: from what the measure_* tests print, and the peers' figures, to Markdown."""
import re

import bench_peers as peers

LATENCIES = peers.LATENCIES
SIZES = (64, 256, 1024, 4096)
SOURCES = (2, 4, 8, 16)


def parse(text):
    """The lines that measure tests print: [{"kind": ..., name: value}], numbers as numbers."""
    def value(word):
        return int(word) if re.fullmatch(r"\d+", word) else float(word) if re.fullmatch(r"\d+\.\d+", word) else word
    lines = []
    for line in text.splitlines():
        if line.startswith("measure "):
            kind, *words = line.split()[1:]
            lines.append({"kind": kind, **{name: value(v) for name, v in (w.split("=") for w in words)}})
    return lines


def only(lines, **wanted):
    """The one line that has these values; an error if there is none, or two that differ."""
    found = [line for line in lines if all(line.get(name) == v for name, v in wanted.items())]
    if not found or any(line != found[0] for line in found):
        raise ValueError(f"{len(found)} measured lines for {wanted}, expected one")
    return found[0]


def replace(page, name, text):
    """The page with other text between the marks of section @name."""
    marks = re.compile(rf"(<!-- bench: {name} -->\n).*?(<!-- end -->)", re.S)
    if len(marks.findall(page)) != 1:
        raise ValueError(f"the page has no section '{name}', or two: it needs one <!-- bench: {name} --> and <!-- end -->")
    return marks.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", page)


def table(head, rows):
    return "\n".join(["| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rows)])


def figures(values, digits=2):
    return " / ".join("-" if v is None else f"{v:.{digits}f}" for v in values)


def series(lines, name, latencies=LATENCIES, **wanted):
    return [only(lines, latency=l, **wanted)[name] for l in latencies]


def copies(lines, form, group, scattered, sizes):
    """W use and, behind it, use of R by all beats, by size and latency."""
    wanted = {"kind": "copy", "form": form, "group": group, "scattered": scattered, "reads": 32, "src": 0, "dst": 0}
    rows = []
    for size in sizes:
        found = [only(lines, size=size, latency=l, **wanted) for l in LATENCIES]
        rows.append([f"{size} B", f"{found[0]['bound']:.3f}", *(f"{f['w']:.3f}, {f['r_all']:.3f}" for f in found)])
    return table(["piece", "bound at L = 1", *(f"L = {l}: W, R" for l in LATENCIES)], rows)


def beside(ours, theirs, latencies, sizes):
    """Our W use and that of the peers: {name: {size: figures}} both."""
    rows = [[f"**{name}**", *(figures(by_size[s]) if s in by_size else "" for s in sizes)] for name, by_size in ours.items()]
    rows += [[name, *(figures(by_size[s]) if s in by_size else "" for s in sizes)] for name, by_size in theirs.items()]
    return table([f"W use at L = {' / '.join(map(str, latencies))}", *(f"{s} B" for s in sizes)], rows)


def copy_series(lines, form, group, scattered, sizes, latencies=LATENCIES):
    return {s: series(lines, "w", latencies, kind="copy", form=form, group=group, scattered=scattered, reads=32, size=s) for s in sizes}


def scattered(lines, sizes=(64, 256, 1024)):
    rows = []
    for group in (8, 1):
        for form in ("full", "compact"):
            for size in sizes:
                found = [only(lines, kind="copy", form=form, group=group, scattered=1, reads=32, size=size, latency=l) for l in LATENCIES]
                rows.append([group, form, f"{size} B", *(f"{f['w']:.3f} ({f['bound']:.3f})" for f in found)])
    return table(["group", "form", "piece", *(f"L = {l}" for l in LATENCIES)], rows)


def reads(lines, in_flight=(1, 2, 4, 8, 16, 32)):
    rows = []
    for size in (64, 256, 4096):
        found = [only(lines, kind="copy", form="compact", scattered=0, group=31, size=size, latency=50, reads=k) for k in in_flight]
        rows.append(["copy, W", f"{size} B", *(f"{f['w']:.3f}" for f in found), found[-1]["outstanding"]])
    for op in ("xor", "pq"):
        for k in SOURCES:
            found = [only(lines, kind="sums", op=op, k=k, size=4096, latency=50, reads=n, unaligned=0) for n in in_flight]
            rows.append([f"{op} of {k}, R", "4096 B", *(f"{f['r_all']:.3f}" for f in found), found[-1]["outstanding"]])
    return table(["operation, channel", "piece", *(f"K = {k}" for k in in_flight), "most outstanding"], rows)


def reads_beside(lines):
    rows = []
    for size in (64, 4096):
        ours = [only(lines, kind="copy", form="compact", scattered=0, group=31, size=size, latency=50, reads=k)["w"] for k in peers.READS]
        rows.append(["**pqdma**", f"{size} B", *(f"{v:.2f}" for v in ours)])
        rows += [[name, f"{size} B", *(f"{v:.2f}" for v in by_size[size])] for name, by_size in peers.IN_FLIGHT.items()]
    return table(["64-bit bus, L = 50", "piece", *(f"K = {k}" for k in peers.READS)], rows)


def unaligned(lines):
    rows = []
    for size in (64, 1024, 4096):
        found = [only(lines, kind="unaligned", size=size, src=s, dst=d) for s, d in peers.OFFSETS]
        rows.append([f"{size} B", *(f"{f['w']:.3f} ({f['ideal']:.3f})" for f in found)])
    return table(["piece", *(f"+{s} +{d}" for s, d in peers.OFFSETS)], rows)


def unaligned_beside(lines):
    rows = []
    for size in (64, 1024, 4096):
        ours = [only(lines, kind="unaligned", size=size, src=s, dst=d)["w"] for s, d in peers.OFFSETS]
        rows.append(["**pqdma**", f"{size} B", *(f"{v:.3f}" for v in ours)])
        rows += [[name, f"{size} B", *("hung" if v is None else f"{v:.3f}" for v in by_size[size])]
                 for name, by_size in peers.UNALIGNED.items()]
    return table(["64-bit bus, L = 10", "piece", *(f"+{s} +{d}" for s, d in peers.OFFSETS)], rows)


def sums(lines, size, unaligned_too=False):
    rows = []
    for op in ("xor", "pq"):
        for l in LATENCIES:
            found = [only(lines, kind="sums", op=op, k=k, size=size, latency=l, reads=32, unaligned=int(unaligned_too)) for k in SOURCES]
            rows.append([op, l, *(f"{f['r_all']:.3f}, {f['r']:.3f}, {f['w']:.3f}" for f in found)])
    return table(["operation", "L", *(f"k = {k}: R, sources, W" for k in SOURCES)], rows)


def launch(by_name):
    """{name of the configuration: lines}"""
    rows = []
    for name, lines in by_name.items():
        for form in ("full", "compact"):
            found = [only(lines, kind="launch", form=form, latency=l) for l in LATENCIES]
            beyond = {f["beyond_latency"] for f in found}
            first_w = {f["first_w"] - 2 * f["latency"] for f in found}
            rows.append([f"**pqdma**, {name}, {form} form", found[0]["fetch"], formula(beyond, "L"), formula(first_w, "2L")])
    rows += [[f"{name}, 64 bits", "", read, first_w] for name, read, first_w in peers.LAUNCH]
    return table(["clocks from the doorbell to", "ARVALID of the descriptor", "ARVALID of the first data read", "first W beat"], rows)


def formula(beyond, latency):
    return " or ".join(f"{b} + {latency}" for b in sorted(beyond))


def bubbles(lines):
    rows = []
    for size in (1024, 4096):
        found = [only(lines, kind="gaps", size=size, latency=l) for l in LATENCIES]
        rows.append([f"**pqdma**, {size} B, L = 1 / 10 / 50 / 100", *(" / ".join(str(f[c]) for f in found) for c in "rw"),
                     max(f["outstanding"] for f in found)])
    rows += [[f"{name}, 1024 B, L = 1 / 10 / 50", r, w, most] for name, r, w, most in peers.BUBBLES]
    return table(["idle clocks between chained descriptors", "R", "W", "reads outstanding"], rows)


def size(by_name):
    """{(name, parameters): figures or None}"""
    rows = []
    for (name, parameters), f in by_name.items():
        cells = [f"{f[c]:,}" for c in ("gates", "ff", "lut6")] + [f"{f['bits']:,} ({f['blocks']})"]
        rows.append([f"**pqdma**, {name}", f"`{parameters}`", *cells])
    rows += [[name, f"{bus} bits", *(f"{v:,}" for v in values)] for name, bus, *values in peers.SIZES]
    return table(["engine", "parameters", "gates", "flip-flops", "LUT6", "memory bits (blocks)"], rows)
