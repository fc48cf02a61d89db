"""A rotation before real servers: a client that never stops asking sees not one 401.

    run.py [-v] [PART..]

Runs in the Python of tests/clients/requirements.txt. Wants MCPJWT (the program), node, and
MCPJWT_TEST_NODE_MODULES with jsonwebtoken and jose. PART is a part of the name of a check.

The servers' verifiers are those that `rotate-secret` prints, as it prints them, but for the host of
the public keys. A client reads its config every 100 ms and connects with the token that is there.
Keys are staged, then loaded, then used: no answer may be 401. The same without staging must have
some, or nothing was proved. And each verifier that is printed is run, with a token of each key.
"""

import concurrent.futures
import pathlib
import sys
import tempfile
import time

import verifiers
from project import Client, Failed, Project, Server, ask, need

VERBOSE = "-v" in sys.argv
ONLY = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
SOME = 15  # answers that a phase has, at least
CACHED = 30  # FastMCP, PyJWT and jose ask for a key that they do not know once in 30 s


def staged_secret(project, client, server):
    """A server that knows one secret, restarted with two, and at last with one again."""
    client.enters("one secret", SOME)
    client.enters("staged")
    said = project.run("rotate-secret --stage")
    client.enters("staged", SOME)
    client.enters("restarted")
    server.restart(project.snippets(said)["FastMCP"])
    client.enters("restarted with two", SOME)
    old = project.token()
    said = project.run("rotate-secret --reissue --grace 6s")
    promoted = time.monotonic()
    need(project.token() != old, "the config has the old token")
    client.enters("promoted", SOME)
    client.enters("restarted")
    server.restart(project.snippets(said)["FastMCP"])
    client.enters("restarted with the one before", SOME)
    need(ask(project.port, old) == 200, "the old token is refused before its key is over")
    time.sleep(max(0, promoted + 7 - time.monotonic()))
    project.run("secret prune")
    need("JWT_SECRET_PREVIOUS" not in project.variables(), "the old key is there still")
    client.enters("pruned", SOME)
    client.enters("restarted")
    server.restart(project.snippets(said)["FastMCP"])
    client.enters("restarted with one again", SOME)
    need(ask(project.port, old) == 401, "the old token is taken when its key is over")


def staged_pair(project, client, server):
    """A server that reads public keys, never restarted."""
    client.enters("one key", SOME)
    client.enters("staged")
    said = project.run("rotate-secret --stage")
    need(project.snippets(said)["FastMCP"] == project.one_key(), "the verifier for two keys is another one")
    client.enters("staged", SOME)
    time.sleep(CACHED)
    old = project.token()
    project.run("rotate-secret --reissue --grace 3s")
    need(project.token() != old, "the config has the old token")
    client.enters("promoted", SOME)
    need(ask(project.port, old) == 200, "the old token is refused before its key is over")
    time.sleep(3)
    project.run("secret prune")
    client.enters("pruned", SOME)


def unstaged(options):
    """No staging: the tokens change first, and the server follows."""

    def run(project, client, server):
        client.enters("one key", SOME)
        said = project.run(f"rotate-secret --reissue {options}")
        client.enters("rotated", SOME)
        if project.is_secret:
            client.enters("restarted")
            server.restart(project.one_key() if options else project.snippets(said)["FastMCP"])
            client.enters("restarted with two", SOME)

    return run


def asked(alg, steps, refused):
    """A client before a server, through these steps: it is refused never, or must be sometimes."""

    def run(folder):
        project = Project(folder, alg)
        with project.published():
            server = Server(project)
            try:
                server.start(project.one_key())
                with Client(project) as client:
                    steps(project, client, server)
            finally:
                server.stop()
        told = client.told()
        others = {status for counts in client.counts.values() for status in counts} - {None, 200, 401}
        need(not others, f"other answers came: {told}")
        if refused:
            need(client.refused() > 0, f"it was not refused once: {told}")
            return told
        need(client.refused() == 0, f"it was refused: {told}")
        for phase, counts in client.counts.items():
            need(counts[None] == 0 or phase == "restarted", f"{phase}: nobody listened: {told}")
        return told

    return run


CHECKS = {
    "HS256, staged: not one 401": asked("HS256", staged_secret, refused=False),
    "ES256 by its public keys, staged: not one 401": asked("ES256", staged_pair, refused=False),
    "HS256, not staged: some 401": asked("HS256", unstaged(""), refused=True),
    "HS256, with --now: some 401": asked("HS256", unstaged("--now"), refused=True),
    "ES256 by its public keys, not staged: some 401": asked("ES256", unstaged(""), refused=True),
    **{f"{alg}: the verifiers that are printed": verifiers.check(alg) for alg in ("HS256", "ES256", "RS256", "EdDSA")},
}


def main():
    wanted = [name for name in CHECKS if not ONLY or any(part in name for part in ONLY)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="mcpjwt-rotation-") as scratch, \
            concurrent.futures.ThreadPoolExecutor(5) as pool:

        def timed(number, name):
            folder = pathlib.Path(scratch) / str(number)
            folder.mkdir()
            begun = time.monotonic()
            try:
                good, told = True, CHECKS[name](folder)
            except Failed as why:
                good, told = False, str(why)
            return good, told, time.monotonic() - begun

        for name, job in [(name, pool.submit(timed, number, name)) for number, name in enumerate(wanted)]:
            good, told, seconds = job.result()
            failed += not good
            if VERBOSE or not good:
                print(f"{'ok' if good else 'FAILED':6} {seconds:5.1f} s  {name}\n       {told}", flush=True)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
