"""Tokens that are made at the moment of use: `headers` for a helper entry, `exec` before a real server."""

import json
import os
import resource
import subprocess
import sys

import drivers
from world import HERE, MCPJWT, Case, accepted_fresh, command, install_helper, manifest

SERVER = str(HERE / "stdio_server.py")


def helper(count, server, home):
    """An entry with a helper: a good token comes from its command, run from `/` with no environment."""
    case = Case("helper", "hs", "absent", helped=True)
    file = home.path / ".claude.json"
    problems = install_helper(home, case, f"claude-code/{case.name}", file, "--url", server.url("hs", case.name))
    count.check(f"{case.name}: written", problems)
    line = member(file, "mcpServers", case.name, "headersHelper")
    told = subprocess.run(["sh", "-c", line or "false"], cwd="/", env={"PATH": "/usr/bin:/bin"}, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60)
    problems = []
    if told.returncode != 0:
        problems = [f"`{line}` from `/` with no environment: exit {told.returncode}: {told.stderr}"]
    else:
        said = probe(home, server.url("hs", case.name), json.loads(told.stdout))
        problems = accepted_fresh(server, home, case, said)
    count.check(f"{case.name}: its command, from `/` with no environment", problems)


def probe(home, url, headers):
    """What the fastmcp client says of an address when it sends these headers."""
    config = home.write("probe.json", json.dumps({"mcpServers": {"probe": {"url": url, "headers": headers}}}))
    return drivers.fastmcp(home, config, ["probe"])["probe"]


def stdio(count, _server, home):
    """A real server on standard input and output: a token in its entry, and one by `exec`."""
    path = manifest(home, "exec", "env:E2E_KEY")
    # mcpjwt is to keep these for itself; the last one is the stand-in's.
    keep = {"E2E_KEY": home.keys.secret, "MCPJWT_TTL": "1h", "NAIVE": os.environ.get("NAIVE", "")}
    server = {"command": sys.executable, "args": [SERVER]}
    by_exec = ["-m", str(path), "exec", "started", "--env", "TOKEN", "--", sys.executable, SERVER]
    config = home.write(".cursor/mcp.json", json.dumps({"mcpServers": {
        "literal": {**server, "env": {"TOKEN": "", "OTHER": "kept"}},
        "exec": {"command": MCPJWT, "args": by_exec, "env": keep},
        "wrapped": {**server, "env": keep},
    }}, indent=2))
    problems = {"literal": [], "exec": [], "wrapped": []}
    for name, args in {
        "literal": ["issue", "--sub", "literal", *home.keys.options("hs"), "--to", "cursor/literal", "--env", "TOKEN"],
        "wrapped": ["-m", path, "issue", "--sub", "started", "--to", "cursor/wrapped", "--env", "TOKEN",
                    "--mode", "exec"],
    }.items():
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
