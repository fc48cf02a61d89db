"""The real clients: how each is started in a home of its own, and which servers it says it reached.

A driver takes the home, the config (where the client does not find it itself) and the names of
the servers, and gives for each name `None`, or what the client had to say instead.
"""

import contextlib
import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
SMALL = pathlib.Path(os.environ.get("MCPJWT_TEST_CLIENTS", HERE / "node_modules"))
LARGE = pathlib.Path(os.environ.get("MCPJWT_TEST_CLIENTS_LARGE", HERE / "large/node_modules"))
MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
LIMIT = 120
# Nobody is to be told that we were here.
QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1", "DISABLE_TELEMETRY": "1",
    "OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1", "NO_UPDATE_NOTIFIER": "1", "MCP_INSPECTOR_SECRET_STORE": "memory",
    "npm_config_offline": "true",
}


def environment(home):
    return {"HOME": str(home.path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **QUIET, **home.variables}


@contextlib.contextmanager
def started(home, command, **more):
    """A client in the project of a home; what it leaves running is ended with it, and it in time."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=home.work, env=environment(home), start_new_session=True,
        stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace", **more,
    )

    def end():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(LIMIT, end)
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        end()
        process.wait()
        process.stdout.close()


def said(home, *command):
    """What a client prints; its errors too, where it printed nothing else."""
    with started(home, command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        out, err = process.communicate()
    return re.sub(r"\x1b\[[0-9;]*m", "", out if out.strip() else err)


def fastmcp(home, config, names):
    return json.loads(said(home, sys.executable, HERE / "fastmcp_side.py", config, *names))


def inspector(home, config, names):
    answers = {}
    for name in names:
        told = said(home, SMALL / ".bin/mcp-inspector", "--cli", "--config", config, "--server", name,
                    "--method", "tools/list")
        answers[name] = None if '"whoami"' in told else told[:300]
    return answers


def mcporter(home, _config, names):
    told = said(home, SMALL / ".bin/mcporter", "list", "--json", "--no-oauth")
    found = {server["name"]: server for server in json.loads(told)["servers"]}
    return {name: None if found.get(name, {}).get("status") == "ok" else str(found.get(name, "not in its list"))[:300]
            for name in names}


def listed(told, names, line):
    """Of a list a line of which is each server: those whose line says that it is connected."""
    return {name: None if re.search(line.format(re.escape(name)), told, re.MULTILINE) else told[:300] for name in names}


def claude(home, _config, names):
    told = said(home, LARGE / f"@anthropic-ai/claude-code-linux-{MACHINE}/claude", "mcp", "list")
    return listed(told, names, r"^{}: .* - ✔ Connected$")


def gemini(home, _config, names):
    return listed(said(home, LARGE / ".bin/gemini", "mcp", "list"), names, r"^✓ {}: .* - Connected$")


def opencode(home, _config, names):
    told = said(home, LARGE / f"opencode-linux-{MACHINE}/bin/opencode", "mcp", "list")
    return listed(told, names, r"✓ {} connected$")


def codex(home, _config, names):
    asked = [
        {"id": 1, "method": "initialize", "params": {"clientInfo": {"name": "test", "title": "test", "version": "1"}}},
        {"method": "initialized"},
        {"id": 2, "method": "mcpServerStatus/list", "params": {}},
    ]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with started(home, [LARGE / ".bin/codex", "app-server"], **pipes) as process:
        for message in asked:
            print(json.dumps({"jsonrpc": "2.0", **message}), file=process.stdin, flush=True)
        answers = (json.loads(line) for line in process.stdout)
        found = next((answer for answer in answers if answer.get("id") == 2), {})
        process.stdin.close()
        process.wait()
    servers = {server["name"]: server for server in found.get("result", {}).get("data", [])}
    return {name: None if servers.get(name, {}).get("tools") else str(servers.get(name, found))[:300] for name in names}
