# SPDX-License-Identifier: MIT
"""Sections about coverage: functional groups, lines and toggles of each file, and the sources with what was never hit."""
import datetime
import json
import re

from .docs import inline
from .html import code, details, percent_bar, table, tag, text

AIMS = {"line": 98.0, "toggle": 95.0}
FUNCTIONAL_AIM = 100.0
GROUP = re.compile(r"(\S+)\s+(\d+)/(\d+)\s+[\d.]+ %\s+(.*)")
MARKED = re.compile(r"([ %~+-])(\d{6,})\t(.*)")


def share(hit, total):
    return 100 * hit / total if total else 100.0


def read_functional(path):
    """([(group, hit, total, what)], [never hit])"""
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    groups = [(m[1], int(m[2]), int(m[3]), m[4]) for m in map(GROUP.match, lines) if m]
    return groups, [line.split(": ", 1)[1] for line in lines if line.startswith("never hit: ")]


def functional_total(path):
    groups, _ = read_functional(path)
    return share(sum(g[1] for g in groups), sum(g[2] for g in groups)) if groups else None


def functional(path):
    groups, never = read_functional(path)
    if not groups:
        return ""
    rows = [[code(name), percent_bar(share(hit, total), FUNCTIONAL_AIM), f"{hit}/{total}", inline(what)]
            for name, hit, total, what in groups]
    inner = table(["group", "hit", "points", "what is crossed"], rows, "numbers words")
    never_hit = details(f"{len(never)} points were never hit", tag("pre", text("\n".join(never))))
    return tag("p", f"{code(path)}, {when(path)}.") + inner + never_hit


def read_files(folder):
    """{file: {kind: [hit, total, excluded]}} as scripts/coverage left it."""
    path = folder / "files.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def totals(folder):
    """{kind: percent}"""
    files = read_files(folder)
    return {kind: share(sum(f[kind][0] for f in files.values()), sum(f[kind][1] for f in files.values())) for kind in AIMS} if files else {}


def annotated(path):
    """A source; verilator_coverage has put a count in front of each line that it counts, and % where that is 0."""
    lines = []
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        found = MARKED.match(line)
        count, source = (found[2].lstrip("0") or "0", found[3]) if found else ("", line.lstrip("\t") if line.strip() else "")
        kind = "" if not found else "miss" if found[1] == "%" else "hit"
        lines.append(tag("span", text(f"{number:4} {count:>9} {source.expandtabs(8)}") or " ", class_=kind or None))
    return tag("pre", "".join(lines), class_="source", tabindex="0")


def not_hit(folder):
    """{file: points}"""
    path, found = folder / "not_hit.txt", {}
    for line in path.read_text().splitlines() if path.is_file() else ():
        file, point = line.split(" ", 1)
        found.setdefault(file, []).append(point)
    return found


def when(path):
    return f"{datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.timezone.utc):%Y-%m-%d %H:%M} UTC"


def rtl(folder):
    """Lines and toggles of the RTL."""
    files, missing = read_files(folder), not_hit(folder)
    if not files:
        return ""
    rows, sources = [], []
    for name, kinds in sorted(files.items()):
        cells = []
        for kind, aim in AIMS.items():
            hit, total, excluded = kinds[kind]
            cells += [percent_bar(share(hit, total), aim), f"{hit}/{total}", str(excluded)]
        rows.append([code(name), *cells])
        path = folder / "annotated" / name
        if path.is_file():
            never = missing.get(name, [])
            points = details(f"{len(never)} points never hit", tag("pre", text("\n".join(never)))) if never else ""
            sources.append(details(f"{code(name)}, {len(never)} points never hit", points + annotated(path)))
    said = "Points that can never be hit are excluded, each with its reason, in docs/coverage_exclusions.txt. Aims: " \
        + ", ".join(f"{kind} {aim:.0f} %" for kind, aim in AIMS.items()) + "."
    head = ["file", "lines", "hit", "excluded", "toggles", "hit", "excluded"]
    return tag("p", f"Measured by make coverage, {when(folder / 'files.json')}. {said}") + table(head, rows, "numbers") \
        + tag("h3", "Sources") + "".join(sources) \
        + tag("p", "In front of a line stand its number and how often it was hit; red: something on it never was.")
