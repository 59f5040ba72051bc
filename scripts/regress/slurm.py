# SPDX-License-Identifier: MIT
"""Slurm runs the jobs of a regression: the same command lines, dealt out to the tasks of a job array.

The checkout must be on a file system that the nodes share. Each task writes its results to a file of its own; they are collected
here as they come, so that a run on Slurm ends in the same report as one on this machine.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import time

from .engine import command_lines, read_result
from .jobs import TIMED_OUT, die

TASKS = 16
LOOK = 0.2              # seconds between looks at the results
ASK = 10                # looks between questions to Slurm
ANSWER = 15             # seconds until a question to Slurm counts as not answered
PATIENCE = 60           # seconds that Slurm has to end tasks

SCRIPT = """#!/bin/sh
#SBATCH --job-name=pqdma
cd {top} || exit 1
sed -n "$((SLURM_ARRAY_TASK_ID + 1))~{tasks} p" {folder}/jobs | while IFS= read -r line; do
	sh -c "$line"
done >>{folder}/task-$SLURM_ARRAY_TASK_ID
"""


def call(*command):
    """Ask Slurm; without a cluster its tools would try for a minute and more."""
    limited = ["timeout", str(ANSWER), *command]
    said = subprocess.run(limited, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if said.returncode == TIMED_OUT[0]:
        said.stderr += f"{command[0]}: no answer within {ANSWER} s"
    return said


class Slurm:
    """A job array."""

    @staticmethod
    def normal_jobs():
        return TASKS

    def __init__(self, jobs, at_once, folder):
        for tool in ("sbatch", "squeue", "scancel", "sinfo"):
            if not shutil.which(tool):
                die(f"ENGINE=slurm: there is no {tool}; sh scripts/setup slurm installs it")
        answer = call("sinfo", "-h")
        if answer.returncode:
            die(f"ENGINE=slurm: no cluster answers: {answer.stderr.strip()}")
        self.jobs, self.tasks = jobs, min(at_once, len(jobs))
        self.folder = pathlib.Path(f"{folder}.slurm")
        self.array, self.alive, self.seen = None, 0, {}

    def submit(self):
        self.folder.mkdir(parents=True)
        (self.folder / "jobs").write_text("".join(command_lines(self.jobs)))
        script = SCRIPT.format(top=shlex.quote(os.getcwd()), tasks=self.tasks, folder=shlex.quote(str(self.folder)))
        (self.folder / "array").write_text(script)
        said = call("sbatch", "--parsable", f"--array=0-{self.tasks - 1}", f"--output={self.folder}/said-%a", str(self.folder / "array"))
        found = re.match(r"\d+", said.stdout)
        if said.returncode or not found:
            die(f"ENGINE=slurm: sbatch: {said.stderr.strip()}")
        self.array, self.alive = found[0], self.tasks

    def ask(self):
        """How many tasks are waiting or running; 0 also when Slurm has forgotten the array."""
        said = call("squeue", "-h", "-r", "-o", "%T", "-j", self.array)
        known = said.returncode == 0 or "Invalid job id" in said.stderr
        if known:
            self.alive = len(said.stdout.split())
        return self.alive

    def news(self):
        """Results that have come since the last look."""
        for path in sorted(self.folder.glob("task-*")):
            begin = self.seen.get(path, 0)
            with open(path) as f:
                f.seek(begin)
                text = f.read()
            whole = text[:text.rfind("\n") + 1]
            self.seen[path] = begin + len(whole)
            yield from map(read_result, whole.splitlines())

    def results(self):
        self.submit()
        left, looks = len(self.jobs), 0
        while left:
            time.sleep(LOOK)
            looks += 1
            over = looks % ASK == 0 and not self.ask()      # asked first: what a task that is gone wrote is there now
            for result in self.news():
                left -= 1
                yield result
            if over and left:
                print(f"run: Slurm has ended all tasks, {left} jobs without a result; what the tasks said is in {self.folder}", flush=True)
                return

    def running(self, left):
        return min(self.alive, left)

    def stop(self):
        """End what is left of the array, and wait until it is gone."""
        if not self.array:
            return
        if self.ask():
            call("scancel", self.array)
        deadline = time.monotonic() + PATIENCE
        while self.ask() and time.monotonic() < deadline:
            time.sleep(LOOK)
        if not any(path.stat().st_size for path in self.folder.glob("said-*")):
            shutil.rmtree(self.folder)
