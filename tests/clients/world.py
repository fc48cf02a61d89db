"""What the checks share: homes, the program, keys and tokens, the server and its log, the count."""

import contextlib
import dataclasses
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
MCPJWT = str(pathlib.Path(os.environ.get("MCPJWT", HERE.parent.parent / "target/debug/mcpjwt")).resolve())
JWT = re.compile(rb"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
ISS, AUD = "e2e-server", "e2e-client"
ALGS = {"hs": "HS256", "rs": "RS256", "ed": "EdDSA", "url": "HS256"}
BAD = {"expired": 3, "foreign": 1, "cut": 1}  # and what `verify` has to end with


class Count:
    """Checks, counted and told one a line."""

    def __init__(self):
        self.passed, self.failed, self.lock = 0, [], threading.Lock()

    def check(self, name, problems):
        with self.lock:
            if problems:
                self.failed.append(name)
            else:
                self.passed += 1
            print("FAILED" if problems else "ok    ", name, flush=True)
            for problem in problems:
                print("      ", str(problem).replace("\n", "\n        ")[:1200], flush=True)


class Home:
    """A home of its own, with a project in it; the keys are those of all."""

    def __init__(self, path, keys=None):
        self.path, self.keys = path, keys
        self.variables = {}  # what is set for clients that look there
        self.work = path / "work"
        self.work.mkdir(parents=True)
        self.path.chmod(0o700)

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        path.chmod(0o600)
        return path

    def mcpjwt(self, *args, stdin=""):
        """One run of the program in the project."""
        return subprocess.run(
            [MCPJWT, *map(str, args)], input=stdin, capture_output=True, text=True, cwd=self.work, timeout=60,
            env={"HOME": str(self.path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                 "NAIVE": os.environ.get("NAIVE", "")},
        )

    def must(self, *args, stdin=""):
        """The standard output of a run that cannot be done without."""
        done = self.mcpjwt(*args, stdin=stdin)
        if done.returncode != 0:
            sys.exit(f"{command(args)}: exit {done.returncode}\n{done.stderr[:2000]}")
        return done.stdout


def command(args):
    """A command line as it can be told: without tokens, without our temporary folder."""
    return re.sub(r"/\S*/e2e-[^/\s]*", "~~", JWT.sub(b"TOKEN", " ".join(["mcpjwt", *map(str, args)]).encode()).decode())


class Keys:
    """A key and a foreign one for each verifier, and tokens that its server has to refuse."""

    def __init__(self, folder, verifiers):
        self.home = home = Home(folder, self)
        self.own, self.foreign = {}, {}
        for name, alg in ALGS.items():
            if name == "url":
                self.own[name], self.foreign[name] = self.own["hs"], self.foreign["hs"]
                continue
            if name not in verifiers:
                continue
            place = f"file:{home.path}/{name}.pem" if name != "hs" else f"dotenv:{home.path}/keys.env#JWT_SECRET_KEY"
            self.own[name], self.foreign[name] = place, f"file:{home.path}/{name}-foreign"
            home.must("secret", "generate", "--alg", alg, "--to", self.own[name])
            home.must("secret", "generate", "--alg", alg, "--to", self.foreign[name])
        self.secret = self.home.must("secret", "export", "--key", self.own["hs"]).strip()

    def options(self, verifier, key=None):
        """How to mint for a verifier; the `url` one has the address of the entry as its audience."""
        audience = [] if verifier == "url" else ["--aud", AUD]
        return ["--key", key or self.own[verifier], "--alg", ALGS[verifier], "--iss", ISS, *audience]

    @functools.cache
    def bad(self, verifier, kind):
        """A token that the server must refuse; `None` for a kind that is none."""
        if kind not in BAD:
            return None
        key = self.foreign[verifier] if kind == "foreign" else None
        times = ["--at=-2h", "--ttl", "1h"] if kind == "expired" else []
        token = self.home.must("issue", "--sub", kind, *self.options(verifier, key), *times).strip()
        return token[:-20] if kind == "cut" else token

    def settings(self, urls):
        """For the server: its verifiers, as an operator would write them down."""
        settings = {}
        for name in self.own:
            material = {"public_key": self.secret} if ALGS[name] == "HS256" else {
                "jwks": json.loads(self.home.must("jwks", "--key", self.own[name], "--alg", ALGS[name]))}
            audience = urls if name == "url" else AUD
            settings[name] = {**material, "algorithm": ALGS[name], "issuer": ISS, "audience": audience}
        return settings


class Server:
    """The server of `server.py` and what it wrote down."""

    def __init__(self, base, log):
        self.base, self.log = base, log

    def url(self, verifier, case):
        return f"{self.base}/{verifier}/{case}/mcp"

    def requests(self, case):
        rows = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [row for row in rows if row["case"] == case]


@contextlib.contextmanager
def served(folder, settings):
    """A running server; `settings` is asked with its address."""
    log = folder / "requests.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", HERE / "server.py", log], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, cwd=folder, env={**os.environ, "FASTMCP_LOG_LEVEL": "ERROR"},
    )
    try:
        server = Server(process.stdout.readline().strip(), log)
        print(json.dumps(settings(server)), file=process.stdin, flush=True)
        if process.stdout.readline().strip() != "ready":
            sys.exit("the server did not come up")
        yield server
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@dataclasses.dataclass(frozen=True)
class Case:
    """One entry of one config, and what is to become of it."""

    label: str
    verifier: str
    was: str | None  # its token before: None, a kind of BAD, or "absent" for an entry not yet there
    stays: bool = False  # nobody gives it a token
    mode: str | None = None  # how it gets a token that does not stand in the config

    @property
    def name(self):
        more = ["stays"] * self.stays + [self.mode] * bool(self.mode)
        return "-".join([self.label, self.verifier, self.was or "none", *more])

    @property
    def variable(self):
        """The variable of `--mode env`."""
        return "E2E_" + self.name.upper().replace("-", "_")


