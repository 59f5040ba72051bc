# SPDX-License-Identifier: MIT
"""Which jobs there are: tests x seeds x simulators x configurations, each a plain command line with a log of its own."""
import difflib
import fnmatch
import os
import re
import subprocess
import sys

SIMS = ("direct", "verilator", "systemc", "icarus", "model")
SKIPPED = 77
REFUSED = 2
TIMED_OUT = (124, 137)      # ended by timeout's TERM, or by its KILL
LINE_LENGTH = 400       # longest line that is shown
VERDICT = re.compile(r"(PASS|SKIP|FAIL) ")


def die(text):
    print(f"run: {text}", file=sys.stderr)
    sys.exit(2)


def words(values):
    return [w for v in values or [] for w in re.split(r"[,\s]+", v) if w]


def command_of(bench, sim):
    """The command that starts the bench on a simulator, as a list."""
    if sim == "icarus":
        return ["vvp", "-n", f"-M{bench}/icarus", "-mtb_vpi", f"{bench}/icarus/tb_top.vvp", "-fst"]
    return [f"{bench}/bench-{sim}"]


def known_tests(bench):
    """{name: flags} of the tests that are linked into the bench."""
    command = command_of(bench, "model") + ["+list"]
    try:
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        die(f"--bench {bench}: {error}; make sim builds it")
    tests = {}
    for line in text.splitlines():
        name, flags, _ = line.split("\t", 2)
        tests[name] = set(flags.split(",")) - {""}
    return tests


def choose_tests(patterns, tests):
    chosen = []
    for pattern in patterns:
        found = [t for t in tests if fnmatch.fnmatchcase(t, pattern)]
        if not found:
            near = difflib.get_close_matches(pattern, tests, 3, 0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            die(f"T={pattern}: no such test{hint}\ntests are: {' '.join(sorted(tests))}")
        chosen += [t for t in found if t not in chosen]
    return chosen


def choose_sims(names):
    if names == ["all"]:
        return list(SIMS)
    for name in names:
        if name not in SIMS:
            die(f"SIM={name}: no such simulator; there are {', '.join(SIMS)}, or all")
    return names


class Job:
    """One command line, its log file, and what came of it."""

    def __init__(self, bench, name, argv, again, sim=None, test=None, seed=None):
        self.bench, self.name, self.argv, self.again = bench, name, argv, again
        self.sim, self.test, self.seed = sim, test, seed
        said = f"{sim} {test} seed {seed}" if test else name
        self.log = os.path.join(bench, "log", re.sub(r"[^\w.-]+", "-", said) + ".log")
        self.exit = self.seconds = None
        self.limit = 0
        self.where = ""
        self.disk_full = False
        self.program = False    # its stimulus is a program that can be made small
        self.small = None       # {path, text} of that program
        self.lines = []

    def ended(self, status, seconds):
        """The engine has a result: read what the job has said."""
        self.exit, self.seconds = status, seconds
        try:
            with open(self.log, errors="replace") as log:
                self.lines = [line.rstrip("\n")[:LINE_LENGTH] for line in log]
        except OSError as error:
            self.lines = [f"no log: {self.log}: {error.strerror}"]
        self.disk_full = self.verdict() == "fail" and os.statvfs(os.path.dirname(self.log)).f_bavail == 0

    def verdict(self):
        """pass, skip, fail, or none for a job that did not run to its end."""
        if self.exit is None:
            return "none"
        if self.exit == SKIPPED:
            return "skip"
        if self.exit or self.test and not self.pin_hash():      # a simulator that ends without the bench's verdict has proved nothing
            return "fail"
        return "pass"

    def timed_out(self):
        return self.exit in TIMED_OUT and self.seconds >= self.limit

    def refused(self):
        """Did the bench not even begin, since its arguments are wrong?"""
        return bool(self.test) and self.exit == REFUSED

    def summary(self):
        found = [line for line in self.lines if VERDICT.match(line)] or [line for line in self.lines if line.strip()]
        if not found:
            return "no output"
        if self.refused():
            return found[0]
        return found[-1].split(":", 1)[-1].strip() if VERDICT.match(found[-1]) else found[-1]

    def text(self):
        """What the line of a result says after the name."""
        if self.verdict() != "fail":
            return self.summary()
        if self.timed_out():
            return f"not finished after {self.limit} s"
        if self.disk_full:
            return f"exit status {self.exit}, and the disk of {self.log} is full"
        return f"exit status {self.exit}, {self.summary()}"

    def remarks(self):
        """What the test has to say about itself: lines that begin with its name."""
        return [line for line in self.lines if self.test and line.startswith(f"{self.test}: ")]

    def pin_hash(self):
        found = re.search(r"\bhash ([0-9a-f]{16})\b", self.summary())
        return found.group(1) if found else None

    def repeat(self):
        """The command that repeats it: as the bench says, which knows its configuration, or as make would be called."""
        said = [line.split(": ", 1)[1] for line in self.lines if line.startswith("repeat: ")]
        return (said[-1] if said else self.again) + (f" PROGRAM='{self.small['path']}'" if self.small else "")


def bench_jobs(args, cover):
    """The jobs of tests in all configurations; cover is the folder for functional coverage of the first one, or nothing."""
    jobs = configuration_jobs(args, args.bench, args.sims, args.make_options.strip(), cover)
    for bench, options in args.also_bench:
        jobs += configuration_jobs(args, bench, args.also_sims, options, None)
    return jobs


def configuration_jobs(args, bench, sims, options, cover):
    """The jobs of one configuration; options are what make needs to come to it, and stand in the name if there are several."""
    jobs = []
    tests = known_tests(bench)
    where = f"{options}: " if args.also_bench and options else ""
    again = f" {options}" if options else ""
    for test in choose_tests(words(args.test) or ["*"], tests):
        for sim in sims:
            if args.quick and sim == "icarus" and "long" in tests[test]:
                continue
            for seed in range(args.seed, args.seed + args.seeds):
                argv = command_of(bench, sim) + [f"+test={test}", f"+seed={seed}"] + [f"+{option}" for option in args.plus]
                if not args.no_waves and not args.coverage:
                    argv.append(f"+{'waves' if args.waves else 'failure_waves'}={bench}/waves/{test}-{sim}-{seed}.fst")
                if args.timeline:
                    argv.append(f"+timeline={bench}/timeline/{test}-{sim}-{seed}.json")
                if cover:
                    argv.append(f"+cover={cover}/{test}-{sim}-{seed}.txt")
                if args.coverage:
                    argv = ["env", f"PQDMA_COVERAGE={args.coverage}/{test}-{sim}-{seed}.dat"] + argv
                jobs.append(Job(bench, f"{where}{sim} {test} seed {seed}", argv, f"make sim T={test} SEED={seed} SIM={sim}{again}",
                                sim, test, seed))
                jobs[-1].where = where
                jobs[-1].program = "program" in tests[test] and not args.coverage and "+program=" not in "".join(argv)
    return jobs


def compare_hashes(jobs):
    """One more test for each test and seed that passed on more than one simulator: [{test, seed, bench, hashes, equal}]."""
    groups = {}
    for job in jobs:
        if job.test and job.verdict() == "pass":
            groups.setdefault((job.bench, job.test, job.seed), []).append(job)
    verdicts = []
    for (bench, test, seed), group in groups.items():
        if len(group) < 2:
            continue
        hashes = {job.sim: job.pin_hash() for job in group}
        verdicts.append({"bench": bench, "where": group[0].where, "test": test, "seed": seed, "hashes": hashes,
                         "equal": len(set(hashes.values())) == 1})
    return verdicts
