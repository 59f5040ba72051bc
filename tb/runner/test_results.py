#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: verdicts, exit status and closing line; causes are grouped; what is stored is what happened; JUnit XML holds it all.

Fake benches end in every way a bench can. It fails if a way is taken for another, or if two causes become one.
"""
import sys
import xml.etree.ElementTree as tree

sys.dont_write_bytecode = True
from bench_of_tests import FAKE, SIMS, RunnerTest, main     # noqa: E402, beside this file

ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "timestamp", "hostname", "time", "tests", "failures", "errors", "skipped"},
    "properties": set(), "property": {"name", "value"}, "testcase": {"classname", "name", "time"},
    "failure": {"type", "message"}, "error": {"type", "message"}, "skipped": {"message"},
}


# as a bench of this configuration says of itself
DEFAULT = ("CHANNELS=4 DATA_W=128 STRIP_BYTES=1024 BUF_BYTES=4096 STRIPS=32 READS=16 DESCS=32 SOURCES=16 LINES=4 WITH_PQ=1 "
           "WITH_DESC_PORT=0")
DEFAULT_HASH = "4cfac8e8"


class Verdicts(RunnerTest):
    def test_all_pass(self):
        status, out, _ = self.run_it("pass_*", sim="direct,model")
        self.assertEqual(status, 0, out)
        self.assertIn("pin hashes: 2 of 2 tests are equal", out)
        self.assert_closing(out, 6, 0, 0)

    def test_one_fails_and_the_rest_runs(self):
        status, out, _ = self.run_it("fail_pin", "pass_*", "skip")
        self.assertEqual(status, 1)
        self.assert_closing(out, 2, 1, 1)

    def test_nothing_passed(self):
        status, out, _ = self.run_it("skip")
        self.assertEqual(status, 1, "silence is not success")
        self.assert_closing(out, 0, 0, 1)

    def test_silence_is_a_failure(self):
        status, out, _ = self.run_it("silent")
        self.assertEqual(status, 1)
        self.assertEqual(self.stored()[0]["results"][0]["cause"], "ended without a verdict of the bench")
        self.assert_closing(out, 0, 1, 0)

    def test_hashes_differ(self):
        status, out, _ = self.run_it("differs_hash", sim="direct,model")
        self.assertEqual(status, 1)
        self.assertIn("FAIL hash differs_hash seed 1: direct ", out)
        self.assert_closing(out, 2, 1, 0)

    def test_time_limit(self):
        status, out, _ = self.run_it("wait", "pass_one", options=["--limit", "1"])
        self.assertEqual(status, 1)
        self.assertIn("not finished after 1 s", out)
        self.assertEqual([r["cause"] for r in self.stored()[0]["results"]], ["not finished within the time limit", None])
        self.assert_no_process()

    def test_further_job(self):
        status, out, _ = self.run_it("pass_one", options=["--also", "check of files", "echo all good; exit 3"])
        self.assertEqual(status, 1)
        self.assertIn("FAIL check of files: exit status 3, all good", out)
        self.assert_closing(out, 1, 1, 0)


class Causes(RunnerTest):
    def test_grouped(self):
        _, out, _ = self.run_it("fail_*", "crash", "leak", options=["--seeds", "3"])
        self.assertIn("21 failed, 6 causes:", out)
        self.assertIn("6 x RTL and model differ after edge N: m_axi_awaddr", out)
        self.assertIn("3 x tb/tests/some.c:93: not true: a == b", out)
        self.assertIn("3 x tb/tests/some.c:95: done is N, expected N", out)
        self.assertIn("3 x what the bench says itself\n", out)
        self.assertIn("3 x killed by SIGSEGV", out)
        self.assertIn("3 x ERROR: AddressSanitizer: heap-use-after-free", out)

    def test_bad_option_of_the_bench(self):
        _, out, _ = self.run_it("refuse")
        self.assertIn("FAIL direct refuse seed 1: exit status 2, unknown option\n", out)
        self.assertIn("1 x refused: unknown option\n", out)

    def test_the_earliest_clock_is_repeated(self):
        _, out, _ = self.run_it("fail_pin", options=["--seeds", "3", "--seed", "5"])
        self.assertIn("repeat: make sim T=fail_pin SEED=5 SIM=direct\n      log:", out)
        self.assertEqual(out.count("the same cause as"), 2)


class Stored(RunnerTest):
    def test_everything_is_there(self):
        self.run_it("pass_one", "fail_pin", sim="direct,model", options=["--config", DEFAULT])
        data = self.stored()[0]
        self.assertEqual((data["passed"], data["failed"], data["not_run"], data["interrupted"]), (3, 2, 0, False))
        self.assertEqual(data["configuration"], DEFAULT)
        self.assertEqual(data["configuration_hash"], DEFAULT_HASH)
        self.assertTrue({"pqdma", "verilator", "iverilog", "gcc", "python", "system"} <= set(data["versions"]))
        good = [r for r in data["results"] if r["verdict"] == "pass"]
        self.assertEqual([(r["sim"], r["test"], r["seed"]) for r in good], [("direct", "pass_one", 1), ("model", "pass_one", 1)])
        self.assertEqual({(r["hash"], r["stimulus"]) for r in good}, {("0000000000000001", "0000000000000001")})
        self.assertTrue(all(r["seconds"] >= 0 for r in data["results"]))
        self.assertEqual([r["clock"] for r in data["results"]], [None, None, 110, 110])

    def test_report_file(self):
        self.run_it("fail_*")
        text = next(self.results.glob("*/report.txt")).read_text()
        for part in ("configuration ", "verilator: ", "5 failed, 4 causes:", "also: direct fail_pin_again seed 1"):
            self.assertIn(part, text)

    def test_only_what_failed(self):
        options = ["--seeds", "2"]
        self.run_it("pass_*", "fail_check", options=options)
        _, out, _ = self.run_it("pass_*", "fail_check", options=options + ["--failed"])
        self.assert_closing(out, 0, 2, 0)

    def test_stop(self):
        status, out, _ = self.run_it("fail_pin", "pass_*", options=["--stop", "--seeds", "20"])
        self.assertEqual(status, 1)
        data = self.stored()[0]
        self.assertGreater(data["not_run"], 0)
        self.assertEqual(data["passed"] + data["failed"] + data["not_run"], 60)
        self.assertIn(f"{data['not_run']} did not run\n", out)
        _, out, _ = self.run_it("fail_pin", "pass_*", options=["--failed", "--seeds", "20"])
        self.assertIn(f"/{data['not_run'] + data['failed']}] ", out)


class Configurations(RunnerTest):
    def test_two_in_one_run(self):
        other = self.work / "other"
        other.mkdir()
        for sim in SIMS:
            (other / f"bench-{sim}").symlink_to(FAKE)
        options = ["--make-options", "DATA_W=32", "--also-bench", str(other), "DATA_W=64 WITH_PQ=0"]
        _, out, _ = self.run_it("pass_one", "fail_check", sim="direct,model", options=options)
        self.assert_closing(out, 6, 4, 0)
        self.assertIn("pin hashes: 2 of 2", out)
        self.assertIn("PASS DATA_W=64 WITH_PQ=0: model pass_one seed 1: ", out)
        data = self.stored()[0]
        self.assertEqual({r["repeat"] for r in data["results"] if r["test"] == "fail_check"},
                         {f"make sim T=fail_check SEED=1 SIM={sim} {config}" for sim in ("direct", "model")
                          for config in ("DATA_W=32", "DATA_W=64 WITH_PQ=0")})
        self.assertEqual(len({r["log"] for r in data["results"]}), 8)
        _, out, _ = self.run_it("pass_one", "fail_check", sim="direct,model", options=options + ["--failed"])
        self.assert_closing(out, 0, 4, 0)


class JUnit(RunnerTest):
    def test_elements(self):
        self.run_it("pass_one", "fail_pin", "skip", "differs_hash", sim="direct,model")
        top = tree.parse(next(self.results.glob("*/junit.xml"))).getroot()
        self.assertEqual(top.tag, "testsuites")
        for element in top.iter():
            self.assertEqual(set(element.keys()), ATTRIBUTES[element.tag], element.tag)
        for suite in top:
            cases = suite.findall("testcase")
            self.assertEqual(int(suite.get("tests")), len(cases))
            self.assertEqual(int(suite.get("failures")), len(suite.findall("testcase/failure")))
            self.assertEqual(int(suite.get("skipped")), len(suite.findall("testcase/skipped")))
        self.assertEqual([suite.get("name") for suite in top], ["direct", "model", "equality"])
        self.assertEqual((top.get("tests"), top.get("failures"), top.get("skipped")), ("10", "3", "2"))
        self.assertIn("repeat: make sim T=fail_pin SEED=1 SIM=direct", top.find(".//failure").text)


if __name__ == "__main__":
    main()
