"""Each verifier that `rotate-secret` prints, run as it is printed: with a token of each key, and with bad ones."""

import base64
import json
import os
import subprocess
import sys

from project import AUD, ISS, Project, need

PYTHON = """
import json, sys
def verdict(token):
    try:
        return check(token)["sub"]
    except jwt.PyJWTError as error:
        return type(error).__name__
print(json.dumps([verdict(token) for token in sys.argv[1:]]))
"""
FASTMCP = """
import asyncio, json, sys
async def verdicts():
    return [await auth.verify_token(token) for token in sys.argv[1:]]
print(json.dumps([said and said.claims["sub"] for said in asyncio.run(verdicts())]))
"""
NODE = """
const verdicts = []
for (const token of process.argv.slice(2))
  try { const said = await check(token); verdicts.push((said.payload ?? said).sub) }
  catch (error) { verdicts.push(error.name) }
console.log(JSON.stringify(verdicts))
"""
LIBRARIES = {"PyJWT": PYTHON, "FastMCP": FASTMCP, "jsonwebtoken": NODE, "jose": NODE}


def check(alg):
    """Before the rotation both keys are loaded as staged, behind it as current and previous."""

    def run(folder):
        project = Project(folder, alg)
        (project.work / "node_modules").symlink_to(os.environ["MCPJWT_TEST_NODE_MODULES"])
        with project.published():
            old, bad = minted(project), worse(project, alg)
            staged, loaded = project.snippets(project.run("rotate-secret --stage")), project.variables()
            rotated = project.snippets(project.run("rotate-secret --reissue"))
            tokens = [old, minted(project), *bad]
            need(kid(old) != kid(tokens[1]), "both tokens are of one key")
            for when, texts, variables in (("staged", staged, loaded), ("rotated", rotated, project.variables())):
                for name, text in texts.items():
                    said = verdicts(project, (name, text), variables, tokens)
                    need(said[:2] == ["one", "one"], f"{name}, {when}: {said}:\n{text}")
                    need("one" not in said[2:], f"{name}, {when}: a bad token was taken: {said}:\n{text}")
        return ", ".join(rotated)

    return run


def minted(project, options=f"--iss {ISS} --aud {AUD}"):
    return project.run(f"issue -q --plain --sub one {options}").strip()


def worse(project, alg):
    """Tokens that nobody takes: expired, for others, of another key, with another signature."""
    good = f"--iss {ISS} --aud {AUD}"
    project.run(f"secret generate --alg {alg} --to file:../foreign")
    head, body, signature = minted(project).split(".")
    return [
        minted(project, f"{good} --at=-2h --ttl 1h"), minted(project, f"--iss {ISS} --aud other"),
        minted(project, f"--iss other --aud {AUD}"), minted(project, f"{good} --alg {alg} --key file:../foreign"),
        f"{head}.{body}.{signature[::-1]}",
    ]


def kid(token):
    head = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


def verdicts(project, verifier, variables, tokens):
    name, text = verifier
    is_node = LIBRARIES[name] is NODE
    file = project.write("verifier.mjs" if is_node else "verifier.py", text + LIBRARIES[name])
    command = ["node", file] if is_node else [sys.executable, "-W", "ignore", file]
    done = subprocess.run(
        [*command, *tokens], capture_output=True, text=True, timeout=120, cwd=project.work,
        env={"PATH": os.environ["PATH"], "HOME": str(project.home), "FASTMCP_LOG_LEVEL": "CRITICAL", **variables},
    )
    need(done.returncode == 0, f"{name}: exit {done.returncode}: {done.stderr}\n{text}")
    return json.loads(done.stdout.splitlines()[-1])
