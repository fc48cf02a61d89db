"""What the benchmarks share: the programs, the peers, who else is busy, and the table at the end."""

import os
import pathlib
import shutil
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("MCPJWT_TEST_CACHE", TOP / "tests/.cache")).resolve()
# What others may use of the machine, in processors, where two threads are compared with one.
QUIET = 0.3


def build(name):
    """A program of its own small crate in benches/, built in the cache."""
    target = CACHE / "bench" / name
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", TOP / f"benches/{name}/Cargo.toml", "--target-dir", target],
        cwd=TOP, check=True,
    )
    return target / "release" / name


def program():
    """The release program, built; or the one named in MCPJWT, unless that is one for debugging."""
    named = os.environ.get("MCPJWT", "")
    if named and "debug" not in named:
        return pathlib.Path(named).resolve()
    subprocess.run(["cargo", "build", "--quiet", "--release", "--locked"], cwd=TOP, check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", TOP / "target")).resolve() / "release/mcpjwt"


def peers():
    """Each peer that is installed (`benches/peers` does it): its name, and where it is."""
    found = {
        "jwt-cli": _jwt(lambda said: said.startswith("jwt ")),
        "golang jwt": _jwt(lambda said: "not defined: -version" in said),
        "jose": shutil.which("jose"),
    }
    python = CACHE / "venv/bin/python"
    if python.exists():
        found["PyJWT"] = python
    modules = CACHE / "node/node_modules"
    for name, package in (("jsonwebtoken", "jsonwebtoken"), ("npm jose", "jose")):
        if shutil.which("node") and (modules / package).exists():
            found[name] = modules
    return {name: path for name, path in found.items() if path}


def _jwt(is_it):
    """Two of them are called `jwt`; what they say of their version tells which one it is."""
    folders = [CACHE / "bench/peers/bin", *map(pathlib.Path, os.get_exec_path())]
    for path in (folder / "jwt" for folder in folders):
        if os.access(path, os.X_OK) and path.is_file():
            asked = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if is_it(asked.stdout + asked.stderr):
                return path
    return None


def settled():
    """Waits until the load average has forgotten what was built before, at most three minutes, unless
    others keep the machine busy anyway; from then on they are looked at."""
    for _ in range(36):
        others = Others()
        if others.load <= QUIET:
            break
        time.sleep(5)
        if others.share() > QUIET:
            break
    return Others()


class Others:
    """How busy the machine is with what is not ours, from its making on."""

    def __init__(self):
        self.load = os.getloadavg()[0]
        self.began = time.monotonic()
        self.busy, self.own = _busy(), _own()

    def share(self):
        """In processors."""
        return max(0.0, (_busy() - self.busy) - (_own() - self.own)) / (time.monotonic() - self.began)

    def __str__(self):
        return (
            f"load average {self.load:.2f} before and {os.getloadavg()[0]:.2f} after; "
            f"others used {self.share():.2f} of {os.cpu_count()} processors"
        )


def _busy():
    """Seconds of all processors, without those that they were idle or waited."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, soft, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _own():
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def table(lines):
    """The lines of a comparison: what, the value, the most or the least that it should be (`<= 1.6`),
    and where it is not to be judged, why; at the end how many of them miss theirs."""
    judged = missed = 0
    print(f"{'line':58} {'measured':>10}  {'bound':>9}  ok")
    for what, value, bound, *why in lines:
        if value is None:
            print(f"{what:58} {'-':>10}  {bound:>9}  {why[0] if why else 'not installed'}")
            continue
        sign, _, number = bound.partition(" ")
        good = not number or (value <= float(number) if sign == "<=" else value >= float(number))
        judged += bool(number) and not why
        missed += not good and not why
        said = why[0] if why else "" if not number else "yes" if good else "NO"
        shown = f"{value:.0f}" if value >= 100 else f"{value:.2f}"
        print(f"{what:58} {shown:>10}  {bound:>9}  {said}")
    print(f"\n{missed} of {judged} bounds missed")
    return missed
