# SPDX-License-Identifier: MIT
"""A folder with fake benches, and scripts/run on it: what all tests of the runner share."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
FAKE = TOP / "tb/runner/fake_bench"
SIMS = ("direct", "verilator", "model")
PATIENCE = 150          # seconds until something that must happen counts as not happening


def wait_until(true):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


class RunnerTest(unittest.TestCase):
    """Each test has a build folder of its own, with a blank in its name."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="pqdma runner "))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.bench = self.work / "bench"
        self.pids = self.work / "pids"
        self.results = self.work / "results"
        for folder in (self.bench, self.pids):
            folder.mkdir()
        for sim in SIMS:
            (self.bench / f"bench-{sim}").symlink_to(FAKE)
        self.env = dict(os.environ, PIDS=str(self.pids))

    def command(self, *tests, sim="direct", options=()):
        command = [str(TOP / "scripts/run"), "--bench", str(self.bench), "--results", str(self.results), "--sim", sim, "--jobs", "2"]
        for test in tests:
            command += ["--test", test]
        return command + list(options)

    def start(self, *tests, **how):
        return subprocess.Popen(self.command(*tests, **how), cwd=TOP, env=self.env, text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def run_it(self, *tests, **how):
        """(exit status, standard output, standard error)"""
        process = self.start(*tests, **how)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out, err

    def assert_closing(self, out, passed, failed, skipped):
        self.assertEqual(out.splitlines()[-1], f"{passed} passed, {failed} failed, {skipped} skipped", out)

    def stored(self):
        """Every stored result, oldest first."""
        return [json.loads(path.read_text()) for path in sorted(self.results.glob("*/result.json"))]

    def waiting(self):
        """Processes of waiting tests that are alive."""
        pids = [int(path.name) for path in self.pids.iterdir()]
        return [pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()]

    def assert_no_process(self):
        self.assertTrue(list(self.pids.iterdir()), "no test has begun to wait")
        self.assertTrue(wait_until(lambda: not self.waiting()), f"still there: {self.waiting()}")


def main():
    """Run the tests of the calling file; the last line counts."""
    result = unittest.main(exit=False, verbosity=1).result
    skipped = len(result.skipped)
    for test, reason in result.skipped:
        print(f"SKIP {re.sub(r' .*', '', str(test))}: {reason}")
    bad = len(result.failures) + len(result.errors)
    print(f"{pathlib.Path(sys.argv[0]).stem}: {result.testsRun - skipped - bad} checked, {bad} failed, {skipped} skipped")
    if bad or not result.testsRun:
        sys.exit(1)
    sys.exit(77 if skipped == result.testsRun else 0)
