"""A project with a manifest, the server behind it, and a client that reads its config all the time."""

import collections
import contextlib
import functools
import http.client
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
MCPJWT = str(pathlib.Path(os.environ.get("MCPJWT", HERE.parent.parent / "target/debug/mcpjwt")).resolve())
ISS, AUD = "exai-server", "exai-client"
EVERY = 0.1
SECRETS = 'key = "dotenv:.env#JWT_SECRET"\nprevious = "dotenv:.env#JWT_SECRET_PREVIOUS"\nnext = "dotenv:.env#JWT_SECRET_NEXT"\n'
PAIRS = 'jwks = "file:public/jwks.json"\n'


class Failed(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Failed(why)


class Project:
    """A folder with a manifest of one token, which is in the config of a client."""

    def __init__(self, home, alg):
        self.home, self.work, self.alg = home, home / "work", alg
        (self.work / "public").mkdir(parents=True)
        home.chmod(0o700)
        self.port, self.url = free_port(), None
        self.is_secret = alg.startswith("HS")
        self.config = self.write(".mcp.json", json.dumps({"mcpServers": {"exai": {
            "type": "http", "url": f"http://127.0.0.1:{self.port}/mcp", "headers": {}}}}, indent=2))
        self.write("mcpjwt.toml", "\n".join([
            'name = "exai"', f'iss = "{ISS}"', f'aud = "{AUD}"', f'alg = "{alg}"', SECRETS if self.is_secret else PAIRS,
            "[[token]]", 'sub = "claude"', 'to = ["mcp:.mcp.json#exai"]', ""]))
        self.run("trust --yes")
        self.run(f"secret generate --alg {alg}" + (" --to dotenv:.env#JWT_SECRET" if self.is_secret else ""))
        self.run("sync")

    def write(self, name, text):
        path = self.work / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def run(self, line):
        """What a run that succeeds says to people."""
        done = subprocess.run(
            [MCPJWT, *line.split()], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=self.work, timeout=60,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        need(done.returncode == 0, f"`{line}`: exit {done.returncode}: {done.stderr}")
        return done.stdout + done.stderr

    def token(self):
        headers = json.loads(self.config.read_text(encoding="utf-8"))["mcpServers"]["exai"]["headers"]
        return headers["Authorization"].removeprefix("Bearer ")

    def variables(self):
        """What a process manager hands on to a server that it starts now."""
        if not self.is_secret:
            return {}
        lines = (self.work / ".env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if line)

    def one_key(self):
        """A verifier as people have it before they rotate for the first time."""
        if not self.is_secret:
            return f'from fastmcp.server.auth import JWTVerifier\nauth = JWTVerifier(jwks_uri="{self.url}/jwks.json", ' \
                   f'algorithm="{self.alg}", issuer="{ISS}", audience="{AUD}")\n'
        return 'import os\nfrom fastmcp.server.auth import JWTVerifier\n' \
               f'auth = JWTVerifier(public_key=os.environ["JWT_SECRET"], algorithm="{self.alg}", issuer="{ISS}", audience="{AUD}")\n'

    def snippets(self, said):
        """The verifiers that a run has printed: the text of each by its library, and where the keys are filled in."""
        found = {}
        for name, text in re.findall(r"^two keys with (\w+):\n((?:  .*\n)+)", said, re.MULTILINE):
            text = re.sub("^  ", "", text, flags=re.MULTILINE)
            found[name] = text.replace("https://YOUR-HOST", self.url) if self.url else text
        need(len(found) == 3, f"{len(found)} verifiers were printed: {said}")
        return found

    @contextlib.contextmanager
    def published(self):
        """The folder with the public keys, served."""
        handler = functools.partial(Quiet, directory=str(self.work / "public"))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A FastMCP server that can be restarted with another verifier, and other variables."""

    def __init__(self, project):
        self.project, self.process = project, None

    def start(self, text):
        file = self.project.write("auth.py", text)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", HERE / "server.py", str(self.project.port), file], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.project.work,
            env={"PATH": os.environ["PATH"], "HOME": str(self.project.home), "FASTMCP_LOG_LEVEL": "CRITICAL",
                 "PYTHONDONTWRITEBYTECODE": "1", **self.project.variables()},
        )
        need(self.process.stdout.readline().strip() == "ready", f"the server did not come up with: {text}")

    def stop(self):
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None

    def restart(self, text):
        self.stop()
        self.start(text)


INITIALIZE = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}})


def ask(port, token):
    """The status of an `initialize` with a token; None where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/mcp", INITIALIZE, {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (ConnectionError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Client:
    """Connects every 100 ms with whatever its config holds, and counts the answers of each phase."""

    def __init__(self, project):
        self.project, self.phase, self.counts = project, "", {}
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.loop)

    def loop(self):
        begun = time.monotonic()
        for turn in range(1, 1_000_000):
            phase = self.counts.setdefault(self.phase, collections.Counter())
            phase[ask(self.project.port, self.project.token())] += 1
            if self.over.wait(max(0, begun + turn * EVERY - time.monotonic())):
                return

    def enters(self, phase, answers=0):
        """From now on the answers count for this phase, which lasts for so many."""
        self.phase = phase
        end = time.monotonic() + 120
        while self.counts.get(phase, collections.Counter()).total() < answers:
            need(time.monotonic() < end, f"{phase}: too few answers: {self.told()}")
            time.sleep(EVERY / 2)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def refused(self):
        return sum(counts[401] for counts in self.counts.values())

    def told(self):
        return "; ".join(f"{phase}: " + ", ".join(f"{count} x {status}" for status, count in counts.items())
                         for phase, counts in self.counts.items())
