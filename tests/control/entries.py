"""How the stand-in writes tokens into the configs of clients. See `mcpjwt` beside this file.

Good for configs without surprises. NAIVE=place puts the token where no client looks,
NAIVE=spaces writes two behind `Bearer`.
"""

import json
import os
import pathlib
import re

NAIVE = os.environ.get("NAIVE", "")
# Name: the file of a user and of a project, the way to the servers, the members of an entry.
CLIENTS = {
    "cursor": ("~/.cursor/mcp.json", ".cursor/mcp.json", ["mcpServers"], "url", None),
    "vscode": ("~/.config/Code/User/mcp.json", ".vscode/mcp.json", ["servers"], "url", "http"),
    "windsurf": ("~/.codeium/windsurf/mcp_config.json", None, ["mcpServers"], "serverUrl", None),
    "claude-code": ("~/.claude.json", ".mcp.json", ["mcpServers"], "url", "http"),
    "opencode": ("~/.config/opencode/opencode.json", "opencode.json", ["mcp"], "url", "remote"),
    "gemini-cli": ("~/.gemini/settings.json", ".gemini/settings.json", ["mcpServers"], "url", "http"),
    "claude-desktop": ("~/.config/Claude/claude_desktop_config.json", None, ["mcpServers"], None, None),
    "codex": ("~/.codex/config.toml", ".codex/config.toml", ["mcp_servers"], "url", None),
}
SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
ATOM = re.compile(r"[^\s,\]}/]+")
JWT = re.compile(r"eyJ[\w-]*\.[\w-]*\.[\w-]*")


def where(place):
    """The file, the steps to the servers, the server and how a new entry is written."""
    if place.startswith("mcp:"):
        path, _, server = place[4:].partition("#")
        return pathlib.Path(path).expanduser(), ["mcpServers"], server, "url", "http"
    client, _, server = place.partition("/")
    client, _, scope = client.partition(":")
    user, project, steps, url, kind = CLIENTS[client]
    if scope == "local":
        steps = ["projects", os.getcwd(), *steps]
    path = pathlib.Path(project if scope == "project" else user).expanduser()
    jsonc = path.with_suffix(".jsonc")
    return (jsonc if jsonc.exists() else path), steps, server, url, kind


def is_entry(place):
    return place.startswith("mcp:") or place.partition("/")[0].partition(":")[0] in CLIENTS


def url_of(place, given):
    """The address of an entry."""
    path, steps, server, url, _ = where(place)
    if given.url:
        return given.url
    text = path.read_bytes().decode()
    if path.suffix == ".toml":
        return json.loads(text.partition(f"[mcp_servers.{server}]")[2].split("=")[1].splitlines()[0])
    start, end = Tree(text).spans[(*steps, server, url)]
    return json.loads(text[start:end])


class Tree:
    """The objects of a JSON text with comments: for each path its span, and the end of its last member."""

    def __init__(self, text):
        self.text, self.spans, self.last = text, {}, {}
        self.value(self.space(0), ())

    def space(self, at):
        return SPACE.match(self.text, at).end()

    def value(self, at, path):
        start = at
        if self.text[at] == "{":
            at = self.members(at, path)
        elif self.text[at] == "[":
            at = self.space(at + 1)
            while self.text[at] != "]":
                at = self.space(self.value(at, (*path, None)))
                at = self.space(at + 1) if self.text[at] == "," else at
            at += 1
        else:
            at = (TEXT if self.text[at] == '"' else ATOM).match(self.text, at).end()
        self.spans[path] = start, at
        return at

    def members(self, at, path):
        at = self.space(at + 1)
        while self.text[at] != "}":
            name = TEXT.match(self.text, at)
            colon = self.space(name.end())
            at = self.value(self.space(colon + 1), (*path, json.loads(name[0])))
            self.last[path] = at
            at = self.space(at)
            at = self.space(at + 1) if self.text[at] == "," else at
        return at + 1


def put(text, path, value):
    """The text with this value there, and nothing else changed."""
    tree = Tree(text)
    if tuple(path) in tree.spans:
        start, end = tree.spans[tuple(path)]
        return text[:start] + json.dumps(value) + text[end:]
    parent = tuple(path[:-1])
    if parent not in tree.spans:
        return put(text, parent, {path[-1]: value})
    member = f"{json.dumps(path[-1])}: {json.dumps(value)}"
    at = tree.last.get(parent)
    if at is None:
        at = tree.spans[parent][0] + 1
        return f"{text[:at]}{member}{text[at:]}"
    return f"{text[:at]}, {member}{text[at:]}"


def put_toml(text, server, member, value, url):
    """The same for a server of Codex; `member` is `http_headers` or a command that prints them."""
    told = json.dumps(value) if isinstance(value, str) else f'{{ Authorization = {json.dumps(value["Authorization"])} }}'
    if url:
        return f"{text}\n[mcp_servers.{server}]\nurl = {json.dumps(url)}\n{member} = {told}\n"
    head, lead, rest = text.partition(f"[mcp_servers.{server}]")
    below = f"[mcp_servers.{server}.{member}]"
    if below in rest:
        return head + lead + rest.replace(below, f'{below}\nAuthorization = {json.dumps(value["Authorization"])}', 1)
    section, mark, others = rest.partition("\n[")
    if member == "http_headers_helper":
        section = re.sub(r", Authorization = '[^']*'", "", section)
    if JWT.search(section):
        section = JWT.sub(JWT.search(told)[0], section)
    else:
        line, newline, body = section.partition("\n")
        section = f"{line}{newline}{member} = {told}\n{body}"
    return head + lead + section + mark + others


def write_entry(place, token, given, helper):
    """The whole new text of a config, and its path. `helper`: the command of `--mode helper`."""
    path, steps, server, url, kind = where(place)
    text = path.read_bytes().decode() if path.exists() else ""
    value = f"Bearer {' ' if NAIVE == 'spaces' else ''}{token}"
    if path.suffix == ".toml":
        member, told = ("http_headers_helper", helper) if helper else ("http_headers", {"Authorization": value})
        return path, put_toml(text, server, "env" if NAIVE == "place" else member, told, given.url)
    text = text or "{}"
    entry = [*steps, server]
    if url is None:
        bridge = ["-y", "mcp-remote", given.url, "--header", "Authorization:${AUTH_HEADER}"]
        variables = {"AUTH" if NAIVE == "place" else "AUTH_HEADER": value}
        return path, put(text, entry, {"command": "npx", "args": bridge, "env": variables})
    if given.url:
        text = put(text, entry, {**({"type": kind} if kind else {}), url: given.url})
    if given.mode == "exec":
        return path, wrapped(text, entry, helper, given)
    if helper:
        tree = Tree(text)
        if (*entry, "headers", "Authorization") in tree.spans:
            start, end = tree.spans[(*entry, "headers")]
            headers = json.loads(text[start:end])
            del headers["Authorization"]
            text = put(text, [*entry, "headers"], headers)
        return path, put(text, [*entry, "headersHelper"], helper)
    if given.env:
        return path, put(text, [*entry, "headers" if NAIVE == "place" else "env", given.env], token)
    return path, put(text, [*entry, "env" if NAIVE == "place" else "headers", "Authorization"], value)


def wrapped(text, entry, prefix, given):
    """A server's command behind `mcpjwt exec`."""
    whole = json.loads(text)
    for step in entry:
        whole = whole[step]
    arguments = [*prefix[1:], "--env", given.env, "--", whole["command"], *whole["args"]]
    return put(put(text, [*entry, "command"], prefix[0]), [*entry, "args"], arguments)