def install(home, case, place, file, *more):
    """Issues a token into a place. The token, and what was wrong with how it got there."""
    before = file.read_bytes() if file.exists() else b""
    args = ["issue", "--sub", case.name, *home.keys.options(case.verifier), "--to", place, *more]
    done = home.mcpjwt(*args)
    after = file.read_bytes() if file.exists() else b""
    fresh = set(JWT.findall(after)) - set(JWT.findall(before))
    if done.returncode != 0 or len(fresh) != 1:
        return None, [f"`{command(args)}`: exit {done.returncode} with {len(fresh)} new tokens in {file.name}",
                      done.stderr]
    token = fresh.pop()
    problems = []
    if done.stdout or token.decode() in done.stderr:
        problems.append(f"`{command(args)}` wrote to standard output, or told the token")
    old = home.keys.bad(case.verifier, case.was)
    if old and after not in replaced(before, old.encode(), token) or not subsequence(before, after):
        problems.append(f"`{command(args)}` changed other bytes of {file.name}")
    if file.stat().st_mode & 0o077:
        problems.append(f"{file.name} has mode {file.stat().st_mode & 0o777:o}")
    return token.decode(), problems


def install_mode(home, case, place, file, *more):
    """Writes what stands for a token into an entry. The token where it is known, and what was wrong."""
    before = file.read_bytes() if file.exists() else b""
    options = home.keys.options(case.verifier)
    if case.mode == "helper" and ":project/" in place:
        # The file of a project names nothing of this machine: everybody has the key in their own store.
        home.must("secret", "import", "--from", home.keys.own[case.verifier])
        options = options[options.index("--iss") :]
    args = ["issue", "--sub", case.name, *options, "--to", place, "--mode", case.mode, *more]
    if case.mode == "env":
        # The token goes to standard output, for whoever sets the variable.
        args += ["--env", case.variable, "--to", "-"]
    done = home.mcpjwt(*args)
    token = done.stdout.strip() or None
    if case.mode == "env" and token:
        home.variables[case.variable] = token
    problems = unharmed(case, args, done, file, before)
    if bool(token) != (case.mode == "env"):
        problems.append(f"`{command(args)}` wrote {len(done.stdout)} characters to standard output")
    return token, problems


