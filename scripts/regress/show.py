# SPDX-License-Identifier: MIT
"""What a regression shows while it runs: a line for each job that has ended, and on a terminal a last line that moves."""
import sys
import time

REPORT_LINES = 60
FEW_JOBS = 8            # up to so many, what a passing test says about itself is shown
WORDS = {"pass": "PASS", "skip": "SKIP", "fail": "FAIL"}


class Show:
    def __init__(self, total, engine, live=None):
        self.total, self.engine, self.done, self.failed, self.begin = total, engine, 0, 0, time.monotonic()
        self.live = sys.stdout.isatty() if live is None else live

    def result(self, job, lines):
        self.done += 1
        self.failed += job.verdict() == "fail"
        self.end()
        print(f"[{self.done:{len(str(self.total))}}/{self.total}] {WORDS[job.verdict()]} {job.name}: {job.text()}")
        if job.verdict() == "pass" and self.total <= FEW_JOBS:
            lines = job.remarks()
        for line in lines:
            print(f"    {line}")
        if self.live:
            print(self.bar(), end="")
        sys.stdout.flush()

    def bar(self):
        left = self.total - self.done
        seconds = (time.monotonic() - self.begin) / max(self.done, 1) * left
        return f"{self.done} done, {self.failed} failed, {self.engine.running(left)} running, {left} to go, about {seconds:.0f} s left"

    def end(self):
        if self.live:
            print("\r\033[K", end="")


def failure_lines(job):
    """The end of what a failed job has said, and how to repeat it."""
    shown = job.lines[-REPORT_LINES:]
    before = len(job.lines) - len(shown)
    lines = [f"... {before} lines before: {job.log}"] if before else []
    lines += shown
    if not any(line.startswith("repeat: ") for line in shown):
        lines.append(f"repeat: {job.repeat()}")
    return lines
