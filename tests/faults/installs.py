"""Installs: of every fault only the bytes before it or the whole new ones may be in a file."""

import base64
import concurrent.futures
import contextlib
import itertools
import json
import os
import random
import re
import shlex
import shutil
import signal
import stat
import subprocess
import threading
import time

from harness import (
    ALL, CONTROL, FAULTS, KEY, MEMORY, NEVER_FAILS, NOBODY, PYTHON, SETUP, TOKEN, WORKERS, Failed, NotHere, check, each,
    need, stopped, system_calls,
)

OLD = "eyJhbGciOiJIUzI1NiJ9.e30.b2xk"


class Case:
    """An install: its command line, the file before it, and the one value that it may change.

    In the line `{file}` is the file, `{key}` a key, `{name}` the name of the value. `file` is
    relative to the home. Where `before` is None there is none, or what the line `first` makes.
    `after` is all of it (else `before`, with the value in place of OLD); `VALUE` in it is the
    value; GONE: there shall be none.
    """

    def __init__(self, name, line, before=None, after=None, value=TOKEN, file="work/config", first=None):
        self.name, self.line, self.before, self.file, self.first = name, line, before, file, first
        shape = before.replace(OLD, "VALUE") if after is None else after
        self.after = None if after == GONE else re.compile(re.escape(shape).replace("VALUE", f"({value})"))

    def arguments(self, world, name="TOKEN"):
        if CONTROL:
            return [PYTHON, "-ISE", SETUP.writer, SETUP.manner, world.file, name, OLD]
        return self.words(self.line, world, name)

    def words(self, line, world, name="TOKEN"):
        words = shlex.split(line)
        return [world.program, *(word.format(file=world.file, key=world.key, name=name) for word in words)]


GONE = "gone"
LONG = "".join(f"# line {number} of somebody else's file, which has to stay\r\nV{number}=a b\r\n" for number in range(60))
REMOTE = """{
\t"big": 12345678901234567890, // theirs
\t"mcpServers": {"TOKEN": {"type": "http", "url": "https://a/mcp", "headers": {"Authorization": "Bearer %s"}, }},
}
""" % OLD
ISSUE = "issue --sub x --key file:{key} --to"
NEW_ENTRY = """,
    "TOKEN": {
      "type": "streamableHttp",
      "url": "https://a/mcp",
      "headers": {
        "Authorization": "Bearer VALUE"
      }
    }"""
CLINE = """{
  "mcpServers": {
    "b": {"command": "b"}%s
  }
}
"""
CASES = [
    Case("a value in .env", f"{ISSUE} dotenv:{{file}}#{{name}}", f"{LONG}TOKEN={OLD}\r\nEND=1\r\n"),
    Case("a new file", f"{ISSUE} dotenv:{{file}}#{{name}}", None, "TOKEN=VALUE\n"),
    Case("the first run of all", "issue --sub x --to dotenv:{file}#{name}", f"A=1\nTOKEN={OLD}\n"),
    Case("a secret", "secret generate --to dotenv:{file}#{name}", "A=1\n", "A=1\nTOKEN=VALUE\n", "[0-9a-f]{64}"),
    Case("a value in JSON", f"{ISSUE} json:{{file}}#/mcpServers/{{name}}/headers/Authorization", REMOTE),
    Case("Claude Code, which locks", f"{ISSUE} claude-code/{{name}}", REMOTE.replace(" // theirs", "").replace(", }}", "}}").replace("}},\n}", "}}\n}"), file=".claude.json"),
    Case("Cline, which locks otherwise", f"{ISSUE} cline/{{name}} --url https://a/mcp", CLINE % "", CLINE % NEW_ENTRY,
         file=".cline/data/settings/cline_mcp_settings.json"),
    Case("a value taken out", "uninstall json:{file}#/a/{name}", '{"a": {"b": 1.0, "TOKEN": "%s" }}\n' % OLD, '{"a": {"b": 1.0 }}\n'),
    Case("a file of ours taken away", "uninstall claude-code/{name}", None, GONE, file=".claude.json",
         first=f"{ISSUE} claude-code/{{name}} --url https://a/mcp"),
]
FIRST = CASES[0]


