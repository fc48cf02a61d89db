"""Writes the seeds of the fuzz targets from tests/vectors: seeds.py FOLDER."""

import base64
import hashlib
import json
import pathlib
import shutil
import sys

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "tests/vectors"
TIMES = (
    "30s 15m 24h 7d 2w 6mo 1y 1d12h 90 1e9d 9223372036854775807s 2026-11-22 2026-11-22T03:00:00Z 1800000000 +7d -1h "
    "2026-11-22T14:03:05.5+01:00 0s -0s 1y6mo"
).split()
PLACES = """env:NAME|cmd:pass show jwt|file:~/a%23b|dotenv:.env#NAME|json:a.json#/mcpServers/EXAI~1x/env/T
toml:a.toml#mcp_servers."a b".token|keyring:mcpjwt/default|-|vscode:user/exai|json:#|dotenv:|file:|FILE:x""".replace("\n", "|").split("|")
TOMLS = [
    "model = 'o'\n\n[mcp_servers.a]\nurl = \"x\" # c\nhttp_headers = { A = \"b\" }\n\n[[t]]\nto = [1, 2]\n[t.u]\n",
    "\ufeffa.b = [\r\n  'x', # c\r\n]\r\n[ p . \"q r\" ]\r\n  k = 0x1F",
]
POINTERS = "/mcp_servers/exai|/mcp_servers/a/http_headers/B|/t/0/to|/a/b|/p/q r/k".split("|")
DOTENVS = ["A=1\nB='two'\n# c\nexport C=\"x y\"\r\nD=$A\n", "A=1 # no\nA=2", "\ufeffA=\n", 'A="x\ny"\n']

MANIFESTS = [
    """name = "exai"\niss = "i"\naud = ["a", "b"]\nalg = "HS256"\nttl = "90d"\nrefresh-before = "7d"\nhelper-ttl = "8h"
key = "dotenv:.env#K"\nkey-encoding = "hex"\nprevious = "file:p"\nnext = "file:n"\nprevious-until = 2026-12-06T00:00:00Z
revoked = "file:r"\njwks = "file:j"\ngit = "allow"\n[roles]\nr = ["x:y"]\n[[token]]\nname = "a"\nsub = "a@x"\nrole = "r"
scope = "s"\nclaims = { quota = 1, l = [1.5, true] }\ntyp = "at+jwt"\nclient-id = "c"\nenv = "E"\nmode = "helper"
to = ["file:x", "vscode:user/exai", { client = "vscode", scope = "local", server = "s", url = "https://x", header = "H" }]\n""",
    "[[token]]\nsub = 'a'\n[token.claims.x]\ny = 1979-05-27\n[[token.to]]\nplace = 'mcp:x#y'\ncommand = ['a']\nmode = '0640'\n",
]


def rows(name):
    for line in (VECTORS / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def seeds():
    """Target and bytes; of the targets that take a tuple, libFuzzer shuffles the parts itself."""
    for name in ("rfc.jsonl", "wycheproof_jws.jsonl", "library_tokens.jsonl", "negatives.jsonl"):
        for row in rows(name):
            token = row.get("token")
            if isinstance(token, str):
                yield "token", token.encode(errors="surrogatepass")
                parts = []
                for part in token.split(".")[:2]:
                    try:
                        parts.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
                    except ValueError:
                        pass
                for part in parts:
                    yield "header", part
                # The `token` target signs the two lines itself.
                if len(parts) == 2:
                    yield "token", parts[0].replace(b"\n", b" ") + b"\n" + parts[1]
            key = row.get("key") or {}
            for kind in ("jwk", "jwks"):
                if kind in key:
                    yield "key_text", b"\xff" + json.dumps(key[kind]).encode()
            if "pem" in key:
                yield "key_text", b"\xff" + key["pem"].encode()
    for row in rows("json_parsing.jsonl"):
        text = base64.b64decode(row["bytes_b64"])
        if len(text) < 70000:
            yield "header", text
    value = '{"url": "x", "headers": {"Authorization": "Bearer y"}}'
    for row in rows("jsonc_edit.jsonl"):
        pointer = "".join(f"/{step}" for step in row["path"])
        yield "edit", f"{pointer}\n{json.dumps(row.get('value'))}\n{row['before']}".encode()
    for row in rows("mcp_configs.jsonl"):
        text = (VECTORS / "mcp_configs" / row["file"]).read_bytes()
        pointer = "".join(f"/{step}" for step in row["edit_path"])
        yield "edit", pointer.encode() + b"\nBearer y\n" + text
        yield "edit", "/".join(pointer.split("/")[:3]).encode() + b"\n" + value.encode() + b"\n" + text
    for text in TOMLS:
        for pointer in POINTERS:
            yield "edit", f"{pointer}\n{value}\n{text}".encode()
            yield "edit", f"{pointer}\nBearer y\n{text}".encode()
    for time in TIMES:
        yield "duration", time.encode() + b"\x00\x5a\x49\x6b\x00\x00\x00\x00"
    for place in PLACES:
        yield "place", place.encode()
    for text in DOTENVS:
        yield "place", text.encode() + b"A"
    for text in MANIFESTS:
        yield "manifest", text.encode()


def main():
    folder = pathlib.Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    for target, data in seeds():
        (folder / target).mkdir(parents=True, exist_ok=True)
        (folder / target / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


main()
