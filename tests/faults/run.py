#!/usr/bin/env python3
"""Tries to make the real program tear, lose or half write a file that others own.

    tests/faults/run.py [-v] [--control] [CHECK..]

Wants MCPJWT (the program; default target/debug/mcpjwt), strace and, for some checks, root.
With MCPJWT_TEST_ALL set it tries much more. With --control the program is a naive one,
tests/control/writer and tests/control/rotor, and each check must *fail* on it: a check that
cannot fail proves nothing. CHECK is a part of the name of a check.

What an install is, and what a file may hold after it, is in `installs.py`; `lifecycle.py` has a
manifest with all its tokens and keys.
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import installs  # their checks come into CHECKS
import lifecycle
from harness import CHECKS, CONTROL, ONLY, SETUP, VERBOSE, Failed, NotHere

# Checks that the program cannot pass yet. It must fail them: one that passes is taken off here.
LATER = set()


def main():
    if not CONTROL and not SETUP.program.exists():
        print(f"error: there is no program at `{SETUP.program}`; build it, or name it in MCPJWT")
        print("0 passed, 1 failed")
        return 1
    passed = failed = 0
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mcpjwt-faults-", dir=memory))
    scratch.chmod(0o711)
    try:
        bring_program(scratch)
        for number, (name, (SETUP.manner, reason), function) in enumerate(CHECKS):
            if ONLY and not any(part in name for part in ONLY):
                continue
            folder = scratch / str(number)
            folder.mkdir()
            started = time.monotonic()
            why, broken = None, False
            try:
                function(folder)
            except Failed as failure:
                why = str(failure)
            except NotHere as failure:
                print(f"note: not tried: {name}: {failure}")
                continue
            except Exception as failure:  # the check itself is broken: no verdict on the program
                why, broken = f"{type(failure).__name__}: {failure}", True
            seconds = time.monotonic() - started
            good = not broken and (why is None) != (CONTROL or name in LATER)
            if CONTROL and good and not re.search(reason, why):
                why, good = f"it fails, but not by `{reason}`: {why}", False
            passed, failed = passed + good, failed + (not good)
            if not good and why is None and name in LATER:
                why = "it passes: take it off LATER"
            if VERBOSE or not good:
                print(f"{'ok' if good else 'FAILED':6} {seconds:5.1f} s  {name}" + (f"\n       {why}" if why else ""), flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def bring_program(scratch):
    """Puts the programs where every user can run them: the tree may be below a private home."""
    folder = scratch / "bin"
    folder.mkdir()
    if SETUP.program.exists():
        SETUP.program = shutil.copy2(SETUP.program, folder / "mcpjwt")
    SETUP.writer = shutil.copy2(SETUP.writer, folder / "writer")
    SETUP.rotor = shutil.copy2(SETUP.rotor, folder / "rotor")
    for path in folder.iterdir():
        path.chmod(0o755)
    folder.chmod(0o755)


sys.exit(main())
