# SPDX-License-Identifier: MIT
"""Of the failures of one cause, one is made small: the fewest steps of its random program that still fail so. See scripts/shrink."""
import os
import pathlib
import re
import subprocess

from . import cause

SHRINK = str(pathlib.Path(__file__).parents[1] / "shrink")
RUNS = {"direct": 400, "model": 400, "verilator": 400, "systemc": 200, "icarus": 60}     # of a bench; also the order of preference

WAVES = re.compile(r"^(\+(?:failure_)?waves=.*)\.fst$")    # those of the job itself stay as they are


def candidates(jobs):
    """One job for each cause, on the fastest simulator where it failed."""
    found = {}
    order = list(RUNS)
    for job in jobs:
        if job.program and job.verdict() == "fail" and job.exit == 1:
            best = found.setdefault(cause.of(job), job)
            if (order.index(job.sim), job.seed) < (order.index(best.sim), best.seed):
                found[cause.of(job)] = job
    return list(found.values())


def make_small(job, show):
    """Shrink one job; its program and report are used from now on if that works."""
    out = f"{os.path.splitext(job.log)[0]}.program"
    argv = [WAVES.sub(r"\1-small.fst", word) for word in job.argv if not word.startswith("+cover=")]
    show(f"making {job.name} small")
    done = subprocess.run([SHRINK, "--runs", str(RUNS[job.sim]), "--out", out, "--", *argv], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)
    if done.returncode:
        show(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"shrink: exit status {done.returncode}")
        return
    show(done.stdout.strip())
    with open(out) as file:
        job.small = {"path": out, "text": file.read()}


def run(jobs, show):
    for job in candidates(jobs):
        make_small(job, show)
