# SPDX-License-Identifier: MIT
"""A stored result as plain text: the causes, how to repeat each, what ran with which versions."""
from . import cause

SHOWN = 4               # members of a group that a terminal shows
STEPS = 12              # lines of a small program


def program_lines(program):
    lines = program["text"].splitlines()
    yield f"    smallest program that fails so: {program['path']}, its report: {program['path']}.log"
    for line in lines[:STEPS]:
        yield f"        {line}"
    if len(lines) > STEPS:
        yield f"        and {len(lines) - STEPS} more lines"


def group_lines(name, members, shown):
    first = members[0]
    at = f", clock {first['clock']}" if first["clock"] is not None else ""
    yield f"{len(members)} x {name}"
    yield f"    repeat: {first['repeat']}"
    yield f"    log: {first['log']}{at}"
    if first["program"]:
        yield from program_lines(first["program"])
    for member in members[1:shown]:
        yield f"    also: {member['name']}"
    if len(members) > shown:
        yield f"    and {len(members) - shown} more"


def causes(data, shown=SHOWN):
    """Failures by cause, a few lines each."""
    found = cause.groups(data["results"])
    if not found:
        return []
    count = sum(len(members) for _, members in found)
    lines = [f"{count} failed, {len(found)} cause{'s' if len(found) > 1 else ''}:"]
    for name, members in found:
        lines += [f"  {line}" for line in group_lines(name, members, shown)]
    return lines


def hashes(data):
    """Pin hashes that should be equal."""
    compared = data["pin_hashes"]
    if not compared:
        return []
    lines = [f"FAIL hash {e['where']}{e['test']} seed {e['seed']}: " + ", ".join(f"{sim} {h}" for sim, h in e["hashes"].items())
             for e in compared if not e["equal"]]
    same = len(compared) - len(lines)
    lines.append(f"pin hashes: {same} of {len(compared)} tests are equal on every clock on all simulators they ran on")
    return lines


def closing(data):
    return f"{data['passed']} passed, {data['failed']} failed, {data['skipped']} skipped"


def missing(data):
    return [f"{data['not_run']} did not run"] if data["not_run"] else []


def report(data):
    """The whole of it, for a file."""
    lines = [f"regression {data['run']}, began {data['begin']}, took {data['seconds']:.0f} s on {data['engine']}",
             f"configuration {data['configuration_hash']}: {data['configuration']}"]
    lines += [f"{name}: {text}" for name, text in data["versions"].items()]
    lines += ["", *causes(data, len(data["results"])), *hashes(data), "", "job, verdict, seconds, stimulus, pins"]
    for r in data["results"]:
        seconds = "-" if r["seconds"] is None else f"{r['seconds']:.3f}"
        lines.append(f"{r['verdict']:4} {r['name']}: {seconds} s, {r['stimulus'] or '-'}, {r['hash'] or '-'}")
    lines += missing(data) + [closing(data)]
    return "\n".join(lines) + "\n"
