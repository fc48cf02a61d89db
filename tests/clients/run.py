"""Real clients with the configs that mcpjwt writes, before a real server that checks their tokens.

    run.py [GROUP..]

Each client gets a home of its own with configs as people have them. `mcpjwt issue --to` puts
tokens into some of their entries; others keep an expired, a foreign or a cut one, or none. Then
the client connects to all. The server's log must hold, for each entry, exactly the token that
stands in it, with 2xx where mcpjwt put it there and with 401 elsewhere; the client must say the
same, and so must `mcpjwt verify`.

Wants MCPJWT (the program) and runs in the Python that has requirements.txt; the other clients
are npm packages, in MCPJWT_TEST_CLIENTS and, those of the group `large`, in
MCPJWT_TEST_CLIENTS_LARGE. Unasked it runs all groups but `brief` and `large`.
"""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import signal
import sys
import tempfile

import configs
import drivers
import started
from world import (
    ALGS, BAD, MCPJWT, Case, Count, Home, Keys, accepted, accepted_fresh, install, install_mode, refused, served,
)

KINDS = tuple(BAD)


@dataclasses.dataclass
class Config:
    """A config in a home: where it is, how its entries are named as places, what is in it, who reads it."""

    path: str  # in the home
    place: str  # with {} for the server
    style: configs.Style | None  # None: Codex
    cases: list
    driver: object = drivers.mcporter
    created: bool = False  # it does not exist yet


def many(label, turn):
    """Entries of all kinds; `turn` moves the kinds of refused tokens from verifier to verifier."""
    kinds = KINDS[turn % 3 :] + KINDS[: turn % 3]
    pairs = list(zip(("hs", "rs", "ed"), kinds))
    return [
        *(Case(label, verifier, kind, stays=True) for verifier, kind in pairs),
        *(Case(label, verifier, kind) for verifier, kind in zip(("rs", "ed", "hs"), kinds)),
        Case(label, "hs", None), Case(label, "url", None), Case(label, "hs", None, stays=True),
        Case(label, "ed", "absent"),
    ]


def few(label, turn):
    """Some of them."""
    return [Case(label, "hs", KINDS[turn % 3], stays=True), Case(label, "ed", KINDS[(turn + 1) % 3]),
            Case(label, "rs", None), Case(label, "hs", "absent")]


def without(label, *modes):
    """Entries whose token does not stand in them: a new one for each mode, and one that had a literal token."""
    return [Case(label, "hs", was, mode=mode) for mode in modes for was in ("absent", "expired")]


def prepared():
    """Configs that are there: comments and all where their reader allows it."""
    style = configs.STYLES
    fastmcp, inspector = many("fastmcp", 0), few("inspector", 0)
    return [
        Config("work/fastmcp.json", "mcp:fastmcp.json#{}", style["fastmcp"], fastmcp, drivers.fastmcp),
        Config("inspector.json", "mcp:~/inspector.json#{}", style["inspector"], inspector, drivers.inspector),
        Config(".cursor/mcp.json", "cursor/{}", style["cursor"], many("cursor", 0)),
        Config(".config/Code/User/mcp.json", "vscode/{}", style["vscode"], many("vscode", 1)),
        Config(".codeium/windsurf/mcp_config.json", "windsurf/{}", style["windsurf"], many("windsurf", 2)),
        Config(".claude.json", "claude-code:user/{}", style["claude-code"], many("claude", 0)),
        Config(".config/opencode/opencode.jsonc", "opencode/{}", style["opencode"], many("opencode", 1)),
        Config("work/.cursor/mcp.json", "cursor:project/{}", style["cursor"], few("cursor-project", 0)),
        Config("work/.vscode/mcp.json", "vscode:project/{}", style["vscode"], few("vscode-project", 1)),
        Config("work/opencode.json", "opencode:project/{}", style["opencode"], few("opencode-project", 2)),
    ]


def created():
    """Configs that are made: there is no file."""
    def one(label, path, place, driver=drivers.mcporter):
        return Config(path, place, None, [Case(label, "hs", "absent")], driver, created=True)

    return [
        one("new-fastmcp", "work/new.json", "mcp:new.json#{}", drivers.fastmcp),
        one("new-inspector", "work/mcp.json", "mcp:./mcp.json#{}", drivers.inspector),
        # Claude Desktop starts `npx mcp-remote` for a server with an address.
        one("bridge", ".config/Claude/claude_desktop_config.json", "claude-desktop/{}", drivers.fastmcp),
        one("new-cursor", ".cursor/mcp.json", "cursor/{}"),
        one("new-vscode", ".config/Code/User/mcp.json", "vscode/{}"),
        one("new-windsurf", ".codeium/windsurf/mcp_config.json", "windsurf/{}"),
        one("new-claude", ".claude.json", "claude-code/{}"),
        one("new-claude-local", ".claude.json", "claude-code:local/{}"),
        one("new-opencode", ".config/opencode/opencode.json", "opencode/{}"),
        one("new-cursor-project", "work/.cursor/mcp.json", "cursor:project/{}"),
    ]


def brief():
    """Two of them, where it is the checks that are checked."""
    return [config for config in created() if config.place.startswith(("mcp:new", "cursor/"))]


