# SPDX-License-Identifier: MIT
"""A picture of a timeline: what software and hardware did when, from the trace events (the JSON of Perfetto) that a run has left.

A log names the file in a line "timeline: FILE"; times in it are clocks.
"""
import collections
import json
import pathlib
import re

from .html import code, tag, text
from .svg import ROW, WIDTH, Picture

FILE = re.compile(r"^timeline: (\S+\.json)")
COLORS = ("#1a5fb4", "#176639", "#8a4b08", "#7a1fa2", "#0b6e75", "#a3195b")
MOST = 4000             # spans that are drawn
TICKS = 8


def lane_names(events):
    """{(process, thread): name} as the file gives them."""
    parts = {}
    for event in events:
        if event.get("ph") == "M" and event.get("name") in ("process_name", "thread_name"):
            thread = None if event["name"] == "process_name" else event.get("tid")
            parts[event.get("pid"), thread] = event["args"]["name"]
    return parts


def spans(events):
    """{lane: [(from, to, what)]}; complete events, begin with end, and moments, which have no length."""
    lanes, begun = collections.defaultdict(list), collections.defaultdict(list)
    for event in sorted((e for e in events if "ts" in e), key=lambda e: e["ts"]):
        lane, kind, time, what = (event.get("pid"), event.get("tid")), event["ph"], event["ts"], event.get("name", "")
        key = (lane, event.get("id"), event.get("cat")) if kind in "be" else (lane, None, None)
        if kind == "X":
            lanes[lane].append((time, time + event.get("dur", 0), what))
        elif kind in "Bb":
            begun[key].append((time, what))
        elif kind in "Ee" and begun[key]:
            since, what = begun[key].pop()
            lanes[lane].append((since, time, what))
        elif kind in "in":
            lanes[lane].append((time, time, what))
    return lanes


def packed(found):
    """The spans of a lane in as many rows as overlap."""
    rows = []
    for span in sorted(found):
        row = next((row for row in rows if row[-1][1] <= span[0]), None)
        if row is None:
            rows.append([span])
        else:
            row.append(span)
    return rows


def axis(picture):
    for n in range(TICKS + 1):
        time = picture.begin + (picture.end - picture.begin) * n / TICKS
        picture.label(picture.x(time), 14, f"{time:.0f}", "#5a6475", "start" if n == 0 else "end" if n == TICKS else "middle")


def draw(path):
    """The picture of one file, or nothing if it has no spans."""
    data = json.loads(pathlib.Path(path).read_text())
    events = data["traceEvents"] if isinstance(data, dict) else data
    names, lanes = lane_names(events), spans(events)
    times = [time for found in lanes.values() for span in found for time in span[:2]]
    if not times:
        return ""
    picture = Picture(min(times), max(times))
    axis(picture)
    left = MOST
    for number, (lane, found) in enumerate(lanes.items()):
        label = names.get(lane) or names.get((lane[0], None)) or f"{lane[0]} {lane[1]}"
        for row in packed(found[:max(left, 0)]):
            picture.name(label)
            for since, to, what in row:
                color = COLORS[number % len(COLORS)]
                picture.box(since, to, what, color, color + "22", f"{what}: {since} to {to}")
            picture.y += ROW
            label = ""
        left -= len(found)
    return picture.html(f"timeline of {path}, clocks {picture.begin} to {picture.end}, {WIDTH} pixels wide")


def of_result(result, lines):
    """The timeline that a run has left, if it has."""
    found = [m[1] for m in map(FILE.match, lines) if m]
    if not found or not pathlib.Path(found[-1]).is_file():
        return ""
    try:
        drawn = draw(found[-1])
    except (ValueError, KeyError, TypeError) as error:
        return tag("p", f"The timeline {code(found[-1])} cannot be read: {text(repr(error))}", class_="dim")
    said = f"What {text(result['name'])} did when, in clocks: {code(found[-1])}; Perfetto opens it too."
    return tag("figure", drawn + tag("figcaption", said)) if drawn else ""
