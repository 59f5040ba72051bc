# SPDX-License-Identifier: MIT
"""Sections about what ran: summary, failures, tests by seeds, durations, earlier runs."""
import collections
import datetime
import itertools
import pathlib

from .. import cause, text as plain
from . import timeline, waves
from .html import code, details, table, tag, text

LETTERS = {"pass": ("P", "passed"), "fail": ("F", "failed"), "skip": ("S", "skipped"), "none": ("-", "did not run")}
MANY_SEEDS = 12         # more of them are counted, and only what did not pass is shown one by one
SLOWEST = 25
LOG_LINES = 120
TIMELINES = 3


def seconds(value):
    return "-" if value is None else f"{value:.2f} s"


def tile(what, value, bad=False):
    return tag("div", tag("b", text(value)) + text(what), class_="tile bad" if bad else "tile")


def is_good(data):
    return not (data["failed"] or data["not_run"]) and data["passed"] > 0


def head(data):
    good = is_good(data)
    verdict = tag("span", "passed" if good else "failed", class_="verdict" if good else "verdict bad")
    about = f"{text(data['versions']['pqdma'])}, {text(data['begin'].replace('T', ' ').replace('+00:00', ' UTC'))}"
    return tag("h1", f"pqdma: regression {verdict}") + tag("p", about, class_="dim")


def summary(data, further):
    """Tiles, then versions and hashes. further: [(what, value, is bad)] from other sections."""
    tiles = [tile("passed", data["passed"]), tile("failed", data["failed"], data["failed"] > 0), tile("skipped", data["skipped"]),
             tile("did not run", data["not_run"], data["not_run"] > 0),
             tile(f"wall clock, {data['at_once']} at once", f"{data['seconds']:.0f} s")]
    tiles += [tile(*one) for one in further]
    rows = [("run", code(data["run"])), ("engine", text(data["engine"])),
            ("configuration", f"{code(data['configuration'])} (hash {code(data['configuration_hash'])})")]
    rows += [(name, text(version)) for name, version in data["versions"].items()]
    if data["interrupted"]:
        rows.insert(0, ("interrupted", "yes: the numbers are those of the part that ran"))
    return tag("div", "".join(tiles), class_="tiles") + table(["what", "value"], [[text(a), b] for a, b in rows])


def log_end(path):
    try:
        lines = pathlib.Path(path).read_text(errors="replace").splitlines()
    except OSError as error:
        return f"{path}: {error.strerror}"
    return "\n".join(line[:400] for line in lines[-LOG_LINES:])


def began(data):
    return datetime.datetime.fromisoformat(data["begin"]).timestamp()


def one_cause(data, name, members):
    first = members[0]
    rows = [[text(m["name"]), text("-" if m["clock"] is None else m["clock"]), code(m["stimulus"] or "-"), code(m["repeat"])]
            for m in members]
    inner = tag("p", "Repeat it: " + code(first["repeat"]))
    inner += waves.of_failure(first) + timeline.of_result(first, began(data))
    inner += details(f"What {text(first['name'])} has said", tag("pre", text(log_end(first["log"]))))
    inner += details(f"All {len(members)}", table(["job", "clock", "stimulus", "repeat"], rows))
    return tag("div", details(f"{tag('b', str(len(members)))} x {text(name)}", inner, open_=True), class_="cause")


def failures(data):
    parts = [one_cause(data, name, members) for name, members in cause.groups(data["results"])]
    parts += [tag("p", text(line)) for line in plain.hashes(data) if line.startswith("FAIL")]
    return "".join(parts) or tag("p", "Nothing failed.")


def timelines(data):
    """Of tests that passed, each once; those of failures stand beside them."""
    one_each = {r["test"]: r for r in reversed(data["results"]) if r["verdict"] == "pass"}
    drawn = (timeline.of_result(r, began(data)) for r in reversed(one_each.values()))
    return "".join(itertools.islice(filter(None, drawn), TIMELINES))


def cell(result):
    letter, word = LETTERS[result["verdict"]]
    said = f"{result['name']}: {word}, {seconds(result['seconds'])}"
    return tag("span", letter, class_=f"cell {result['verdict']}", title=said)


def cells(results):
    """All seeds of a test on one simulator."""
    if len(results) <= MANY_SEEDS:
        return tag("span", "".join(map(cell, results)), class_="cells")
    passed = sum(r["verdict"] == "pass" for r in results)
    others = "".join(f"{cell(r)} {r['seed']} " for r in results if r["verdict"] != "pass")
    return f"{passed}/{len(results)} {others}"


def column(result):
    return result["where"] + (result["sim"] or "check")


def matrix(data):
    """A row for each test, a column for each simulator and configuration, in it a letter for each seed."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for result in data["results"]:
        found[result["test"] or result["name"]][column(result)].append(result)
    sims = list(dict.fromkeys(map(column, data["results"])))
    equal = {e["test"]: e["equal"] for e in sorted(data["pin_hashes"], key=lambda e: not e["equal"])}
    rows = []
    for test, by_sim in sorted(found.items()):
        same = {None: "", True: "equal", False: "DIFFER"}[equal.get(test)]
        rows.append([code(test), *(cells(by_sim[sim]) if sim in by_sim else "" for sim in sims), text(same)])
    seeds = sorted({r["seed"] for r in data["results"] if r["seed"] is not None})
    said = f"Seeds {seeds[0]} to {seeds[-1]}. " if len(seeds) > 1 else f"Seed {seeds[0]}. " if seeds else ""
    said += "P passed, F failed, S skipped, - did not run; the last column: are the pins of all clocks equal on all simulators?"
    box = tag("p", tag("label", 'Tests with <input type="search"> in their name')
              + tag("label", '<input type="checkbox"> only what did not pass'), class_="filter")
    return tag("p", said) + tag("div", box + table(["test", *sims, "pins"], rows))


def bar(share):
    return f'<span class="bar"><span style="width:{100 * share:.1f}%"></span></span>'


def durations(data):
    timed = sorted((r for r in data["results"] if r["seconds"] is not None), key=lambda r: -r["seconds"])
    if not timed:
        return ""
    longest = timed[0]["seconds"] or 1
    rows = [[text(r["name"]), bar(r["seconds"] / longest) + seconds(r["seconds"])] for r in timed[:SLOWEST]]
    totals = collections.Counter()
    for result in timed:
        totals[result["sim"] or "checks"] += result["seconds"]
    sums = [[text(sim), f"{total:.1f} s", str(sum((r["sim"] or "checks") == sim for r in timed))] for sim, total in totals.most_common()]
    return table(["simulator", "all its jobs", "jobs"], sums, "numbers") + tag("h3", f"The {min(SLOWEST, len(timed))} longest") \
        + table(["job", "time"], rows, "numbers")


def others(runs):
    """Other runs, newest first."""
    head = ["run", "began", "sources", "configuration", "engine", "passed", "failed", "skipped", "did not run", "time"]
    rows = [[code(d["run"]), text(d["begin"].replace("T", " ")[:16]), code(d["versions"]["pqdma"]), code(d["configuration"]),
             text(d["engine"]), *(str(d[count]) for count in ("passed", "failed", "skipped", "not_run")), f"{d['seconds']:.0f} s"]
            for d in runs]
    return table(head, rows, "numbers") if rows else ""