def unharmed(case, args, done, file, before):
    """What is wrong with a run that had to change an entry, but not put a token there."""
    after = file.read_bytes() if file.exists() else b""
    problems = []
    if done.returncode != 0 or after == before:
        problems.append(f"`{command(args)}`: exit {done.returncode}: {done.stderr}")
    if set(JWT.findall(after)) - set(JWT.findall(before)):
        problems.append(f"`{command(args)}` wrote a token into {file.name}")
    # A literal token goes, and may take the header with it that it was in.
    if case.was in BAD and len(JWT.findall(before)) - len(JWT.findall(after)) != 1:
        problems.append(f"`{command(args)}` left the literal token in {file.name}")
    if case.was not in BAD and not subsequence(before, after):
        problems.append(f"`{command(args)}` changed other bytes of {file.name}")
    return problems


def manifest(home, folder, key):
    """A manifest with one token; it needs no trust, its key is a variable or a file beside it."""
    return home.write(f"{folder}/mcpjwt.toml", "\n".join([
        'name = "e2e"', f'iss = "{ISS}"', f'aud = "{AUD}"', f'alg = "{ALGS["hs"]}"', f'key = "{key}"', "",
        "[[token]]", 'name = "started"', 'sub = "started"', "",
    ]))


def subsequence(before, after):
    """Whether all bytes of the one are in the other, in their order; but for tokens."""
    rest = iter(JWT.sub(b"", after))
    return all(byte in rest for byte in JWT.sub(b"", before))


def replaced(text, old, new):
    """The text with one of the old ones replaced, each in its turn."""
    parts = text.split(old)
    return [old.join(parts[:at]) + new + old.join(parts[at:]) for at in range(1, len(parts))]


def accepted(server, case, token, said):
    """What is wrong where exactly this token had to be taken from each request of a case."""
    rows = server.requests(case.name)
    problems = [] if said is None else [f"the client did not reach it: {said}"]
    if not rows:
        return [*problems, "no request came"]
    if token is None:
        return [*problems, "no token was installed"]
    for row in rows:
        if row["authorization"] != [f"Bearer {token}"]:
            problems.append(f"expected `Bearer TOKEN`, found {shape(row['authorization'], token)}")
        # A GET may ask for a stream that there is not: that is no question of tokens.
        if not (200 <= row["status"] < 300 or row["method"] == "GET" and row["status"] in (400, 405)):
            problems.append(f"{row['method']}: expected 2xx, found {row['status']}")
        if row["query"]:
            problems.append("something stood in the query")
    return sorted(set(problems))


def accepted_fresh(server, home, case, said):
    """The same where the tokens came from a command of ours: each has to be one that `verify` takes."""
    tokens = {value for row in server.requests(case.name) for value in row["authorization"]}
    if len(tokens) != 1:
        return [f"expected one token, found {len(tokens)}"]
    token = tokens.pop().removeprefix("Bearer ")
    done = home.mcpjwt("verify", *home.keys.options(case.verifier), "--exact", stdin=token)
    problems = [] if done.returncode == 0 else [f"`mcpjwt verify`: exit {done.returncode}: {done.stderr}"]
    return problems + accepted(server, case, token, said)


def refused(server, case, token, said):
    """What is wrong where each request of a case had to be refused, sent with this token or none."""
    rows = server.requests(case.name)
    problems = ["the client says that it reached it"] if said is None else []
    sent = [] if token is None else [f"Bearer {token}"]
    if not rows:
        problems.append("no request came")
    for row in rows:
        if row["authorization"] != sent:
            problems.append(f"the token came otherwise: {shape(row['authorization'], token or '')}")
        if row["status"] != 401:
            problems.append(f"{row['method']}: expected 401, found {row['status']}")
    return sorted(set(problems))


def shape(values, token):
    """Values of a header with tokens masked."""
    return [JWT.sub(b"ANOTHER", value.replace(token or "\0", "TOKEN").encode()).decode() for value in values]
