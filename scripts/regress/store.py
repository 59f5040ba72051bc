# SPDX-License-Identifier: MIT
"""The result of a regression: one folder for each in build/results/, from whose result.json every report is made.

A folder is named by the moment the run began and its process, so that regressions at the same time do not meet.
"""
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess

from . import cause

FOLDER = pathlib.Path("build/results")
FORMAT = 2              # of result.json
KEPT = 100              # runs; older ones go
TOOLS = {"verilator": ["verilator", "--version"], "iverilog": ["iverilog", "-V"], "gcc": ["gcc", "--version"]}
GIT = ["git", "describe", "--always", "--dirty", "--tags"]


def first_line(command):
    try:
        said = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError:
        return "not there"
    return (said.stdout.splitlines() or ["not known"])[0]


def versions():
    """Of the sources and of every tool that a result depends on."""
    found = {"pqdma": first_line(GIT)}
    found.update({name: first_line(command) for name, command in TOOLS.items()})
    found["python"] = platform.python_version()
    found["system"] = f"{platform.system()} {platform.release()} {platform.machine()}"
    return found


def configuration_hash(text):
    """FNV-1a over the values in "NAME=value ...", as the bench prints it in a report of a failure."""
    values = [int(value) for value in re.findall(r"\w+=(\d+)", text)]
    found = 0x811c9dc5
    for byte in b"".join(value.to_bytes(4, "little") for value in values):
        found = (found ^ byte) * 0x01000193 & 0xffffffff
    return f"{found:08x}" if values else "not known"


def stimulus_hash(lines):
    """Over all input pins of all clocks, as the bench says; None if it does not."""
    found = [m.group(1) for m in (re.search(r"\bstimulus ([0-9a-f]{16})\b", line) for line in lines) if m]
    return found[-1] if found else None


def result_of(job):
    failed = job.verdict() == "fail"
    return {"name": job.name, "bench": job.bench, "where": job.where,
            "sim": job.sim, "test": job.test, "seed": job.seed, "verdict": job.verdict(), "exit": job.exit, "seconds": job.seconds,
            "text": job.text() if job.exit is not None else "did not run",
            "hash": job.pin_hash(), "stimulus": stimulus_hash(job.lines), "cause": cause.of(job) if failed else None,
            "clock": cause.failing_clock(job.lines) if failed else None, "log": job.log, "repeat": job.repeat(),
            "program": job.small}


class Run:
    """One regression, as it will be stored."""

    def __init__(self, args):
        self.begin = datetime.datetime.now(datetime.timezone.utc)
        self.name = f"{self.begin:%Y%m%d-%H%M%S}-{self.begin.microsecond:06}-{os.getpid()}"
        self.folder = pathlib.Path(args.results) / self.name
        self.data = {"format": FORMAT, "run": self.name, "begin": self.begin.isoformat(timespec="seconds"), "engine": args.engine,
                     "at_once": args.jobs, "benches": args.benches, "configuration": args.config,
                     "configuration_hash": configuration_hash(args.config), "versions": versions()}

    def finish(self, jobs, equal, seconds, interrupted):
        """Everything that is known at the end."""
        results = [result_of(job) for job in jobs]
        count = {word: sum(r["verdict"] == word for r in results) for word in ("pass", "fail", "skip", "none")}
        same = sum(e["equal"] for e in equal)
        self.data.update(seconds=round(seconds, 3), interrupted=interrupted, results=results, pin_hashes=equal,
                         passed=count["pass"] + same, failed=count["fail"] + len(equal) - same,
                         skipped=count["skip"], not_run=count["none"])
        return self.data

    def write(self, files):
        """Store the result and {name: text} beside it; all or nothing."""
        part = self.folder.with_name(self.folder.name + ".part")
        part.mkdir(parents=True)
        try:
            for name, text in {"result.json": json.dumps(self.data, indent=1) + "\n", **files}.items():
                (part / name).write_text(text)
            part.rename(self.folder)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise
        for old in sorted(self.folder.parent.glob("*/result.json"))[:-KEPT]:
            shutil.rmtree(old.parent, ignore_errors=True)


def stored(folder=FOLDER):
    """All stored results, oldest first; those in the format of an older runner are none."""
    found = [json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*/result.json"))]
    return [data for data in found if data["format"] == FORMAT]


def end(data):
    """When a run ended; it is what puts runs inside one another in order."""
    return datetime.datetime.fromisoformat(data["begin"]) + datetime.timedelta(seconds=data["seconds"])


def last(folder, benches):
    """The newest result of the same configurations, or None."""
    return next((data for data in reversed(stored(folder)) if data["benches"] == benches), None)
