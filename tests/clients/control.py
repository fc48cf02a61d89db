"""Whether the checks of `run.py` can fail: on stand-ins for mcpjwt that do it wrong, they have to.

The stand-in is tests/control/mcpjwt. In its good manner all checks pass; in each careless one
exactly those fail that are there to notice.
"""

import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Manner: what is run, and the checks that must fail.
MANNERS = {
    "": (["brief", "helper", "stdio"], None),
    "place": (["brief"], r": accepted$"),
    "spaces": (["brief"], r": accepted$"),
    "expired": (["brief", "helper"], r": accepted$|^new-.*: issued$|: its command"),
    "leak": (["stdio"], r"^stdio-(exec|managed|wrapped):"),
}


def main():
    bad = 0
    for manner, (groups, fails) in MANNERS.items():
        done = subprocess.run(
            [sys.executable, HERE / "run.py", *groups], capture_output=True, text=True,
            env={**os.environ, "NAIVE": manner, "MCPJWT": str(HERE.parent / "control/mcpjwt")},
        )
        told = re.findall(r"^(ok|FAILED) +(.+)$", done.stdout, re.MULTILINE)
        wrong = [name for state, name in told if (state == "FAILED") != bool(fails and re.search(fails, name))]
        wrong += [] if done.returncode == bool(fails) and told else [f"exit {done.returncode}: {done.stderr[-2000:]}"]
        state = "FAILED" if wrong else "ok"
        print(f"{state:6} {manner or 'good'}, {len(told)} checks", *wrong, sep="\n       ", flush=True)
        bad += bool(wrong)
    print(f"{len(MANNERS) - bad} passed, {bad} failed")
    return 1 if bad else 0


sys.exit(main())
