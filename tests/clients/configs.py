"""Configs as people have them: what each reader allows is in them, comments, tabs, CRLF, unknown keys.

An entry here is a server with the token it has before mcpjwt comes: `None`, or a text. `$PROJECT`
stands for the folder of the project: only where it is trusted does Claude Code run its helpers.
"""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Style:
    """How a JSON config is written."""

    servers: tuple  # the members down to the servers
    url: str = "url"
    kind: str | None = None
    indent: str = "  "
    newline: str = "\n"
    comments: bool = False
    trailing: str = ""
    before: tuple = ()  # members before and after the servers, as text
    after: tuple = ()


STRANGE = '"unknown": {"big": 12345678901234567890, "real": 1.0,   "text": "\\u00e9\\/"}'
STYLES = {
    "fastmcp": Style(("mcpServers",), indent="\t", newline="\r\n", before=(STRANGE,)),
    "inspector": Style(("mcpServers",), kind="streamable-http", indent=" ", after=(STRANGE,)),
    "cursor": Style(("mcpServers",), indent="\t", newline="\r\n", comments=True, trailing=",", after=(STRANGE,)),
    "vscode": Style(("servers",), kind="http", indent="    ", comments=True, trailing=",",
                    before=('"inputs": [{"id": "pat", "type": "promptString", "password": true}]',)),
    "windsurf": Style(("mcpServers",), url="serverUrl", comments=True, before=(STRANGE,)),
    "claude-code": Style(("mcpServers",), kind="http", indent="\t", newline="\r\n",
                         before=('"numStartups": 17', STRANGE),
                         after=('"projects": {"$PROJECT": {"hasTrustDialogAccepted": true}}',)),
    "opencode": Style(("mcp",), kind="remote", comments=True, trailing=",",
                      before=('"$schema": "https://opencode.ai/config.json"',)),
    "gemini-cli": Style(("mcpServers",), kind="http", indent="\t", comments=True, newline="\r\n",
                        before=('"security": {"folderTrust": {"enabled": false}}',
                                '"privacy": {"usageStatisticsEnabled": false}')),
}


def render(style, entries):
    """The text of a config with these entries, each (name, url, token)."""
    lines = ["{"]
    if style.comments:
        lines.append(f'{style.indent}// {{"mcpServers": {{"not": "this"}}}}, one server a team  ')
    lines += [f"{style.indent}{member}," for member in style.before]
    for depth, step in enumerate(style.servers, 1):
        between = " /* ours */ " if style.comments else "  "
        lines.append(f"{style.indent * depth}{json.dumps(step)}{between}: {{")
    depth = len(style.servers) + 1
    for number, entry in enumerate(entries):
        comma = "," if number + 1 < len(entries) else style.trailing
        lines += [style.indent * depth + line for line in server(style, number, *entry)]
        lines[-1] += comma
    for depth in range(len(style.servers), 0, -1):
        lines.append(f"{style.indent * depth}}}")
    for member in style.after:
        lines[-1] += ","
        lines.append(style.indent + member)
    lines[-1] += style.trailing
    return style.newline.join([*lines, "}", ""])


def server(style, number, name, url, token):
    """The lines of one entry, in one of three layouts."""
    kind = [f'"type": "{style.kind}"'] if style.kind else []
    headers = {"X-Team": "a"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    members = [*kind, f'"{style.url}": {json.dumps(url)}']
    # Without a token there are: no headers, empty ones, another one.
    if token is not None or number % 3 == 2:
        members.append(f'"headers" : {json.dumps(headers)}')
    elif number % 3 == 1:
        members.append('"headers": {}')
    if number % 2:
        yield f"{json.dumps(name)}: {{ {', '.join(members)} }}"
        return
    yield f"{json.dumps(name)}:{{"
    for at, member in enumerate(members):
        comma = "," if at + 1 < len(members) else style.trailing
        remark = ' // "Authorization": "Bearer old"' if style.comments else ""
        yield f"{style.indent}{member}{comma}{remark}"
    yield "}"


def codex(entries):
    """The same in the TOML of Codex, with CRLF and comments."""
    lines = ['# "mcp_servers" of the team', 'model = "gpt-5"  # unused', "", "[history]", 'persistence = "none"', ""]
    for number, (name, url, token) in enumerate(entries):
        lines += [f"[mcp_servers.{name}]  # number {number}", f"url   =  {json.dumps(url)}"]
        lines.append("startup_timeout_sec = 2_0")
        if token is not None:
            lines.append(f'http_headers = {{ "X-Team" = "a", Authorization = \'Bearer {token}\' }} # theirs')
        elif number % 2:
            lines += [f"[mcp_servers.{name}.http_headers]", '"X-Team" = "a"']
        lines.append("")
    return "\r\n".join(lines)
