# SPDX-License-Identifier: MIT
"""What a regression shows while it runs: a line for each job that has ended, and on a terminal a last line that moves."""
import subprocess
import sys
import time

REPORT_LINES = 80
LAST_LINES = 10         # of them so many from the end
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
    """What a failed job has said: from its report on, or else the end of it; how to repeat it; how to look at its waves."""
    begin = next((i for i, line in enumerate(job.lines) if line.startswith("FAIL ")), max(0, len(job.lines) - REPORT_LINES))
    lines = [f"... {begin} lines before: {job.log}"] if begin else []
    report = job.lines[begin:]
    if len(report) > REPORT_LINES:
        left_out = len(report) - REPORT_LINES
        report = report[:REPORT_LINES - LAST_LINES] + [f"... {left_out} lines between: {job.log}"] + report[-LAST_LINES:]
    lines += report
    if not any(line.startswith("repeat: ") for line in report):
        lines.append(f"repeat: {job.repeat()}")
    return lines + waves_lines(job)


def waves_lines(job):
    """How to open the waves that the job has left, with a save file made for them."""
    found = [line.split()[1].rstrip(",") for line in job.lines if line.startswith("waves: build/")]
    if not found:
        return []
    done = subprocess.run(["scripts/waves", "--save", found[-1], "--log", job.log], check=False, capture_output=True, text=True)
    return [f"open: {done.stdout.strip()}" if done.returncode == 0 else done.stderr.strip()]
