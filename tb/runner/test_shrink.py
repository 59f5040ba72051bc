#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: scripts/shrink finds the smallest program that fails for the same cause, and the runner shows that one.

A fake bench fails when certain steps come in a certain order. It fails if a step or a number is left that is not needed,
if another cause is taken for the same, or if what cannot be shrunk is not refused.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from bench_of_tests import TOP, RunnerTest, main     # noqa: E402, beside this file

FAKE = TOP / "tb/runner/fake_program"
SMALLEST = ["program crowd seed=1", "append ch=2 nr=3 bytes=17 key=0x7", "# step append", "stop ch=2", "# step stop"]


class Shrink(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="pqdma shrink "))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.out = self.work / "small"

    def shrink(self, test, *options):
        return subprocess.run([TOP / "scripts/shrink", "--out", self.out, *options, "--", FAKE, f"+test={test}", "+seed=1"], text=True,
                              capture_output=True)

    def test_smallest(self):
        done = self.shrink("crowd")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.out.read_text().splitlines(), SMALLEST)
        self.assertIn("61 steps became 2", done.stdout)
        self.assertIn("FAIL crowd", pathlib.Path(f"{self.out}.log").read_text())

    def test_limit(self):
        done = self.shrink("crowd", "--runs", "6")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(", the limit", done.stdout)
        self.assertIn("append ch=2", self.out.read_text())

    def test_passing_run(self):
        done = self.shrink("good")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing to shrink", done.stderr)
        self.assertFalse(self.out.exists())

    def test_run_that_fails_by_chance(self):
        done = self.shrink("moody")
        self.assertEqual(done.returncode, 1)
        self.assertIn("does not fail as the run did", done.stderr)
        self.assertFalse(self.out.exists())

    def test_bad_arguments(self):
        for options in (["--out", "/nowhere/small", "--", str(FAKE)], ["--out", str(self.out)], ["--runs", "x"]):
            done = subprocess.run([TOP / "scripts/shrink", *options], text=True, capture_output=True)
            self.assertEqual(done.returncode, 2, done.stderr)


class Runner(RunnerTest):
    def setUp(self):
        super().setUp()
        for sim in ("direct", "model"):
            (self.bench / f"bench-{sim}").unlink()
            (self.bench / f"bench-{sim}").symlink_to(FAKE)

    def test_the_small_program_is_what_the_report_shows(self):
        status, out, _ = self.run_it("crowd", "good", sim="direct,model")
        self.assertEqual(status, 1)
        self.assertIn("61 steps became 2", out)
        self.assertIn("append ch=2 nr=3 bytes=17 key=0x7", out)
        self.assertRegex(out, r"repeat: make sim T=crowd SEED=1 SIM=direct PROGRAM='.*direct-crowd-seed-1\.program'")
        programs = [r["program"] for r in self.stored()[0]["results"]]
        self.assertEqual(sum(p is not None for p in programs), 1, "one for each cause")

    def test_waves_of_the_first_run_stay(self):
        self.run_it("crowd", sim="direct")
        waves = {path.name: path.read_text() for path in self.bench.glob("waves/*.fst")}
        self.assertEqual(waves, {"crowd-direct-1.fst": "61 steps\n", "crowd-direct-1-small.fst": "2 steps\n"})

    def test_a_given_program_stays(self):
        given = self.work / "given"
        given.write_text("program crowd seed=1\nappend ch=2 nr=9 bytes=99\nstop ch=2\n")
        _, out, _ = self.run_it("crowd", options=["--plus", f"program={given}"])
        self.assertNotIn("steps became", out)


if __name__ == "__main__":
    main()