def large():
    """Configs of the clients that are large."""
    style = configs.STYLES
    claude = [*many("claude", 0), *without("claude", "helper", "env")]
    codex = [*many("codex", 1), *without("codex", "helper", "env")]
    gemini = [*many("gemini", 2), *without("gemini", "env")]
    opencode = [*many("opencode", 0), *without("opencode", "env", "file")]
    project = [*few("claude-project", 1), Case("claude-project", "hs", "absent", mode="helper")]
    return [
        Config(".claude.json", "claude-code/{}", style["claude-code"], claude, drivers.claude),
        Config("work/.mcp.json", "claude-code:project/{}", style["claude-code"], project, drivers.claude),
        Config(".codex/config.toml", "codex/{}", None, codex, drivers.codex),
        Config(".gemini/settings.json", "gemini-cli/{}", style["gemini-cli"], gemini, drivers.gemini),
        Config(".config/opencode/opencode.jsonc", "opencode/{}", style["opencode"], opencode, drivers.opencode),
    ]


def write(home, config, server):
    entries = [
        (case.name, server.url(case.verifier, case.name), home.keys.bad(case.verifier, case.was))
        for case in config.cases if case.was != "absent"
    ]
    text = configs.render(config.style, entries) if config.style else configs.codex(entries)
    home.write(config.path, text.replace("$PROJECT", str(home.work)))


def play(count, server, home, all_configs):
    """Tokens into the entries, then the clients, then what the server saw."""
    tokens = {}
    for config in all_configs:
        if not config.created:
            write(home, config, server)
        for case in config.cases:
            if case.stays:
                continue
            url = server.url(case.verifier, case.name)
            more = ["--url", url] if case.was == "absent" else []
            place, file = config.place.format(case.name), home.path / config.path
            put = install_mode if case.mode else install
            tokens[case.name], problems = put(home, case, place, file, *more)
            if tokens[case.name]:
                problems += verdict(home, case.verifier, tokens[case.name], 0, url)
            count.check(f"{case.name}: issued", problems)
    said = asked(home, all_configs)
    for config in all_configs:
        for case in config.cases:
            if case.stays:
                token = home.keys.bad(case.verifier, case.was)
                count.check(f"{case.name}: refused", refused(server, case, token, said[case.name]))
            elif case.mode in ("helper", "file"):
                count.check(f"{case.name}: accepted", accepted_fresh(server, home, case, said[case.name]))
            else:
                count.check(f"{case.name}: accepted", accepted(server, case, tokens[case.name], said[case.name]))


def asked(home, all_configs):
    """What each client says of each of its servers; one run for all configs that it finds itself."""
    jobs = {}
    for config in all_configs:
        finds_itself = config.driver not in (drivers.fastmcp, drivers.inspector)
        job = jobs.setdefault((config.driver, "" if finds_itself else config.path), [])
        job += [case.name for case in config.cases]
    said = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda job: job[0][0](home, home.path / job[0][1], job[1]), jobs.items()):
            said.update(found)
    return said


def verdict(home, verifier, token, code, audience):
    """What is wrong where `verify` has to end with this code."""
    options = home.keys.options(verifier) + (["--aud", audience] if verifier == "url" else [])
    done = home.mcpjwt("verify", *options, stdin=token)
    if done.returncode == code:
        return []
    return [f"`mcpjwt verify`: expected exit {code}, found {done.returncode}: {done.stderr}"]


def verdicts(count, _server, home):
    """What every server refuses, `verify` has to refuse as well, and tell why by its exit code."""
    for verifier in ("hs", "rs", "ed"):
        for kind, code in BAD.items():
            problems = verdict(home, verifier, home.keys.bad(verifier, kind), code, None)
            count.check(f"verify: a token of {verifier} that is {kind}", problems)


def approved(home):
    """Lets clients use the servers of a project, and `npx` the packages that are there."""
    (home.work / "node_modules").symlink_to(drivers.SMALL)
    home.write(".npmrc", "offline=true\nupdate-notifier=false\n")
    home.write(".claude/settings.json", json.dumps({"enableAllProjectMcpServers": True}))
    return home


def on_path(folder):
    """Puts the program where a shell finds it by its name."""
    folder.mkdir()
    (folder / "mcpjwt").symlink_to(MCPJWT)
    os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"


# The configs of a group, or what else it does.
PLAYS = {"prepared": prepared, "created": created, "brief": brief, "large": large}
OTHERS = {"verify": verdicts, "helper": started.helper, "stdio": started.stdio}


def main():
    wanted = sys.argv[1:] or ["verify", "prepared", "created", "helper", "stdio"]
    if not set(wanted) <= {*PLAYS, *OTHERS}:
        sys.exit(f"usage: run.py [{' | '.join([*PLAYS, *OTHERS])}]..")
    count = Count()
    plays = {group: PLAYS[group]() for group in wanted if group in PLAYS}
    cases = [case for all_configs in plays.values() for config in all_configs for case in config.cases]
    verifiers = set(ALGS) if "verify" in wanted else {"hs", *(case.verifier for case in cases)}

    def settings(server):
        return keys.settings([server.url("url", case.name) for case in cases if case.verifier == "url"])

    # So that what was started is stopped, and the folder removed, when we run out of time.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="e2e-") as name:
        folder = pathlib.Path(name)
        on_path(folder / "bin")
        keys = Keys(folder / "keys", verifiers)
        with served(folder, settings) as server:
            for group in wanted:
                home = Home(folder / group, keys)
                if group in plays:
                    play(count, server, approved(home), plays[group])
                else:
                    OTHERS[group](count, server, home)
    print(f"{count.passed} passed, {len(count.failed)} failed")
    return 1 if count.failed or not count.passed else 0


sys.exit(main())
