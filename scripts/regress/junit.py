# SPDX-License-Identifier: MIT
"""A stored result as JUnit XML, as CI systems read it: a test suite for each simulator, a test case for each job."""
import re
import xml.etree.ElementTree as tree

LOG_LINES = 200


def printable(text):
    """XML 1.0 has no control characters."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", text)


def log_end(path):
    if not path:
        return ""
    try:
        with open(path, errors="replace") as log:
            return "".join(log.readlines()[-LOG_LINES:])
    except OSError as error:
        return f"{path}: {error.strerror}"


def add_case(suite, result):
    case = tree.SubElement(suite, "testcase", classname=f"pqdma.{suite.get('name')}",
                           name=result["name"], time=f"{result['seconds'] or 0:.3f}")
    if result["verdict"] == "fail":
        fail = tree.SubElement(case, "failure", type="failure", message=printable(result["cause"]))
        fail.text = printable(f"{log_end(result['log'])}\nrepeat: {result['repeat']}\n")
    elif result["verdict"] == "none":
        tree.SubElement(case, "error", type="not run", message="did not run")
    elif result["verdict"] == "skip":
        tree.SubElement(case, "skipped", message=printable(result["text"]))


def equality(compared):
    """Equal pins on all simulators, as one more result for each test."""
    for e in compared:
        name = f"{e['where']}{e['test']} seed {e['seed']} equal on {', '.join(e['hashes'])}"
        text = ", ".join(f"{sim} {h}" for sim, h in e["hashes"].items())
        yield {"name": name, "seconds": 0, "verdict": "pass" if e["equal"] else "fail", "cause": f"pin hashes differ: {text}",
               "log": "", "repeat": f"make sim T={e['test']} SEED={e['seed']} SIM={','.join(e['hashes'])}"}


def count(suite):
    """What the attributes of a suite say."""
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in tags.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(float(case.get('time')) for case in suite.findall('testcase')):.3f}")


def xml(data):
    """The text of the file."""
    suites = {}
    for result in data["results"]:
        suites.setdefault(result["sim"] or "checks", []).append(result)
    if data["pin_hashes"]:
        suites["equality"] = list(equality(data["pin_hashes"]))
    top = tree.Element("testsuites", name="pqdma", time=f"{data['seconds']:.3f}")
    for name, results in suites.items():
        suite = tree.SubElement(top, "testsuite", name=name, timestamp=data["begin"].split("+")[0], hostname="localhost")
        properties = tree.SubElement(suite, "properties")
        known = {"configuration": data["configuration"], "configuration hash": data["configuration_hash"], **data["versions"]}
        for key, value in known.items():
            tree.SubElement(properties, "property", name=key, value=printable(value))
        for result in results:
            add_case(suite, result)
        count(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        top.set(name, str(sum(int(suite.get(name)) for suite in top)))
    tree.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tree.tostring(top, encoding="unicode") + "\n"
