"""Tokens that are made at the moment of use: `headers` for a helper entry, `exec` before a real server."""

import json
import os
import resource
import subprocess
import sys

import drivers
from world import AUD, HERE, ISS, MCPJWT, Case, accepted_fresh, command, install_mode, manifest, unharmed

SERVER = str(HERE / "stdio_server.py")


def helper(count, server, home):
    """Entries with a helper: a good token comes from its command, run from `/` with no environment."""
    file = home.path / ".claude.json"
    home.write("managed/.env", f"JWT_SECRET_KEY={home.keys.secret}\n")
    path = manifest(home, "managed", "dotenv:.env#JWT_SECRET_KEY")
    plain, managed = (Case(label, "hs", "absent", mode="helper") for label in ("plain", "managed"))
    problems, entries = {}, {}
    for case in (plain, managed):
        place, url = f"claude-code/{case.name}", server.url("hs", case.name)
        if case is plain:
            _, wrong = install_mode(home, case, place, file, "--url", url)
        else:
            before = file.read_bytes() if file.exists() else b""
            args = ["-m", path, "issue", "--sub", "started", "--to", place, "--mode", "helper", "--url", url]
            wrong = unharmed(case, args, home.mcpjwt(*args), file, before)
        count.check(f"{case.name}: issued", wrong)
        headers, problems[case] = printed(member(file, "mcpServers", case.name, "headersHelper"))
        entries[case.name] = {"url": url, "headers": headers}
    said = drivers.fastmcp(home, home.write("helper.json", json.dumps({"mcpServers": entries})), list(entries))
    for case, wrong in problems.items():
        wrong = wrong or accepted_fresh(server, home, case, said[case.name])
        count.check(f"{case.name}: its command, from `/` with no environment", wrong)


def printed(line):
    """The headers that a command prints, and what is wrong with it."""
    told = subprocess.run(["sh", "-c", line or "false"], cwd="/", env={"PATH": "/usr/bin:/bin"}, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60)
    if told.returncode != 0:
        return {}, [f"`{line}`: exit {told.returncode}: {told.stderr}"]
    return json.loads(told.stdout), []


def stdio(count, _server, home):
    """A real server on standard input and output: a token in its entry, and one by `exec`."""
    path = manifest(home, "exec", "env:E2E_KEY")
    # mcpjwt is to keep these for itself; the last one is the stand-in's.
    keep = {"E2E_KEY": home.keys.secret, "MCPJWT_TTL": "1h", "NAIVE": os.environ.get("NAIVE", "")}
    server = {"command": sys.executable, "args": [SERVER]}
    by_key = ["--key", "env:E2E_KEY", "--iss", ISS, "--aud", AUD]
    there = ["--env", "TOKEN", "--", sys.executable, SERVER]
    config = home.write(".cursor/mcp.json", json.dumps({"mcpServers": {
        "literal": {**server, "env": {"TOKEN": "", "OTHER": "kept"}},
        "exec": {"command": MCPJWT, "args": ["exec", "started", *by_key, *there], "env": keep},
        "managed": {"command": MCPJWT, "args": ["-m", str(path), "exec", "started", *there], "env": keep},
        "wrapped": {**server, "env": {"MCPJWT_TTL": "1h", "NAIVE": keep["NAIVE"]}},
    }}, indent=2))
    problems = {"literal": [], "exec": [], "managed": [], "wrapped": []}
    for name, more in {"literal": [], "wrapped": ["--mode", "exec"]}.items():
        args = ["issue", "--sub", name, *home.keys.options("hs"), "--to", f"cursor/{name}", "--env", "TOKEN", *more]
        done = home.mcpjwt(*args)
        if done.returncode != 0 or done.stdout:
            problems[name].append(f"`{command(args)}`: exit {done.returncode}: {done.stderr}")
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    # Whatever it is here: the program takes it down for itself, its child gets it back.
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    told = drivers.fastmcp(home, config, list(problems))
    core = list(resource.getrlimit(resource.RLIMIT_CORE))
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    for name, answer in told.items():
        problems[name] += [answer] if isinstance(answer, str) else seen(home, name, answer, core)
        count.check(f"stdio-{name}: the server has its token, and nobody else", problems[name])


def seen(home, name, answer, core):
    """What is wrong with what a server on standard input and output was started with."""
    problems = []
    variables = answer["variables"]
    token = variables.get("TOKEN", "")
    done = home.mcpjwt("verify", *home.keys.options("hs"), stdin=token)
    if done.returncode != 0:
        problems.append(f"`mcpjwt verify` of its token: exit {done.returncode}: {done.stderr}")
    if answer["seen"] != [f"{answer['pid']}/environ"]:
        problems.append(f"expected its token in {answer['pid']}/environ, found {answer['seen']}")
    if answer["parent"] != answer["client"]:
        problems.append("somebody stands between it and its client")
    if answer["core"] != core:
        problems.append(f"expected the core limit {core}, found {answer['core']}")
    if name == "literal":
        return problems
    left = [variable for variable in variables if variable == "E2E_KEY" or variable.startswith("MCPJWT_")]
    if left:
        problems.append(f"it was given {left}")
    if any(home.keys.secret in value for value in variables.values()):
        problems.append("the key is in its environment")
    files = [file for file in home.path.rglob("*") if file.is_file()]
    holders = [file for file in files if token and token.encode() in file.read_bytes()]
    if holders:
        problems.append(f"its token is in {[file.name for file in holders]}")
    return problems


def member(file, *path):
    """A string of a JSON config without comments; `None` where there is none."""
    value = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
