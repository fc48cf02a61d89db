"""A FastMCP server on standard input and output that tells what it was started with."""

import os
import resource

from fastmcp import FastMCP

server = FastMCP("mcpjwt-stdio")


@server.tool
def environment() -> dict:
    """Its process, its parent, its variables, its core limit."""
    return {
        "pid": os.getpid(), "parent": os.getppid(), "variables": dict(os.environ),
        "core": list(resource.getrlimit(resource.RLIMIT_CORE)),
    }


server.run(transport="stdio", show_banner=False)
