# SPDX-License-Identifier: MIT
"""Functional coverage of a run: collected in a folder of its own, put together by scripts/cover, shown in a line."""
import os
import pathlib
import shutil
import subprocess

SCRIPT = str(pathlib.Path("scripts/cover"))


def total(bench, own, folder):
    """(good, lines to show). What this run has hit takes the place of what was in folder; the table goes to FOLDER.txt beside it."""
    if not any(pathlib.Path(own).glob("*.txt")):
        shutil.rmtree(own)
        pathlib.Path(f"{folder}.txt").unlink(missing_ok=True)       # an earlier run's is not this one's
        return True, []
    command = [SCRIPT, "--bench", f"{bench}/bench-model", "--data", own, "--out", f"{folder}.txt", "--brief"]
    said = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        os.rename(own, folder)
    except OSError:         # another run has put its own there
        shutil.rmtree(own)
    return said.returncode == 0, said.stdout.splitlines()
