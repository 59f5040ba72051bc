#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is proved: the report page holds what was stored, needs nothing but itself, and a browser shows it without complaint.

Results come from fake benches, coverage and waves from files that are written here. In Chromium the page has no error on its console and
fits 1280 and 390 pixels; without Chromium that part is skipped. It fails if a section, a number, a log or a wave is missing.
"""
import base64
import html.parser
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from bench_of_tests import PATIENCE, TOP, RunnerTest, main      # noqa: E402, beside this file

SECTIONS = ["summary", "failures", "tests", "durations", "functional", "coverage", "performance", "registers", "runs"]
VOID = {"meta", "link", "input", "img"}

WAVES = """$scope module tb_top $end
$var wire 1 ! m_axi_awvalid $end
$var wire 64 " m_axi_awaddr [63:0] $end
$var wire 64 # expected_m_axi_awaddr [63:0] $end
$scope module inside $end
$var wire 1 $ m_axi_wvalid $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
0!
b0 "
b0 #
0$
#1000
1!
b1010101111001101 "
#1100
bx #
"""
TIMELINE = """{"traceEvents": [
{"ph": "M", "name": "process_name", "pid": 1, "tid": 0, "args": {"name": "software"}},
{"ph": "M", "name": "thread_name", "pid": 1, "tid": 1, "args": {"name": "calls"}},
{"ph": "B", "name": "issue", "pid": 1, "tid": 1, "ts": 5}, {"ph": "E", "name": "issue", "pid": 1, "tid": 1, "ts": 20},
{"ph": "X", "name": "0x100 = 0x1", "pid": 2, "tid": 1, "ts": 10, "dur": 60}]}"""
# The page says of itself how wide it is, and what its filter leaves.
PROBE = """<script>
window.addEventListener("load", () => {
	document.querySelector(".filter input[type=checkbox]").click();
	const rows = [...document.querySelectorAll("#tests tbody tr")];
	const wide = [...document.querySelectorAll("main *")].filter(e => !e.closest(".scroll, pre")
		&& e.getBoundingClientRect().right > innerWidth + 1);
	const say = document.createElement("p");
	say.id = "probe";
	say.textContent = JSON.stringify({ inner: innerWidth, scroll: document.documentElement.scrollWidth, rows: rows.length,
		shown: rows.filter(r => !r.hidden).length, wide: wide.slice(0, 5).map(e => e.outerHTML.slice(0, 90)) });
	document.body.append(say);
});
</script>"""


class Page(html.parser.HTMLParser):
    """What stands in it."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.sources, self.open, self.wrong, self.said = [], [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if tag == "a" and "href" in attributes else []
        self.sources += [attributes[name] for name in ("src", "data", "srcset") if name in attributes]
        self.sources += [attributes["href"]] if tag == "link" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.said.append(data)


