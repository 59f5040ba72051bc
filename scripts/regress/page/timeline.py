# SPDX-License-Identifier: MIT
"""Timelines of runs, drawn by scripts/timeline from what make sim TIMELINE=1 has left."""
import base64
import pathlib
import subprocess
import tempfile

from .html import code, tag, text

BEFORE = 400            # clocks that are shown in front of a failure
SCRIPT = str(pathlib.Path(__file__).parents[2] / "timeline")


def draw(path, clock):
    """(SVG, what went wrong): all of it, or what lies before the clock."""
    window = ["--from", str(max(0, clock - BEFORE)), "--to", str(clock)] if clock is not None else []
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "timeline.svg"
        done = subprocess.run([SCRIPT, str(path), "--svg", str(out), *window], check=False, capture_output=True, text=True)
        if done.returncode or not out.is_file():
            return b"", (done.stderr.strip().splitlines() or ["it drew nothing"])[-1]
        return out.read_bytes(), ""


def of_result(result, begin):
    """The timeline that a run since begin (seconds) has left, if it has. An object, not an image: what lies under the pointer is told."""
    path = pathlib.Path(result["bench"]) / f"timeline/{result['test']}-{result['sim']}-{result['seed']}.json"
    if not path.is_file() or path.stat().st_mtime < begin:
        return ""
    svg, wrong = draw(path, result["clock"])
    if wrong:
        return tag("p", f"The timeline {code(path)} cannot be drawn: {text(wrong)}", class_="dim")
    said = f"Timeline of {text(result['name'])}, in clocks: {code(path)}; Perfetto opens it too."
    data = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    drawn = tag("object", text(f"timeline of {result['name']}"), type="image/svg+xml", data=data)
    return tag("figure", tag("div", drawn, class_="scroll", tabindex="0") + tag("figcaption", said))
