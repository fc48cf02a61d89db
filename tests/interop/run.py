"""Random tokens between mcpjwt and four other libraries, and one-bit mutations of them.

    run.py [--count 10000] [--seed N] [--algs A,B] [--failures FILE]

Half one: mcpjwt makes keys and mints COUNT tokens with random claims by every algorithm;
PyJWT, joserfc, jose, jsonwebtoken and mcpjwt itself must accept each one with exactly those
claims, and refuse it with one bit flipped. Half two: the libraries make keys and mint COUNT
tokens; mcpjwt must accept each and refuse it with one bit flipped.

Two mutations a token: a bit of the decoded header, payload or signature, and a bit of the
text itself. A third, where the last base64url character has unused bits: one of these. It
changes no byte, so the libraries may take it, mcpjwt must not.

Counted is one check for each judge, algorithm, direction and kind of row, all rows of it
right. Wants MCPJWT (the program) and MCPJWT_TEST_NODE_MODULES, and runs in the Python that
has requirements.txt.
"""

import argparse
import base64
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MCPJWT = str(pathlib.Path(os.environ.get("MCPJWT", "target/debug/mcpjwt")).resolve())
ALGS = (
    "HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split()
)
SIDES = {
    "pyjwt": [sys.executable, str(HERE / "python_side.py"), "pyjwt"],
    "joserfc": [sys.executable, str(HERE / "python_side.py"), "joserfc"],
    "jose": ["node", str(HERE / "node_side.mjs"), "jose"],
    "jsonwebtoken": ["node", str(HERE / "node_side.mjs"), "jsonwebtoken"],
}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LETTERS = "abcxyzÄßéłøñжшΩμ漢字かな한글עבדمرحאไทย🦀🔑𝔘 .'/+&"
KEYS_EACH = 2
GROUP = 20