class World:
    """A home, and a folder in it with the file that is not ours."""

    def __init__(self, folder, case, text=...):
        self.home = folder
        self.file = folder / case.file
        self.work = self.file.parent
        self.key = folder / "key"
        self.program = SETUP.program
        self.work.mkdir(parents=True)
        folder.chmod(0o700)
        self.write(self.key, KEY)
        self.before = case.before if text is ... else text
        if self.before is not None:
            self.write(self.file, self.before)
        if case.first:
            code, _, said = self.run(case.words(case.first, self))
            need(code == 0, f"{case.name}: exit {code}: {said}")
            self.before = self.text()

    @staticmethod
    def write(path, text, mode=0o600):
        path.write_bytes(text.encode())
        path.chmod(mode)

    def environment(self):
        return {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(self, command, before=(), **more):
        done = subprocess.run(
            [*before, *command], stdin=subprocess.DEVNULL, capture_output=True, cwd=self.work, env=self.environment(),
            timeout=120, **more,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def text(self, file=None):
        try:
            return (file or self.file).read_bytes().decode()
        except FileNotFoundError:
            return None

    def names(self):
        return sorted(path.name for path in self.work.iterdir() if path.name != ".local")

    def value(self, name):
        found = re.findall(rf"^{name}=(\S*)", self.text() or "", re.MULTILINE)
        return found[-1] if found else None

    def recorded(self, jti):
        return f'"jti":"{jti}"' in (self.text(self.home / ".local/state/mcpjwt/ledger.jsonl") or "")


def new_value(case, text):
    """The value of a file that is wholly new, else None."""
    if case.after is None:
        return text is None and GONE
    found = case.after.fullmatch(text or "")
    return found and found[found.re.groups] != OLD and found[found.re.groups]


def judge(case, world, code):
    """What holds after a run, whatever happened to it."""
    text = world.text()
    new = new_value(case, text)
    if not new and text != world.before:
        kind = "is gone" if text is None else "is empty" if not text else "is torn, or lost what was in it"
        raise Failed(f"the file {kind}: {(text or '')[-200:]!r}")
    need(new or code != 0, "exit 0, and the bytes are the old ones")
    if new and re.fullmatch(TOKEN, new) and not CONTROL:
        body = new.split(".")[1]
        jti = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["jti"]
        need(world.recorded(jti), "a token is there that is not on record")
    for store in world.home.rglob("*.jwks"):
        need(json.loads(store.read_text())["keys"], "a store without a key")


def judge_next(case, world, names):
    """One more run, with no fault: it succeeds, and nothing is left of the one before."""
    had = new_value(case, world.text())
    age_locks(world)
    code, _, said = world.run(case.arguments(world))
    # A secret is not made twice.
    need(code == 0 or (code == 4 and had and "already" in said), f"the next run: exit {code}: {said}")
    need(new_value(case, world.text()), "the next run did not write")
    # Where nothing had to be written, a client's lock is still whose it was.
    left = [name for name in world.names() if name not in names and (code == 0 or not name.endswith(".lock"))]
    need(not left, f"left behind: {left}")
    need(not list(world.home.rglob(".*.mcpjwt-*")), "a temporary file is left behind in the home")
    if case.after:
        mode = stat.S_IMODE(world.file.stat().st_mode)
        need(mode == 0o600, f"mode {mode:04o}")


def age_locks(world):
    """The lock of a client, left by a program that was killed, is taken over only when it is old."""
    for lock in world.work.glob("*.lock"):
        os.utime(lock, (0, 0))


# Every system call


def calls_of(case, scratch):
    """The system calls of an install."""
    world = World(scratch / "look", case)
    log = scratch / "log"
    code, _, said = world.run(case.arguments(world), ["strace", "-f", "-o", log])
    need(code == 0, f"{case.name}, with no fault: exit {code}: {said}")
    need(new_value(case, world.text()), f"{case.name}, with no fault: {(world.text() or 'gone')[-300:]!r}")
    return system_calls(log, world.home)


def sweep(fault, cases):
    def run(scratch):
        for number, case in enumerate(cases):
            folder = scratch / f"case{number}"
            folder.mkdir()
            jobs = itertools.count()

            def one(call, case=case, folder=folder, jobs=jobs):
                name, when = call
                world = World(folder / f"job{next(jobs)}", case)
                names = {*world.names(), world.file.name}
                code, _, said = world.run(case.arguments(world), stopped(fault, call))
                try:
                    judge(case, world, code)
                    if fault != "SIGKILL" and name not in MEMORY and not ALL:
                        need(code in (0, 4), f"exit {code}: {said}")
                        need(code == 0 or name == "write" or "error: " in said, f"exit 4, and no reason: {said}")
                    judge_next(case, world, names)
                except Failed as why:
                    raise Failed(f"{case.name}, {fault} at {name} number {when}: {why}") from None
                shutil.rmtree(world.home)

            calls = calls_of(case, folder)
            each([call for call in calls if fault == "SIGKILL" or call[0] not in NEVER_FAILS], one)

    return run


for number, fault in enumerate(FAULTS):
    # Each error with some of the cases, each case with some of the errors.
    some = CASES if ALL or fault == "SIGKILL" else CASES[number % 3 :: 3]
    check(f"{fault} at every system call")(sweep(fault, [FIRST] if CONTROL else some))


# Kills at any time


@check("kills at any time")
def kills(scratch):
    count = 10000 if ALL else 400

    def worker(number):
        chance = random.Random(number)
        world = World(scratch / f"job{number}", FIRST)
        names = world.names()
        started = time.monotonic()
        world.run(FIRST.arguments(world))
        length = time.monotonic() - started
        judge_next(FIRST, world, names)
        died = 0
        for turn in range(count // WORKERS):
            process = subprocess.Popen(
                looping(FIRST.arguments(world)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd=world.work, env=world.environment(), process_group=0,
            )
            time.sleep(chance.uniform(0, length * 1.2))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
            age_locks(world)
            died += code != 0
            judge(FIRST, world, code)
            if turn % 25 == 24:
                judge_next(FIRST, world, names)
                need(died, "not one was killed in time")
        judge_next(FIRST, world, names)

    each(range(WORKERS), worker)


def looping(command):
    """The naive writer writes but a moment of its life: it goes on writing until it is killed."""
    if not CONTROL:
        return command
    again = "import sys\nsys.argv = sys.argv[1:]\ncode = compile(open(sys.argv[0]).read(), '', 'exec')\nwhile True: exec(code, {})"
    return [*command[:2], "-c", again, *command[2:]]


# Other writers


@check("many writers lose nothing of each other", "rename")
def many_writers(scratch):
    """Each has a value of its own in one file, and looks whether it is still there."""
    world = World(scratch / "job", FIRST, "# ours\n")
    writers, turns = 64, 100 if ALL else 5

    def writer(number):
        name, last = f"W{number}", None
        for _ in range(turns):
            need(world.value(name) == last, f"the token of writer {number} is gone")
            code, out, said = world.run([*FIRST.arguments(world, name), *([] if CONTROL else ["--to", "-"])])
            need(code == 0, f"writer {number}: exit {code}: {said}")
            last = out.strip()
        need(world.value(name) == last, f"the last token of writer {number} is gone")
        return name, last

    with concurrent.futures.ThreadPoolExecutor(writers) as pool:
        ends = dict(pool.map(writer, range(writers)))
    for name, last in ends.items():
        need(world.value(name) == last, f"{name} is gone")
    need(len(world.text().splitlines()) == writers + 1, "lines were lost, or came twice")
    need(world.names() == [world.file.name], f"left behind: {world.names()}")


@check("a client without a lock is noticed", "rename")
def unlocked_client(scratch):
    """It reads, thinks for up to 10 ms, and writes all back: each value of ours is kept, or its loss is reported."""
    world = World(scratch / "job", FIRST, f"N=0\nTOKEN={OLD}\n")
    stop, thought = threading.Event(), []

    def client():
        chance = random.Random(7)
        while not stop.is_set():
            begun = time.monotonic()
            text = re.sub(r"^N=\d+", f"N={len(thought)}", world.text())
            time.sleep(chance.uniform(0, 0.01))
            new = world.work / "client.new"
            world.write(new, text)
            new.rename(world.file)
            thought.append(time.monotonic() - begun)
            time.sleep(chance.uniform(0, 0.03))

    thread = threading.Thread(target=client)
    thread.start()
    kept = reported = 0
    try:
        for _ in range(1000 if ALL else 60):
            before = len(thought)
            code, out, said = world.run([*FIRST.arguments(world), *([] if CONTROL else ["--to", "-"])])
            time.sleep(0.05)
            if code == 0:
                # A busy machine may let it think for longer than we promise to wait.
                lost = world.value("TOKEN") != out.strip() and max(thought[max(before - 1, 0):], default=0) < 0.018
                need(not lost, f"exit 0, and after {kept} that were kept the value is gone")
                kept += 1
            else:
                need(code == 4 and "another program" in said, f"exit {code}: {said}")
                reported += 1
    finally:
        stop.set()
        thread.join()
    need(kept > reported, f"{kept} kept, {reported} reported")


# Odd folders and files


@check("a link is kept", "rename")
def links(scratch):
    for number, dangling in enumerate((False, True)):
        case = CASES[1] if dangling else FIRST
        world = World(scratch / f"job{number}", case, None)
        target = world.home / "dotfiles" / "config"
        target.parent.mkdir()
        if not dangling:
            world.write(target, case.before)
        world.file.symlink_to("../dotfiles/config")
        code, _, said = world.run(case.arguments(world))
        need(code == 0, f"exit {code}: {said}")
        need(world.file.is_symlink(), "the link was replaced by a file")
        need(new_value(case, world.text(target)), "the file behind the link is not the new one")
        need([path.name for path in target.parent.iterdir()] == ["config"], "something is left beside the file")
        need(stat.S_IMODE(target.stat().st_mode) == 0o600, "its mode is not 0600")


@check("a folder that takes no new file")
def shut_folder(scratch):
    world = World(scratch / "job", FIRST)
    who = {}
    if os.geteuid() == 0:
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        for path in (world.home, *world.home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    world.work.chmod(0o500)
    code, _, said = world.run(FIRST.arguments(world), **who)
    world.work.chmod(0o700)
    # Writing into the file itself would have been the way.
    need(world.text() == FIRST.before, "it was written in place")
    need(code == 4 and "error: " in said, f"exit {code}: {said}")
    need(world.names() == [world.file.name], f"left behind: {world.names()}")


@contextlib.contextmanager
def small_disk(folder):
    """A file system of four pages."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k,mode=700", "none", folder], capture_output=True)
    if done.returncode != 0:
        raise NotHere(f"no file system of 16 KiB can be mounted: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@check("a disk that is full, or nearly")
def full_disk(scratch):
    """The file, our state, or both on a disk with 0 to 4 pages free. The new value needs one page more."""
    before = FIRST.before.replace(OLD, "VALUE")
    before += "#" * (8192 - len(before) - 50) + "\r\n"
    case = Case("on a small disk", FIRST.line, before.replace("VALUE", OLD))
    for number, (what, filler) in enumerate(itertools.product(("file", "state", "both"), range(4096, 16385, 4096))):
        with small_disk(scratch / f"disk{number}") as disk:
            world = World(scratch / f"job{number}", case, case.before if what == "state" else None)
            for name in ["work"] * (what != "state") + [".local"] * (what != "file"):
                path = world.home / name
                (disk / name).mkdir()
                if path.exists():
                    path.rmdir()
                path.symlink_to(disk / name)
            if what != "state":
                world.write(world.file, case.before)
                world.before = case.before
            with contextlib.suppress(OSError), open(disk / "filler", "wb", 0) as file:
                for _ in range(filler // 4096):
                    file.write(b"\0" * 4096)
            code, _, said = world.run(case.arguments(world))
            try:
                judge(case, world, code)
                need(code == 0 or "no space left" in said, f"exit {code}: {said}")
                (disk / "filler").unlink()
                need(world.names() == [world.file.name], f"left behind: {world.names()}")
            except Failed as why:
                raise Failed(f"{what} with {filler} bytes taken: {why}") from None


@check("modes under every umask")
def umasks(scratch):
    def one(umask):
        world = World(scratch / f"{umask:03o}", CASES[1])
        code, _, said = world.run(CASES[1].arguments(world), umask=umask)
        need(code == 0, f"umask {umask:03o}: exit {code}: {said}")
        for path in world.home.rglob("*"):
            want = 0o700 if path.is_dir() else 0o600
            mode = stat.S_IMODE(path.stat().st_mode)
            if path != world.work:
                need(mode == want, f"umask {umask:03o}: {path.name}: mode {mode:04o}")

    each(range(0o1000) if ALL else range(0, 0o1000, 0o15), one)
