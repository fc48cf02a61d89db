"""The fastmcp client on some servers of a config.

    fastmcp_side.py FILE SERVER..

One JSON object: for each server null when it was reached, else what kept it from that. Of a
server of ours on standard input and output: what its `environment` says, in `client` our own process, in
`seen` the files below /proc that held its TOKEN while it ran.
"""

import asyncio
import json
import os
import pathlib
import sys

from fastmcp import Client


async def ask(config, name):
    entry = config["mcpServers"][name]
    try:
        async with Client({"mcpServers": {name: entry}}, timeout=60) as client:
            if "url" in entry or entry["command"] == "npx":
                return None if (await client.call_tool("whoami")).data == "reached" else "another answer"
            told = (await client.call_tool("environment")).data
            return {**told, "client": os.getpid(), "seen": who_knows(told["variables"].get("TOKEN"))}
    except Exception as error:  # whatever it is, it is the answer
        return f"{type(error).__name__}: {error}"


def who_knows(token):
    """The files of /proc, as `PID/environ` or `PID/cmdline`, that hold this text."""
    found = []
    for path in [*pathlib.Path("/proc").glob("[0-9]*/environ"), *pathlib.Path("/proc").glob("[0-9]*/cmdline")]:
        try:
            if token and token.encode() in path.read_bytes():
                found.append(f"{path.parent.name}/{path.name}")
        except OSError:
            pass  # it has ended, or is another user's
    return found


async def main():
    config = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    names = sys.argv[2:]
    print(json.dumps(dict(zip(names, await asyncio.gather(*(ask(config, name) for name in names))))))


asyncio.run(main())
