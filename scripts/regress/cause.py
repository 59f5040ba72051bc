# SPDX-License-Identifier: MIT
"""Why a job failed, in words that are the same whenever the cause is the same: without test, seed, clock, numbers and addresses.

What is compared decides: the pins that differ, the line of the CHECK, the broken rule, the time limit or the signal.
"""
import re
import signal

FAIL = re.compile(r"^FAIL (\S+) seed (\d+) clock (\d+): (.*)")
PLACE = re.compile(r"\b([\w./-]+\.[chv]p?p?:\d+)\b")
SAID = re.compile(r"^cause: (.*)")
# in front of any other line that would be taken for a cause
KNOWN = (re.compile(r"(?:ERROR: AddressSanitizer: [\w-]+|runtime error: .*|LeakSanitizer: .*)"),
         re.compile(r"(?:Assertion .* failed|%Error: .*|BUG: .*|Segmentation fault.*)"))


def normal(text):
    """text without what varies from run to run; the place in a source stays."""
    places = []

    def keep(found):
        places.append(found.group(1))
        return f"\0{len(places) - 1}\0"

    text = PLACE.sub(keep, text)
    text = re.sub(r"\b0x[0-9a-fA-F]+\b|(?<![\w\0.])\d+(?:\.\d+)?\b(?!\0)", "N", text)
    return re.sub("\0(\\d+)\0", lambda found: places[int(found.group(1))], text).strip()


def first_pin(lines):
    """The first pin of the table "pins that differ"."""
    for number, line in enumerate(lines):
        if line.startswith("pins that differ") and number + 2 < len(lines):
            return lines[number + 2].split()[0]
    return ""


def failing_clock(lines):
    """The clock that the bench names, or None."""
    return next((int(found[3]) for found in map(FAIL.match, lines) if found), None)


def from_lines(lines):
    """The bench names the cause itself; whatever ends without its report is looked through."""
    for found in filter(None, map(SAID.match, lines)):
        return found[1]
    for found in filter(None, map(FAIL.match, lines)):
        pin = first_pin(lines)
        return normal(found[4]) + (f": {pin}" if pin else "")
    for pattern in KNOWN:
        for found in filter(None, map(pattern.search, lines)):
            return normal(found[0])
    said = [line for line in lines if re.search(r"\b(FAIL|FAILED|[Ee]rror|failed)\b", line)] or [line for line in lines if line.strip()]
    return normal(said[0] if said else "no output")


def of(job):
    """The cause of a failed job, one line."""
    if job.timed_out():
        return "not finished within the time limit"
    if job.disk_full:
        return "the disk is full"
    if job.exit > 128 and not any(map(FAIL.match, job.lines)):
        return f"killed by {signal.Signals(job.exit - 128).name}" if job.exit - 128 in set(signal.Signals) else f"exit status {job.exit}"
    if job.exit == 0:
        return "ended without a verdict of the bench"
    if job.refused():
        return f"refused: {job.summary()}"
    where = "" if job.test else f"{job.name}: "
    return where + from_lines(job.lines)


def groups(results):
    """Failed results of the same cause belong together: [(cause, results)], most frequent first.

    In each group the one with a small program comes first, then the earliest clock.
    """
    found = {}
    for result in results:
        if result["verdict"] == "fail":
            found.setdefault(result["cause"], []).append(result)
    for members in found.values():
        members.sort(key=lambda result: (not result["program"], result["clock"] is None, result["clock"]))
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