class PageTest(RunnerTest):
    def setUp(self):
        super().setUp()
        self.coverage = self.work / "coverage"
        (self.coverage / "annotated").mkdir(parents=True)
        (self.coverage / "functional.txt").write_text("copy_lanes   3/4   75.00 %  lanes x lanes\n\nnever hit: copy_lanes: lane 7\n")
        (self.coverage / "files.json").write_text(json.dumps({"pqdma.v": {"line": [99, 100, 1], "toggle": [19, 20, 0]}}))
        (self.coverage / "not_hit.txt").write_text("pqdma.v line 3\npqdma.v toggle irq[3]\n")
        (self.coverage / "annotated/pqdma.v").write_text("\tmodule pqdma;\n 000012\twire a = b < c;\n%000000\twire never;\n")
        self.out = self.work / "report.html"
        (self.work / "tools").mkdir()
        shim = self.work / "tools/fst2vcd"
        shim.write_text("#!/bin/sh\ncat \"$1\"\n")
        shim.chmod(0o755)
        self.env["PATH"] = f"{shim.parent}:{self.env['PATH']}"
        (self.work / "pids.fst").write_text(WAVES)
        self.bench_with_pids()

    def bench_with_pids(self):
        """The log says where the waves are; a path there has no blank."""
        folder = tempfile.mkdtemp(prefix="pqdma-report-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        shutil.copy(self.work / "pids.fst", f"{folder}/pids.fst")
        self.env["PIDS"] = f"{folder}/pids"

    def report(self, *options):
        command = [str(TOP / "scripts/report"), "--results", str(self.results), "--coverage", str(self.coverage), "--out", str(self.out),
                   *options]
        return subprocess.run(command, check=False, cwd=TOP, env=self.env, capture_output=True, text=True, timeout=PATIENCE)

    def made(self):
        self.run_it("pass_*", "fail_*", "skip", sim="direct,model", options=["--seeds", "2"])
        self.run_it("pass_*", "fail_*", "skip", sim="direct,model", options=["--seeds", "14", "--config", "CHANNELS=4"])
        done = self.report()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.out.read_text()


class Report(PageTest):
    def test_page(self):
        text = self.made()
        page = Page(text)
        self.assertEqual((page.wrong, page.open), ([], []), "tags are not closed in order")
        self.assertEqual(len(page.ids), len(set(page.ids)), "an id stands there twice")
        self.assertEqual([name for name in page.ids if name in SECTIONS], SECTIONS)
        self.assertEqual([link for link in page.links if link[1:] not in page.ids], [], "links to nowhere")
        self.assertTrue(page.sources)
        self.assertEqual([source for source in page.sources if not source.startswith("data:")], [], "it needs a network")
        self.assertFalse(re.search(r"url\(|@import|https?://(?!www\.w3\.org)", re.sub(r"data:[^\"]*", "", text)))
        said = " ".join(page.said)
        for part in ("make sim T=fail_pin SEED=1 SIM=direct", "tb/tests/some.c:93: not true: a == b", "14/14", "75.00 %",
                     "copy_lanes: lane 7", "irq[3]", "wire a = b < c;", "IRQ_PENDING", "CHANNELS=4", "abcd", "expected_m_axi_awaddr"):
            self.assertIn(part, said)
        self.assertNotIn("m_axi_wvalid", said, "a signal from inside was taken for a pin")

    def timeline(self, text):
        """The section about a run that has left this timeline."""
        self.run_it("pass_two")
        (self.bench / "timeline").mkdir()
        (self.bench / "timeline/pass_two-direct-1.json").write_text(text)
        self.assertEqual(self.report().returncode, 0)
        return re.search(r'<section id="timeline">.*?</section>', self.out.read_text(), re.S)[0]

    def test_timeline(self):
        section = self.timeline(TIMELINE)
        drawn = base64.b64decode(re.search('data="data:image/svg[^,]*,([^"]*)"', section)[1]).decode()
        for part in ("0x100 = 0x1", "issue"):
            self.assertIn(part, drawn)
        self.assertIn("Perfetto", section)

    def test_timeline_that_is_none(self):
        self.assertIn("cannot be drawn", self.timeline('{"traceEvents": [{"ph": "M", "name": "thread_name"}]}'))

    def test_nothing_but_results(self):
        self.run_it("pass_*")
        shutil.rmtree(self.coverage)
        done = self.report("--docs", str(self.work))
        self.assertEqual(done.returncode, 0, done.stderr)
        for title in ("functional coverage; make coverage", "line and toggle coverage; make coverage", "performance", "register map"):
            self.assertIn(f"report: nothing about {title}", done.stdout)
        self.assertIn("Nothing failed.", self.out.read_text())

    def test_no_result(self):
        done = self.report()
        self.assertEqual(done.returncode, 2)
        self.assertIn("make sim or make test leaves one", done.stderr)

    def test_unknown_run(self):
        self.run_it("pass_one")
        done = self.report("--run", "yesterday")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--run yesterday: not in", done.stderr)

    def test_cannot_be_written(self):
        self.run_it("pass_one")
        self.out.mkdir()
        done = self.report()
        self.assertEqual(done.returncode, 2)
        self.assertIn("Is a directory", done.stderr)


@unittest.skipUnless(shutil.which("chromium"), "there is no chromium; sh scripts/setup report installs it")
class Browser(PageTest):
    def chromium(self, width, *options):
        with tempfile.TemporaryDirectory() as profile:
            command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                       f"--user-data-dir={profile}", f"--window-size={width},900", *options, self.out.as_uri()]
            return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    def test_no_error_and_it_fits(self):
        self.out.write_text(self.made().replace("</body>", PROBE + "</body>"))
        for width in (1280, 390):
            with self.subTest(width=width):
                done = self.chromium(width, "--dump-dom")
                self.assertEqual([line for line in done.stderr.splitlines() if "CONSOLE" in line], [])
                probe = json.loads(html.unescape(re.search(r'<p id="probe">(.*?)</p>', done.stdout)[1]))
                self.assertLessEqual(probe["inner"], max(width, 500))
                self.assertLessEqual(probe["scroll"], probe["inner"], probe["wide"])
                self.assertEqual(probe["wide"], [])
                self.assertEqual((probe["rows"], probe["shown"]), (8, 5))

    def test_console_is_heard(self):
        self.out.write_text("<script>nothing.there();</script>")
        self.assertIn("CONSOLE", self.chromium(390, "--dump-dom").stderr, "the test above would hear nothing")

    def test_picture(self):
        self.run_it("pass_one")
        picture = self.work / "page.png"
        done = self.report("--picture", str(picture))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")


if __name__ == "__main__":
    main()
