# SPDX-License-Identifier: MIT
"""GNU parallel runs the jobs of a regression on this machine.

An engine takes plain command lines and yields (number, exit status, seconds) as they end; stop() leaves no process behind.
"""
import contextlib
import ctypes
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from .jobs import die

JOB = str(pathlib.Path(__file__).with_name("job").relative_to(pathlib.Path(__file__).parents[2]))
PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 8            # seconds that ended processes have before they are killed; the job's own timeout waits for 5


def command_lines(jobs):
    """One line a job; its number in the list comes back with the result."""
    first = ["exec", "setpriv", "--pdeathsig", "KILL", JOB]
    return [shlex.join([*first, str(job.limit), job.log, str(number), *job.argv]) + "\n" for number, job in enumerate(jobs)]


def read_result(line):
    number, status, milliseconds = map(int, line.split())
    return number, status, milliseconds / 1000


def descendants(pid):
    """Every process below pid, from /proc."""
    children = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = path.read_text(errors="replace")
            state, parent = text.rsplit(")", 1)[1].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(path.parent.name))
    found = []
    todo = [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def end_processes(pid):
    """End everything below pid: first by asking, then by force."""
    deadline = time.monotonic() + PATIENCE
    asked = set()
    while left := descendants(pid):
        force = time.monotonic() > deadline
        for one in left:
            if force or one not in asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL if force else signal.SIGTERM)
        asked.update(left)
        time.sleep(0.02)


class Parallel:
    """GNU parallel."""

    @staticmethod
    def normal_jobs():
        """How many at once, if nobody says."""
        return len(os.sched_getaffinity(0))

    def __init__(self, jobs, at_once, _folder):
        if not shutil.which("parallel"):
            die("GNU parallel is missing: run sh scripts/setup")
        self.jobs, self.at_once = jobs, at_once

    def results(self):
        # Orphans come to this process, so that end_processes() finds them. Should it be killed itself, so is parallel.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        command = ["setpriv", "--pdeathsig", "KILL", "parallel", "--will-cite", "-j", str(self.at_once), "--line-buffer"]
        with tempfile.TemporaryFile("w+") as todo:      # a pipe would be full long before the last line, and no result would be seen
            todo.writelines(command_lines(self.jobs))
            todo.seek(0)
            env = dict(os.environ, PARALLEL_SHELL="/bin/sh")
            with subprocess.Popen(command, text=True, stdin=todo, stdout=subprocess.PIPE, start_new_session=True, env=env) as process:
                for line in process.stdout:
                    yield read_result(line)

    def running(self, left):
        return min(self.at_once, left)

    def stop(self):
        end_processes(os.getpid())
