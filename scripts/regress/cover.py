# SPDX-License-Identifier: MIT
"""Functional coverage of a run: collected in a folder of its own, put together by scripts/cover, shown in a line."""
import os
import pathlib
import shutil
import subprocess

SCRIPT = str(pathlib.Path("scripts/cover"))


def begin(folder, run):
    """Make the folder where the jobs of this run write; two runs at the same time have two."""
    own = f"{folder}.{run}"
    os.makedirs(own)
    return own


def total(bench, own, folder):
    """(good, lines to show). What this run has hit takes the place of what was in folder; the table goes to FOLDER.txt beside it."""
    if not any(pathlib.Path(own).glob("*.txt")):
        shutil.rmtree(own)
        return True, []
    command = [SCRIPT, "--bench", f"{bench}/bench-model", "--data", own, "--out", f"{folder}.txt", "--brief"]
    said = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(own, folder)
    return said.returncode == 0, said.stdout.splitlines()
