#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: one seed decides everything. The same seed gives the same run twice; another seed gives another stimulus.

usage: tb/runner/seeds.py BENCH    (the build folder of a configuration whose bench-model and bench-direct exist)

Seeds 1 and 5 have the same memory, so that what differs is not its waiting alone. It fails if two runs of one seed differ in any pin of
any clock, if two seeds give the same input pins, or if there was nothing to compare.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
SHOWN = 60              # lines of a run that failed
SOME = ["copy_*", "random*", "driver_*", "reset_*"]


def run(bench, sim, seed, tests):
    """{test: (hash of all pins, hash of input pins)} of the tests that passed."""
    with tempfile.TemporaryDirectory() as results:
        command = [str(TOP / "scripts/run"), "--bench", bench, "--sim", sim, "--seed", str(seed), "--results", results]
        for test in tests:
            command += ["--test", test]
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
        done = subprocess.run(command, check=False, cwd=TOP, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit("\n".join([f"{sim}, seed {seed}:", *done.stdout.splitlines()[-SHOWN:]]))
        data = json.loads(next(pathlib.Path(results).glob("*/result.json")).read_text())
    return {r["test"]: (r["hash"], r["stimulus"]) for r in data["results"] if r["verdict"] == "pass"}


def different(sim, one, two):
    parted = sorted(test for test in one.keys() | two.keys() if one.get(test) != two.get(test))
    return [f"{test}: {sim}, seed 1 twice: {one.get(test)}, {two.get(test)}" for test in parted]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bench = sys.argv[1]
    first, again, other = (run(bench, "model", seed, ["*"]) for seed in (1, 1, 5))
    direct = [run(bench, "direct", 1, SOME) for _ in range(2)]
    wrong = different("model", first, again) + different("direct", *direct)
    wrong += [f"{test}: seeds 1 and 5 have the same stimulus {first[test][1]}" for test in other if first[test][1] == other[test][1]]
    for line in wrong:
        print(line)
    print(f"seeds: {len(first)} tests on the model and {len(direct[0])} on direct run twice, {len(other)} with another seed: "
          f"{len(wrong)} wrong")
    sys.exit(1 if wrong or not other or not direct[0] else 0)


main()
