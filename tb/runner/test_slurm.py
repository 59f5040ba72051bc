#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: ENGINE=slurm runs the same jobs with the same results; an interrupt ends them; lost tasks are not taken for passed.

The test brings up a Slurm of one node, in a folder of its own, as whoever runs it. Where that cannot be, it says why and is skipped.
It fails if a result differs from that of GNU parallel, or if a process survives.
"""
import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from bench_of_tests import PATIENCE, RunnerTest, main, wait_until       # noqa: E402, beside this file

TOOLS = ("sbatch", "squeue", "scancel", "sinfo", "slurmctld", "slurmd", "munged")
CPUS = 2

CONFIG = """ClusterName=pqdma
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={work}/munge.socket
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={work}/state
SlurmdSpoolDir={work}/spool
SlurmctldPidFile={work}/slurmctld.pid
SlurmdPidFile={work}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    """munged, slurmctld and slurmd, each a child of this process."""

    def __init__(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="pqdma-slurm-"))
        self.env = dict(os.environ, SLURM_CONF=str(self.work / "slurm.conf"))
        self.children = []

    def why_not(self):
        """Bring it up; returns why it cannot be, or nothing."""
        path = os.environ["PATH"] + ":/usr/sbin:/sbin"
        missing = [tool for tool in TOOLS if not shutil.which(tool, path=path)]
        if missing:
            return f"there is no {', '.join(missing)}; sh scripts/setup slurm installs them"
        self.env["PATH"] = path
        for name in ("state", "spool"):
            (self.work / name).mkdir()
        (self.work / "key").write_bytes(os.urandom(1024))
        (self.work / "key").chmod(0o600)
        self.work.chmod(0o755)
        host = socket.gethostname().split(".")[0]
        text = CONFIG.format(host=host, user=getpass.getuser(), work=self.work, ports=free_ports(2), cpus=CPUS)
        (self.work / "slurm.conf").write_text(text)
        munge = [f"--{name}={self.work}/{file}" for name, file in (("key-file", "key"), ("socket", "munge.socket"), ("seed-file", "seed"),
                                                                   ("pid-file", "munge.pid"), ("log-file", "munge.log"))]
        self.start("munged", "--force", "--foreground", *munge)
        if not wait_until((self.work / "munge.socket").exists):
            return f"munged does not start: {self.said('munged')}"
        self.start("slurmctld", "-D")
        self.start("slurmd", "-D")
        if not wait_until(self.is_idle):
            return f"no node: {self.said('slurmctld')}; {self.said('slurmd')}"
        return None

    def start(self, name, *options):
        with open(self.work / f"{name}.said", "w") as said:
            self.children.append(subprocess.Popen([name, *options], env=self.env, stdin=subprocess.DEVNULL, stdout=said, stderr=said))

    def said(self, name):
        """The last error of one of them."""
        lines = (self.work / f"{name}.said").read_text(errors="replace").splitlines()
        return ([line for line in lines if "rror" in line or "fatal" in line] or lines or ["nothing"])[-1]

    def is_idle(self):
        done = subprocess.run(["sinfo", "-h", "-o", "%T"], check=False, env=self.env, capture_output=True, text=True)
        return done.stdout.split() == ["idle"]

    def stop(self):
        for child in reversed(self.children):
            child.terminate()
            child.wait(PATIENCE)
        shutil.rmtree(self.work, ignore_errors=True)


class OnSlurm(RunnerTest):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.stop)
        why = cls.cluster.why_not()
        if why:
            raise unittest.SkipTest(why)

    def setUp(self):
        super().setUp()
        self.env.update(self.cluster.env)

    def test_same_results(self):
        tests = ("pass_*", "fail_*", "skip", "crash", "differs_hash")
        found = []
        for options in (["--engine", "slurm", "--jobs", "3"], []):
            status, out, err = self.run_it(*tests, sim="direct,model", options=["--seeds", "2", *options])
            self.assertEqual((status, err), (1, ""), out)
            self.assert_closing(out, 16, 26, 4)
            found.append([{k: r[k] for k in ("name", "verdict", "exit", "hash", "cause", "clock")} for r in self.stored()[-1]["results"]])
        self.assertEqual(found[0], found[1])
        self.assertEqual([data["engine"] for data in self.stored()], ["slurm", "parallel"])
        self.assertEqual(list(self.results.glob("*.slurm")), [], "what Slurm needed is gone")

    def test_interrupt(self):
        process = self.start("wait", "pass_*", options=["--engine", "slurm", "--jobs", "3"])
        self.assertTrue(wait_until(self.waiting))
        self.assertTrue(wait_until(lambda: len(list((self.bench / "log").glob("*pass_*.log"))) == 2))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=2 * PATIENCE)
        self.assertEqual((process.returncode, err), (1, ""))
        self.assert_no_process()
        self.assertIn("interrupted", out)
        self.assertEqual(out.splitlines()[-1].split(", ")[1], "0 failed")

    def test_lost_task(self):
        process = self.start("wait", "pass_*", options=["--engine", "slurm", "--jobs", "1"])
        self.assertTrue(wait_until(self.waiting))
        subprocess.run(["scancel", "--name=pqdma"], check=True, env=self.env)
        out, _ = process.communicate(timeout=2 * PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn("jobs without a result", out)
        self.assertIn("did not run", out)
        self.assert_no_process()

    def test_no_cluster(self):
        self.env["SLURM_CONF"] = str(self.work / "none.conf")
        status, _, err = self.run_it("pass_one", options=["--engine", "slurm"])
        self.assertEqual(status, 2)
        self.assertIn("ENGINE=slurm: no cluster answers", err)


class NotInstalled(RunnerTest):
    def test_no_sbatch(self):
        self.env["PATH"] = str(self.work)
        (self.work / "python3").symlink_to(sys.executable)
        (self.work / "sh").symlink_to("/bin/sh")
        for tool in ("cat", "env"):
            (self.work / tool).symlink_to(shutil.which(tool))
        status, _, err = self.run_it("pass_one", options=["--engine", "slurm"])
        self.assertEqual(status, 2, err)
        self.assertIn("ENGINE=slurm: there is no sbatch; sh scripts/setup slurm installs it", err)


if __name__ == "__main__":
    main()
