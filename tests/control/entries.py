"""How the stand-in writes tokens into the configs of clients. See `mcpjwt` beside this file.

Good for configs that it made itself: it reads JSON and writes all of it anew. NAIVE=place puts
the token where no client looks, NAIVE=spaces writes two behind `Bearer`.
"""

import json
import os
import pathlib

NAIVE = os.environ.get("NAIVE", "")
# The file of each client, and what a new entry begins with.
CLIENTS = {"cursor": ("~/.cursor/mcp.json", {}), "claude-code": ("~/.claude.json", {"type": "http"})}


def is_entry(place):
    return place.startswith("mcp:") or place.partition("/")[0] in CLIENTS


def where(place):
    """The file, the server, and what a new entry begins with."""
    if place.startswith("mcp:"):
        path, _, server = place[4:].partition("#")
        return pathlib.Path(path), server, {"type": "http"}
    client, _, server = place.partition("/")
    path, begin = CLIENTS[client]
    return pathlib.Path(path).expanduser(), server, begin


def write_entry(place, token, given, own):
    """The path and the whole new text of a config. `own`: our own command, for a mode that needs it."""
    path, server, begin = where(place)
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    entry = document.setdefault("mcpServers", {}).setdefault(server, {})
    if given.url:
        entry.update({**begin, "url": given.url})
    if given.mode == "exec":
        entry["args"] = [*own[1:], "--env", given.env, "--", entry["command"], *entry["args"]]
        entry["command"] = own[0]
    elif given.mode == "helper":
        entry["headersHelper"] = " ".join(own)
    elif given.env:
        entry.setdefault("env", {})[given.env] = token
    else:
        value = f"Bearer {' ' if NAIVE == 'spaces' else ''}{token}"
        entry.setdefault("env" if NAIVE == "place" else "headers", {})["Authorization"] = value
    return path, json.dumps(document, indent=2)