class Run:
    """What one run knows: its randomness, its folder, its counts."""

    def __init__(self, seed, folder, failures):
        self.random = random.Random(seed)
        self.folder = folder
        self.failures = failures
        self.cells = collections.defaultdict(lambda: [0, 0])
        self.slack = collections.Counter()
        self.shown = 0

    def mcpjwt(self, *args, stdin=None, codes=(0,)):
        """One run of the program in an empty home; its standard output."""
        done = subprocess.run(
            [MCPJWT, *args],
            input=None if stdin is None else stdin.encode(),
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            cwd=self.folder,
            env={"HOME": str(self.folder), "MCPJWT_HOME": str(self.folder / "home"), "LC_ALL": "C.UTF-8",
                 "PATH": os.environ["PATH"], "NAIVE": os.environ.get("NAIVE", "")},
        )
        if done.returncode not in codes:
            shown = " ".join(args)[:300]
            sys.exit(f"mcpjwt {shown}: exit {done.returncode}\n{done.stderr.decode(errors='replace')[:2000]}")
        return done.stdout.decode()

    def count(self, cell, good, **about):
        self.cells[cell][0 if good else 1] += 1
        if good:
            return
        with open(self.failures, "a", encoding="utf-8") as file:
            file.write(json.dumps({"cell": cell, **about}, ensure_ascii=False) + "\n")
        self.shown += 1
        if self.shown <= 5:
            print("failed:", *cell, json.dumps(about, ensure_ascii=False)[:600])

    # Random claims

    def text(self, low=1, high=24):
        found = "".join(self.random.choice(LETTERS) for _ in range(self.random.randint(low, high)))
        return found.strip(" ") or "x"

    def value(self, depth=0):
        kind = self.random.randrange(9 if depth < 4 else 6)
        if kind == 0:
            return self.random.choice([True, False, None])
        if kind == 1:
            return self.random.choice([0, -1, 7, 1.5, -0.25, 2**53 - 1, -(2**53) + 1, 1e-3])
        if kind < 6:
            return self.text(0)
        if kind == 6:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {self.text(): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def own_claims(self):
        """Claims with names of their own, as a library takes them."""
        return {f"x-{i}-{self.text(1, 6).replace('=', '')}": self.value() for i in range(self.random.randrange(5))}

    def audiences(self, always):
        more = [f"https://{i}.example/{self.random.randrange(99)}" for i in range(self.random.randrange(3))]
        return [always, *more]

    # Mutations

    def flip_byte(self, token):
        """One bit of one decoded segment."""
        parts = token.split(".")
        at = self.random.randrange(3)
        raw = bytearray(base64.urlsafe_b64decode(parts[at] + "=" * (-len(parts[at]) % 4)))
        raw[self.random.randrange(len(raw))] ^= 1 << self.random.randrange(8)
        parts[at] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return ".".join(parts), False

    def flip_text(self, token):
        """One bit of one character, so that a line stays a line; and whether it says the same bytes."""
        while True:
            at = self.random.randrange(len(token))
            other = chr(ord(token[at]) ^ (1 << self.random.randrange(7)))
            if other not in "\n\r":
                break
        mutant = token[:at] + other + token[at + 1 :]
        last = at == len(token) - 1 and other in ALPHABET
        same = last and ALPHABET.index(other) >> unused(token) == ALPHABET.index(token[at]) >> unused(token)
        return mutant, same

    def flip_unused(self, token):
        """One bit that says nothing: of the last character, past the last byte."""
        flipped = ALPHABET.index(token[-1]) ^ (1 << self.random.randrange(unused(token)))
        return token[:-1] + ALPHABET[flipped], True

    def rows(self, key, token, claims):
        """The token itself and its mutations: (key, token, expected claims or None, slack)."""
        yield key, token, claims, False
        for flip in [self.flip_byte, self.flip_text] + [self.flip_unused] * (unused(token) > 0):
            mutant, same = flip(token)
            yield key, mutant, None, same


def unused(token):
    """How many bits of the last character of a token say nothing."""
    return {0: 0, 2: 4, 3: 2}[len(token.rsplit(".", 1)[1]) % 4]


def side(name, verb, asked, folder):
    """One run of another library."""
    source, target = folder / f"{name}.{verb}.in", folder / f"{name}.{verb}.out"
    source.write_text(json.dumps(asked), encoding="utf-8")
    with open(source, "rb") as stdin, open(target, "wb") as stdout:
        subprocess.run([*SIDES[name], verb], stdin=stdin, stdout=stdout, check=True)
    return target.read_text(encoding="utf-8")


def own_key(run, alg, number):
    """A key of mcpjwt in a file of its own, and how the others are told of it."""
    path = run.folder / f"{alg}-{number}.key"
    if number % 2:
        path.write_text(run.mcpjwt("secret", "generate", "--alg", alg, "--print"), encoding="utf-8")
        path.chmod(0o600)
    else:
        run.mcpjwt("secret", "generate", "--alg", alg, "--to", f"file:{path}")
    if alg.startswith("HS"):
        form, how = ("jwk", ("--format", "jwk")) if number % 2 else ("text", ("--format", "text"))
    else:
        form = "jwk" if number % 2 else "pem"
        how = ("--public", "--format", form)
    value = run.mcpjwt("secret", "export", "--key", f"file:{path}", "--alg", alg, *how)
    return path, {
        "alg": alg, "form": form, "value": value.rstrip("\n"),
        "iss": f"issuer {alg} {number}", "aud": f"https://{alg}.example/{number}",
    }


def mint_ours(run, path, key, count):
    """COUNT tokens of one key: (token, its claims as asked for)."""
    while count > 0:
        subs = [f"{run.text()}@{run.random.randrange(10**6)}" for _ in range(min(GROUP, count))]
        count -= len(subs)
        audience = run.audiences(key["aud"])
        claims = {"iss": key["iss"], "aud": audience[0] if len(audience) == 1 else audience}
        args = ["issue", "--key", f"file:{path}", "--alg", key["alg"], f"--iss={key['iss']}"]
        args += [f"--aud={one}" for one in audience] + [f"--sub={one}" for one in subs]
        args += ["--ttl", f"{run.random.randrange(60, 10**7)}s"]
        for name, value in run.own_claims().items():
            claims[name] = value
            args += ["--claim", f"{name}={value}" if isinstance(value, str) and run.random.random() < 0.5
                     else f"{name}:={json.dumps(value, ensure_ascii=run.random.random() < 0.5)}"]
        if run.random.random() < 0.3:
            claims["scope"] = "index:read search:read"
            args += ["--scope", "index:read", "--scope", "search:read"]
        if run.random.random() < 0.3:
            claims["quota"] = run.random.randrange(1, 1000)
            args += ["--quota", str(claims["quota"])]
        if run.random.random() < 0.3:
            claims["name"] = run.text()
            args += [f"--name={claims['name']}"]
        if run.random.random() < 0.9:
            args += ["--no-record"]
        tokens = run.mcpjwt(*args).split("\n")
        if tokens.pop() != "" or len(tokens) != len(subs):
            sys.exit(f"mcpjwt issue: {len(tokens)} lines for {len(subs)} subjects")
        for sub, token in zip(subs, tokens):
            yield token, {**claims, "sub": sub}


def same_claims(asked, found, now):
    """Whether a token says what was asked for, and well-formed times and `jti` besides."""
    rest = dict(found)
    times = [rest.pop("iat", None), rest.pop("exp", None)]
    unique = rest.pop("jti", None)
    return (
        rest == asked
        and all(isinstance(time, int) for time in times)
        and times[0] <= now < times[1]
        and isinstance(unique, str)
    )


def half_one(run, algs, count, able):
    """Ours before every judge."""
    keys, rows, unique = {}, [], set()
    for number, alg in enumerate(algs):
        share = count // len(algs) + (number < count % len(algs))
        for at in range(KEYS_EACH):
            name = f"{alg}-{at}"
            path, keys[name] = own_key(run, alg, at)
            for token, claims in mint_ours(run, path, keys[name], share // KEYS_EACH + (at < share % KEYS_EACH)):
                rows += run.rows(name, token, claims)
                unique.add(token)
    run.count(("ours", "all", "tokens are all different"), len(unique) == count, made=len(unique))
    lap(f"minted {count} tokens by {len(keys)} keys")

    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for library in SIDES:
            mine = [row for row in rows if keys[row[0]]["alg"] in able[library]]
            asked = {"keys": {n: k for n, k in keys.items() if k["alg"] in able[library]},
                     "rows": [[key, token, claims is not None] for key, token, claims, _ in mine]}
            jobs[library] = mine, pool.submit(side, library, "judge", asked, run.folder)
    now = int(time.time())
    for library, (mine, job) in jobs.items():
        answers = [json.loads(line) for line in job.result().splitlines()]
        if len(answers) != len(mine):
            sys.exit(f"{library} answered {len(answers)} of {len(mine)} rows")
        for (key, token, claims, slack), (accepted, found) in zip(mine, answers):
            if slack:
                run.slack[library, accepted] += 1
                continue
            good = accepted and same_claims(claims, found, now) if claims is not None else not accepted
            kind = "accepted with its claims" if claims is not None else "one bit: refused"
            run.count((library, keys[key]["alg"], kind), good, token=token, found=found, asked=claims)
    lap("judged by PyJWT, joserfc, jose, jsonwebtoken")

    for name, key in keys.items():
        judge_here(run, "ours", key, run.folder / f"{name}.key", [row for row in rows if row[0] == name])
    lap("judged by mcpjwt")


def half_two(run, algs, count, able):
    """Theirs before mcpjwt."""
    share = count // len(SIDES)
    for library in SIDES:
        mine = [alg for alg in algs if alg in able[library]]
        jobs = []
        for number, alg in enumerate(mine):
            for at in range(KEYS_EACH):
                each = share // len(mine) + (number < share % len(mine))
                each = each // KEYS_EACH + (at < each % KEYS_EACH)
                now = int(time.time())
                claims = []
                for _ in range(each):
                    audience = run.audiences("theirs")
                    claims.append({
                        "iss": library, "aud": audience[0] if len(audience) == 1 else audience,
                        "sub": f"{run.text()}@{run.random.randrange(10**6)}",
                        "iat": now - 5, "exp": now + run.random.randrange(3600, 10**7), **run.own_claims(),
                    })
                jobs.append({"alg": alg, "form": ["plain", "jwk" if alg[:2] == "HS" else "traditional"][at],
                             "claims": claims})
        made = json.loads(side(library, "mint", {"jobs": jobs}, run.folder))
        for at, (job, key) in enumerate(zip(jobs, made)):
            groups = [list(run.rows("", token, claims)) for token, claims in zip(key["tokens"], job["claims"])]
            about = {"alg": key["alg"], "iss": library, "aud": "theirs"}
            # Every text of the key judges in its turn: public and private PEM, JWK, JWK Set.
            for number, (name, text) in enumerate(key["public"].items()):
                path = run.folder / f"{library}-{at}-{name}"
                path.write_text(text, encoding="utf-8")
                path.chmod(0o600)
                some = [row for group in groups[number :: len(key["public"])] for row in group]
                judge_here(run, library, about, path, some)
    lap(f"{share * len(SIDES)} tokens of the others judged by mcpjwt")


def judge_here(run, source, key, path, rows):
    """Rows of one key before `mcpjwt verify --batch`, one answer a line."""
    if not rows:
        return
    lines = run.mcpjwt(
        "verify", "--batch", "--key", f"file:{path}", "--alg", key["alg"], "--iss", key["iss"], "--aud", key["aud"],
        stdin="".join(token + "\n" for _, token, _, _ in rows), codes=(0, 1, 3, 4),
    ).split("\n")
    if lines.pop() != "" or len(lines) != len(rows):
        sys.exit(f"mcpjwt verify --batch: {len(lines)} lines for {len(rows)} tokens ({source}, {path.name})")
    for (_, token, claims, _), line in zip(rows, lines):
        if claims is not None:
            good, kind = line == f"ok\t{claims['sub']}", "accepted with its subject"
        else:
            good, kind = not line.startswith("ok") and "\t" in line and line[0].isalpha(), "one bit: refused"
        where = f"mcpjwt of {source}"
        run.count((where, key["alg"], kind), good, token=token, answer=line, key=path.name, asked=claims)


STARTED = time.monotonic()


def lap(what):
    print(f"{time.monotonic() - STARTED:6.1f} s  {what}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--algs", default=",".join(ALGS))
    arguments.add_argument("--failures", default=os.devnull)
    given = arguments.parse_args()
    seed = random.SystemRandom().randrange(2**32) if given.seed is None else given.seed
    print(f"seed {seed} (--seed {seed} --count {given.count} repeats claims and mutations)")

    with tempfile.TemporaryDirectory(prefix="mcpjwt-interop-") as folder:
        run = Run(seed, pathlib.Path(folder), given.failures)
        able = {name: json.loads(subprocess.check_output([*command, "algs"])) for name, command in SIDES.items()}
        algs = given.algs.split(",")
        half_one(run, algs, given.count, able)
        half_two(run, algs, given.count, able)

    rows = collections.defaultdict(lambda: [0, 0])
    for (judge, _, kind), (good, bad) in run.cells.items():
        rows[judge, kind][0] += good
        rows[judge, kind][1] += bad
    for (judge, kind), (good, bad) in rows.items():
        print(f"{judge:24} {kind:26} {good:7} right {bad:5} wrong")
    for (library, accepted), number in sorted(run.slack.items()):
        print(f"{library:24} unused bits of the last character: {'accepted' if accepted else 'refused'} {number} times")
    failed = sum(1 for good, bad in run.cells.values() if bad)
    print(f"{len(run.cells) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
