#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: whatever befalls a regression, it says so, leaves no process behind, and keeps what it knows.

Unknown options, folders that cannot be written, a full disk, killed jobs, interrupts, and two regressions at the same time.
It fails if a process survives, a result is lost or made up, or a text does not name the cause.
"""
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
from bench_of_tests import PATIENCE, TOP, RunnerTest, main, wait_until       # noqa: E402, beside this file
sys.path.insert(0, str(TOP / "scripts"))
from regress.engine import descendants      # noqa: E402

OWN_MOUNTS = ["unshare", "-rm"]


def names_below(pid):
    """Names of the processes that pid and its children have started."""
    paths = [pathlib.Path(f"/proc/{one}/comm") for one in descendants(pid)]
    return [path.read_text().strip() for path in paths if path.exists()]


def can_mount():
    return subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True).returncode == 0


class Arguments(RunnerTest):
    def refused(self, text, *tests, **how):
        status, out, err = self.run_it(*tests, **how)
        self.assertEqual(status, 2, out + err)
        self.assertIn(text, err)
        self.assertEqual(self.stored(), [])

    def test_unknown_option(self):
        self.refused("unrecognized arguments: --what", "pass_one", options=["--what"])

    def test_unknown_engine(self):
        self.refused("ENGINE=cloud: no such engine; there are parallel, slurm", "pass_one", options=["--engine", "cloud"])

    def test_limit(self):
        for limit in ("0", "-1", "soon"):
            self.refused(f"LIMIT={limit}: needs a whole number", "pass_one", options=["--limit", limit])

    def test_failed_without_a_run_before(self):
        self.refused("FAILED=1: there is no earlier run", "pass_one", options=["--failed"])

    def test_failed_without_a_failure(self):
        self.run_it("pass_one")
        status, _, err = self.run_it("pass_one", options=["--failed"])
        self.assertEqual(status, 2)
        self.assertIn("FAILED=1: nothing of this failed in the last run", err)

    def test_no_bench(self):
        (self.bench / "bench-model").unlink()
        self.refused("make sim builds it", "pass_one")


class Folders(RunnerTest):
    def test_log_is_a_file(self):
        (self.bench / "log").write_text("")
        status, _, err = self.run_it("pass_one")
        self.assertEqual(status, 2)
        self.assertIn("bench/log: File exists; logs and results go there", err)

    def mounted(self, mount, *tests):
        """A run that sees the log folder mounted like this."""
        if not can_mount():
            self.skipTest("this system lets nobody mount in a namespace of his own")
        log = self.bench / "log"
        log.mkdir(exist_ok=True)
        script = f'mount {mount} "$1" || exit 99; shift; exec "$@"'
        return subprocess.run([*OWN_MOUNTS, "sh", "-c", script, "sh", str(log), *self.command(*tests)],
                              check=False, capture_output=True, text=True, timeout=PATIENCE, env=self.env,
                              cwd=TOP)

    def test_log_cannot_be_written(self):
        done = self.mounted("-t tmpfs -o ro none", "pass_one")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("bench/log: not writable", done.stderr)

    def test_full_disk(self):
        done = self.mounted("-t tmpfs -o size=8k none", "fill")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("1 x the disk is full", done.stdout)
        self.assert_closing(done.stdout, 0, 1, 0)

    def test_full_disk_for_results(self):
        self.results = self.bench / "log" / "results"
        done = self.mounted("-t tmpfs -o size=8k none", "fill")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("the result could not be kept", done.stderr)
        self.assertIn("No space left on device; make room", done.stderr)
        self.assertRegex(done.stdout.splitlines()[-1], r"^\d passed, \d failed, 0 skipped$")


class Killed(RunnerTest):
    def test_killed_job(self):
        process = self.start("wait", "pass_one")
        self.assertTrue(wait_until(self.waiting))
        os.kill(self.waiting()[0], signal.SIGKILL)
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("1 x killed by SIGKILL", out)
        self.assert_closing(out, 1, 1, 0)

    def interrupted(self, number):
        process = self.start("pass_*", "wait", "fail_pin", options=["--seeds", "4"])
        self.assertTrue(wait_until(lambda: len(self.waiting()) == 2))
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        self.assert_no_process()
        return process.returncode, out, err

    def test_interrupt(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                shutil.rmtree(self.pids)
                self.pids.mkdir()
                status, out, err = self.interrupted(number)
                self.assertEqual((status, err), (1, ""), out)
                data = self.stored()[-1]
                self.assertTrue(data["interrupted"])
                self.assertEqual((data["passed"], data["failed"], data["not_run"]), (8, 0, 8))
                self.assertIn("\ninterrupted\n", out)
                self.assertIn("8 did not run\n", out)
                self.assert_closing(out, 8, 0, 0)
                self.assertEqual(len(list((self.bench / "log").glob("*pass_*.log"))), 8)
                self.assertEqual((self.bench / "log/direct-wait-seed-1.log").read_text().split("\n")[0], "waits")
                self.assertEqual(list((self.bench / "log").glob("*.part*")), [])

    def test_what_an_interrupt_left_can_be_run(self):
        self.interrupted(signal.SIGINT)
        _, out, _ = self.run_it("pass_*", "fail_pin", options=["--seeds", "4", "--failed"])
        self.assert_closing(out, 0, 4, 0)

    def test_killed_runner(self):
        status, _, _ = self.interrupted(signal.SIGKILL)
        self.assertEqual(status, -signal.SIGKILL)
        self.assertEqual(self.stored(), [])


class Together(RunnerTest):
    def test_two_builds(self):
        """The second make waits until the first one has built."""
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES")}
        folder = TOP / subprocess.run(["make", "-s", "folder"], check=True, cwd=TOP, env=env, capture_output=True, text=True).stdout.strip()
        if not (folder / "bench-model").exists():
            self.skipTest(f"{folder} is not built: make sim SIM=model")
        with open(folder / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            second = subprocess.Popen(["make", "sim", "SIM=model", "T=copy_basic"], cwd=TOP, env=env, stdout=subprocess.PIPE, text=True)
            self.assertTrue(wait_until(lambda: "flock" in names_below(second.pid)))
            self.assertIsNone(second.poll())
        out, _ = second.communicate(timeout=PATIENCE)
        self.assertEqual(second.returncode, 0, out)
        self.assertIn("1 passed, 0 failed, 0 skipped", out)

    def test_two_regressions(self):
        first = self.start("wait", "pass_*", options=["--seeds", "1"])
        self.assertTrue(wait_until(self.waiting))
        status, out, _ = self.run_it("pass_*", "fail_pin", options=["--seeds", "9"])
        self.assertEqual(status, 1)
        self.assert_closing(out, 18, 9, 0)
        self.assertEqual(len(self.waiting()), 1, "the other regression was disturbed")
        first.send_signal(signal.SIGINT)
        out, _ = first.communicate(timeout=PATIENCE)
        self.assert_closing(out, 2, 0, 0)
        self.assertEqual([len(data["results"]) for data in self.stored()], [3, 27])


if __name__ == "__main__":
    unittest.TestCase.longMessage = True
    main()
