"""A FastMCP server whose `auth` is what a text of Python makes it: as printed by `rotate-secret`.

    server.py PORT FILE

It says `ready` once it answers at `http://127.0.0.1:PORT/mcp`, and ends when its standard input
does, so that it never outlives who started it.
"""

import asyncio
import pathlib
import socket
import sys

import uvicorn
from fastmcp import FastMCP


async def serve(listener, app):
    config = uvicorn.Config(app, log_level="critical", lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running


def main():
    names = {}
    text = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    exec(compile(text, sys.argv[2], "exec"), names)
    app = FastMCP("exai", auth=names["auth"]).http_app(path="/mcp", stateless_http=True)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", int(sys.argv[1])))
        listener.listen(128)
        asyncio.run(serve(listener, app))


if __name__ == "__main__":
    main()
