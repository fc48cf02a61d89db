"""A manifest with ten tokens: what `sync` and `rotate-secret --reissue` leave when they are stopped anywhere.

Whatever happened to a run: each file has the bytes of before or the whole new ones, no key that a
token needs is lost, no token is anywhere that is not on record. And the next run makes all of it
as it would have been, with no further key.
"""

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import itertools
import json
import os
import queue
import re
import shutil
import stat
import subprocess
import time

from harness import (
    ALL, CHANGES, CONTROL, FAILS, KEY, MEMORY, NEVER_FAILS, PYTHON, SETUP, TOKEN, WORKERS, Failed, check, each, need,
    stopped, system_calls,
)

ISS, AUD = "exai-server", "exai-client"
SECRET = r"[0-9a-f]{64}"
DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
MEMBER = r'"(k|kid|iat|exp)": ("[\w-]+"|\d+)'
DAY = 86400
SOME = 400 if ALL else 60  # of the system calls that may fail


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signature(key, signed):
    return encoded(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())


def minted(sub, key=KEY, ends=30 * DAY):
    """A token that is none of ours."""
    now = int(time.time())
    claims = {"iss": ISS, "sub": sub, "aud": AUD, "iat": now - 40 * DAY, "exp": now + ends, "jti": f"old-{sub}"}
    head, body = (encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{head}.{body}.{signature(key, f'{head}.{body}')}"


def claims_of(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


EXPIRED, FOREIGN = minted("expired", ends=-DAY), minted("foreign", key="f" * 64)
CUT, OTHERS = minted("cut")[:-30], minted("others", key="0" * 64)

# The files of the project by their path below the home, as somebody has them. None: to be made.
FILES = {
    "work/.env": f"# theirs\nPORT=1\nENV={EXPIRED}\nOTHERS={OTHERS}\nKEPT={EXPIRED}\nSECOND={CUT}\n",
    "work/crlf.env": f"A=1\r\nTOKEN={FOREIGN}\r\nB=a b\r\n",
    "work/.vscode/mcp.json": '{\n\t// theirs\n\t"servers": {"exai": {"url": "https://a/mcp", "headers": {"Authorization": "Bearer %s"}, }},\n}\n' % CUT,
    "work/config.toml": f'# theirs\nn = 1.0\n[mcp_servers.exai]\nurl = "https://a/mcp"\nhttp_headers = {{ Authorization = "Bearer {EXPIRED}" }} # c\n',
    "work/daemon.json": '{"big": 12345678901234567890, "mcpServers": {"X": {"command": "x", "env": {"TOKEN": "%s"}}}}' % FOREIGN,
    ".claude.json": '{\n  "numStartups": 1.0,\n  "mcpServers": {\n    "exai": {"type": "http", "url": "https://a/mcp", "headers": {"Authorization": "Bearer %s"}}\n  }\n}\n' % EXPIRED,
    "work/.cursor/mcp.json": None,
    "work/fresh.jwt": None,
    "work/two.json": '{"a": {"b": "%s", "c": []}}\n' % EXPIRED,
    "work/two.toml": f"t = '{CUT}'\n",
}
TOKENS = """
[[token]]
sub = "env"
to = ["dotenv:.env#ENV"]
[[token]]
sub = "kept"
to = ["dotenv:.env#KEPT"]
[[token]]
sub = "second"
to = ["dotenv:.env#SECOND", "dotenv:crlf.env#TOKEN"]
[[token]]
sub = "vscode"
to = [{ client = "vscode", scope = "project", server = "exai" }]
[[token]]
sub = "codex"
to = ["mcp:config.toml#exai"]
[[token]]
sub = "daemon"
to = ["json:daemon.json#/mcpServers/X/env/TOKEN"]
[[token]]
sub = "claude"
to = [{ client = "claude-code", scope = "user", server = "exai" }]
[[token]]
sub = "cursor"
to = [{ client = "cursor", scope = "project", server = "exai", url = "https://a/mcp" }]
[[token]]
sub = "fresh"
to = ["file:fresh.jwt"]
[[token]]
sub = "two"
to = ["json:two.json#/a/b", "toml:two.toml#t"]
"""


@dataclasses.dataclass
class Home:
    """Where the keys of a manifest are: its lines, and the files that have them."""

    name: str
    lines: str
    files: dict
    first: tuple = ()  # what is run before all


ONE = Home(
    "two keys in one file",
    'key = "dotenv:.env.keys#JWT_SECRET"\nprevious = "dotenv:.env.keys#JWT_PREVIOUS"\nnext = "dotenv:.env.keys#JWT_NEXT"\n',
    {"work/.env.keys": f"# theirs\nJWT_SECRET={KEY}\nPORT=1\n"},
)
TWO = Home(
    "a file for each key",
    'key = "file:key"\nprevious = "json:keys.json#/previous"\nnext = "file:next"\n',
    {"work/key": KEY, "work/keys.json": "{}\n"},
)
JWK = {"kty": "oct", "k": encoded(KEY.encode()), "kid": "first", "alg": "HS256"}
SET = Home("a JWK Set", 'key = "file:keys.jwks"\n', {"work/keys.jwks": json.dumps({"keys": [JWK]}) + "\n"})
STORE = Home("the own store", "", {"import": KEY}, ("secret import --from file:../import",))
KEY_FILES = {"work/.env.keys", "work/key", "work/next", "work/keys.json", "work/keys.jwks"}
SLOT = rf'^JWT_(SECRET|PREVIOUS|NEXT)={SECRET}\n|"previous": "{SECRET}"'
REISSUE = "rotate-secret --reissue"


class World:
    """A home with the project in it, which is brought back to how it was before each run."""

    def __init__(self, folder, keys, first):
        self.home, self.kept = folder / "home", folder / "kept"
        self.work = self.home / "work"
        manifest = f'name = "exai"\niss = "{ISS}"\naud = "{AUD}"\nalg = "HS256"\nttl = "60d"\n{keys.lines}'
        texts = {**FILES, **keys.files, "work/mcpjwt.toml": manifest + TOKENS}
        for name, text in texts.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_bytes(text.encode())
        for path in (self.home, *self.home.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        if not CONTROL:
            for line in ("trust --yes", *keys.first, "issue --sub kept --to dotenv:.env#KEPT"):
                self.must(line)
        for line in first:
            self.must(line)
        shutil.copytree(self.home, self.kept)
        self.before = self.texts()

    def back(self):
        shutil.rmtree(self.home)
        shutil.copytree(self.kept, self.home)

    def run(self, line, before=()):
        words = line.split()
        command = [PYTHON, "-ISE", SETUP.rotor, SETUP.manner, words[0]] if CONTROL else [SETUP.program, *words]
        done = subprocess.run(
            [*before, *command], stdin=subprocess.DEVNULL, capture_output=True, cwd=self.work, timeout=120,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def must(self, line):
        code, out, said = self.run(line)
        need(code == 0, f"`{line}`: exit {code}: {said}")
        return out

    def texts(self):
        """The files of the project and of clients; not our own records."""
        paths = (path for path in self.home.rglob("*") if path.is_file() and ".local" not in path.parts)
        return {str(path.relative_to(self.home)): path.read_bytes().decode() for path in paths}

    def ledger(self):
        path = self.home / ".local/state/mcpjwt/ledger.jsonl"
        with contextlib.suppress(FileNotFoundError):
            return [json.loads(line) for line in path.read_text().splitlines()]
        return []

    def keys(self, texts):
        """The secrets at hand: of which tokens are signed, and the others."""
        stores = [json.loads(text) for name, text in texts.items() if name.endswith(".jwks")]
        stores += [json.loads(path.read_text()) for path in self.home.glob(".local/share/mcpjwt/*.jwks")]
        for store in stores:
            secrets = [(jwk.get("mcpjwt_state"), base64.urlsafe_b64decode(jwk["k"] + "==").decode()) for jwk in store["keys"]]
            return [[key for state, key in secrets if (state in (None, "current")) == signs] for signs in (True, False)]
        found = "\n".join(texts.get(name, "") for name in ("work/.env.keys", "work/key"))
        current = re.search(rf"^(?:JWT_SECRET=)?({SECRET})", found, re.MULTILINE)
        every = [key for name in KEY_FILES for key in re.findall(SECRET, texts.get(name, ""))]
        return [[current[1]] if current else [], every]


def bare(text):
    """A text without its tokens, keys, their names and dates; and the tokens."""
    tokens = re.findall(TOKEN, text)
    for shape, mark in ((TOKEN, "TOKEN"), (SECRET, "SECRET"), (DATE, "DATE"), (MEMBER, r'"\1": NEW')):
        text = re.sub(shape, mark, text)
    return text, tokens


def tokens_of(texts):
    """The tokens at the places of the manifest."""
    return [token for name in FILES for token in bare(texts.get(name, ""))[1] if token != OTHERS]


def is_passing(name):
    """Whether a file is not to stay: one of ours on its way, or a lock."""
    return ".mcpjwt-" in name or name.endswith(".lock")


class Case:
    """A run, and what it leaves when nothing stops it."""

    keeps = True  # whether the key of before stays good for the tokens of before

    def __init__(self, name, line, keys=ONE, first=()):
        self.name, self.line, self.keys, self.first = name, line, keys, first
        self.after = None

    def look(self, folder, matters):
        """The system calls of a run that nothing stops; what it wrote is what others have to write."""
        folder.mkdir()
        world = World(folder, self.keys, self.first)
        log = folder / "log"
        code, _, said = world.run(self.line, ["strace", "-f", "-o", log])
        need(code == 0, f"with no fault: exit {code}: {said}")
        self.after = world.texts()
        self.sound(world, said)
        for name, text in world.before.items():
            if name in FILES:
                cut = text.replace(CUT, EXPIRED)
                need(bare(cut)[0] == bare(self.after[name])[0], f"with no fault: {name}: {self.after[name]}")
        return system_calls(log, world.home, matters)

    def judge(self, world):
        """What holds whatever happened: files that are whole, keys that are there, tokens on record."""
        texts = world.texts()
        issued = {line["jti"] for line in world.ledger() if line["event"] == "issued"}
        current, others = world.keys(texts)
        need(len(current) == 1, f"there are {len(current)} keys that sign")
        need(KEY in current + others or not self.keeps, "the key of before is lost")
        accepted = current + others + [KEY] * (not self.keeps)
        for name in {*world.before, *texts}:
            text, before, after = texts.get(name), world.before.get(name), self.after.get(name)
            if is_passing(name) or text in (before, after):
                continue
            need(text is not None, f"{name} is gone")
            # Each value is of before or new, and all around them is as it was.
            wholes = [after or ""]
            if name in KEY_FILES:
                # What goes from one place of a key to another does so in several steps.
                text, *wholes = [re.sub(SLOT, "", it, flags=re.MULTILINE) for it in (text, before or "", after or "")]
            need(bare(text)[0] in [bare(whole)[0] for whole in wholes], f"{name} is torn, or lost what was in it: {text[-300:]!r}")
        for token in tokens_of(texts):
            if token in (EXPIRED, FOREIGN, CUT):
                continue
            signed, _, sign = token.rpartition(".")
            need(any(signature(key, signed) == sign for key in accepted), f"no key is left for a token: {claims_of(token)}")
            need(claims_of(token)["jti"] in issued, f"a token is there that is not on record: {claims_of(token)}")
        return current[0]

    def sound(self, world, said):
        """What holds in the end: all is as a run leaves it that nothing stopped. The key that signs."""
        current = self.judge(world)
        texts = world.texts()
        for name, text in self.after.items():
            there = texts.get(name)
            need(there is not None and bare(there)[0] == bare(text)[0], f"{name} is not as it has to be: {there!r}, {said}")
        left = [name for name in texts if name not in self.after and not name.endswith(".lock")]
        need(not left, f"left behind: {left}")
        need(not list(world.home.rglob(".*.mcpjwt-*")), "a temporary file is left behind")
        for name in FILES:
            mode = stat.S_IMODE((world.home / name).stat().st_mode)
            need(mode == 0o600 or CONTROL, f"{name}: mode {mode:04o}")
        tokens = tokens_of(texts)
        need(len(tokens) == 12, f"{len(tokens)} tokens are there")
        for token in tokens:
            signed, _, sign = token.rpartition(".")
            need(signature(current, signed) == sign, f"a token is not of the newest key: {claims_of(token)}")
        self.confirm(world)
        return current

    def confirm(self, world):
        """The program says so too."""
        if CONTROL:
            return
        tokens = tokens_of(world.texts())
        done = subprocess.run(
            [SETUP.program, "verify", "--strict", "--batch"], input="\n".join(tokens), capture_output=True, text=True,
            cwd=world.work, env={"HOME": str(world.home), "PATH": os.environ["PATH"]}, timeout=60,
        )
        verdicts = [line.split("\t")[0] for line in done.stdout.splitlines()]
        need(done.returncode == 0 and verdicts == ["ok"] * len(tokens), f"verify: exit {done.returncode}: {done.stdout} {done.stderr}")
        code, out, said = world.run("sync --check")
        need(code == 0, f"sync --check: exit {code}: {out} {said}")


class Sync(Case):
    """`sync`, which the same command finishes."""

    def converge(self, world, number):
        code, _, said = world.run(self.line)
        need(code == 0, f"the same command again: exit {code}: {said}")
        need(self.sound(world, said) == KEY, "it made a key")


class Rotation(Case):
    """A rotation, which the same command finishes, or `sync`."""

    def converge(self, world, number):
        had = self.judge(world)
        events = [line["event"] for line in world.ledger()]
        begun, ended = "rotating" in events, "rotated" in events
        line = "sync" if number % 2 else self.line
        said = self.again(world, line, ended)
        if line == "sync" and self.judge(world) == KEY:
            # There was no new key to go on with, which it says, and the old one has all its tokens.
            need(CONTROL or not begun or "hint: go on with `mcpjwt rotate-secret`" in said, f"it says nothing of what was begun: {said}")
            self.confirm(world)
            said = self.again(world, self.line, ended)
        key = self.sound(world, said)
        need(key != KEY, "the key is the old one")
        need(had in (KEY, key), "a further key was made")

    def again(self, world, line, ended):
        code, _, said = world.run(line)
        # One that was ended is not begun again before its time.
        over = ended and line == self.line and code == 4 and "a rotation would cut that short" in said
        need(code == 0 or over, f"`{line}` behind it: exit {code}: {said}")
        return said


class Leak(Rotation):
    """A rotation for which the key of before is over at once. One that was ended is not to be made again."""

    keeps = False

    def again(self, world, line, ended):
        return super().again(world, "sync" if ended else line, ended)


def sweep(fault, case):
    """Stops a run at every system call that can change a file, or has one of many fail."""

    def run(scratch):
        calls = case.look(scratch / "look", CHANGES if fault == "SIGKILL" else FAILS)
        if fault != "SIGKILL":
            calls = [call for call in calls if call[0] not in NEVER_FAILS]
            calls = calls[:: max(1, len(calls) // SOME)]
        worlds = queue.Queue()
        for number in range(WORKERS):
            (scratch / str(number)).mkdir()
            worlds.put(World(scratch / str(number), case.keys, case.first))

        def one(job):
            number, call = job
            world = worlds.get()
            try:
                world.back()
                code, _, said = world.run(case.line, stopped(fault, call))
                need(code != 0 or fault != "SIGKILL", "it was not killed")
                case.judge(world)
                if fault != "SIGKILL" and call[0] not in MEMORY and not ALL:
                    need(code in (0, 4), f"exit {code}: {said}")
                    need(code == 0 or call[0] == "write" or "error: " in said, f"exit 4, and no reason: {said}")
                if code == 0 and not CONTROL:
                    case.sound(world, said)
                for lock in world.home.rglob("*.lock"):
                    os.utime(lock, (0, 0))
                case.converge(world, number)
            except Failed as why:
                raise Failed(f"{case.name}, {fault} at {call[0]} number {call[1]}: {why}") from None
            finally:
                worlds.put(world)

        each(enumerate(calls), one)

    return run


STAGED = ["sync", "rotate-secret --stage"]
SYNC = Sync("sync", "sync")
ROTATION = Rotation("a rotation", REISSUE, ONE, ["sync"])
KILLED = [
    SYNC,
    ROTATION,
    Leak("a leak", "rotate-secret --now --reissue", ONE, ["sync"]),
    Rotation("a rotation with a file for each key", REISSUE, TWO, ["sync"]),
    Rotation("a rotation in a JWK Set that was staged", REISSUE, SET, STAGED),
]
MORE = [
    Leak("a leak with a file for each key", "rotate-secret --now --reissue", TWO, ["sync"]),
    Leak("a leak of a staged rotation", "rotate-secret --now --reissue", ONE, STAGED),
    Leak("a leak with the own store", "rotate-secret --now --reissue", STORE, ["sync"]),
    Rotation("a rotation in a JWK Set", REISSUE, SET, ["sync"]),
    Rotation("a rotation in the own store", REISSUE, STORE, ["sync"]),
    Rotation("a rotation that was staged", REISSUE, ONE, STAGED),
    Rotation("a rotation of files that was staged", REISSUE, TWO, STAGED),
]
if CONTROL:
    for case, manner, reason in [
        (SYNC, "truncate", "is torn"),
        (SYNC, "silent", "not on record"),
        (ROTATION, "forget", "is lost"),
        (ROTATION, "again", "a further key"),
    ]:
        check(f"{case.name}, {manner}: SIGKILL at every system call", manner, reason)(sweep("SIGKILL", case))
else:
    for case in KILLED + MORE * ALL:
        check(f"{case.name}: SIGKILL at every system call")(sweep("SIGKILL", case))
    for fault, case in itertools.product(("ENOSPC", "EIO"), KILLED + MORE if ALL else (SYNC, ROTATION)):
        check(f"{case.name}: {fault} at some system calls")(sweep(fault, case))
