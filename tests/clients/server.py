"""A FastMCP server that checks tokens and writes down who came with which.

    server.py LOG

One process, one free port of the loopback, named in the first line it prints. The first line
it then reads has a member for each verifier: the arguments of its `JWTVerifier`; instead of
`jwks_uri` it may be `jwks`, a key set, which is then served from here. The second line it
prints says that it is ready; it ends when its standard input does, so that it never outlives
who started it.

A verifier answers at `http://127.0.0.1:PORT/VERIFIER/CASE/mcp`, where CASE is any word by
which a request is found again. Each request to such an address is a line of LOG, written when
its answer begins: method, verifier, case, query, all values of `Authorization`, status.
"""

import asyncio
import contextlib
import json
import socket
import sys

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth import JWTVerifier
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route


class Witness:
    """Writes down each request to a case, and sends it on without the name of the case."""

    def __init__(self, app, names, log):
        self.app, self.names, self.log = app, names, log

    async def __call__(self, scope, receive, send):
        parts = scope.get("path", "").split("/")
        if scope["type"] != "http" or len(parts) != 4 or parts[1] not in self.names or parts[3] != "mcp":
            return await self.app(scope, receive, send)
        row = {
            "method": scope["method"], "verifier": parts[1], "case": parts[2],
            "query": scope["query_string"].decode("latin-1"),
            "authorization": [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"],
        }

        async def answer(message):
            if message["type"] == "http.response.start":
                print(json.dumps({**row, "status": message["status"]}), file=self.log, flush=True)
            await send(message)

        path = f"/{parts[1]}/mcp"
        await self.app({**scope, "path": path, "raw_path": path.encode()}, receive, answer)


def application(settings, base):
    """All verifiers behind one door, and what has to run while it is open."""
    apps, routes = [], []
    for name, arguments in settings.items():
        key_set = arguments.pop("jwks", None)
        if key_set is not None:
            routes.append(Route(f"/{name}/jwks.json", lambda _, key_set=key_set: JSONResponse(key_set)))
            arguments["jwks_uri"] = f"{base}/{name}/jwks.json"
        server = FastMCP(f"mcpjwt-{name}", auth=JWTVerifier(**arguments))
        server.tool(whoami)
        apps.append(server.http_app(path="/mcp"))
        routes.append(Mount(f"/{name}", apps[-1]))
    return Starlette(routes=routes), apps


def whoami() -> str:
    """Says that it was reached."""
    return "reached"


async def serve(listener, app, apps):
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    async with contextlib.AsyncExitStack() as stack:
        for inner in apps:
            await stack.enter_async_context(inner.router.lifespan_context(inner))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await running


def main():
    with socket.socket() as listener, open(sys.argv[1], "a", encoding="utf-8") as log:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        print(base, flush=True)
        settings = json.loads(sys.stdin.readline())
        app, apps = application(settings, base)
        asyncio.run(serve(listener, Witness(app, set(settings), log), apps))


if __name__ == "__main__":
    main()
