"""What the checks share: what was asked for, the program, how a run is stopped, what a failure is."""

import concurrent.futures
import os
import pathlib
import re
import sys
import types

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CONTROL = "--control" in sys.argv
VERBOSE = "-v" in sys.argv
ONLY = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
ALL = bool(os.environ.get("MCPJWT_TEST_ALL"))
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
WORKERS = 2 * (os.cpu_count() or 2)  # a run sleeps for some of its time
NOBODY = 65534
KEY = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
TOKEN = r"eyJ[\w-]+\.[\w-]+\.[\w-]+"
FAULTS = ["SIGKILL", "ENOSPC", "EIO", "EROFS", "EDQUOT", "EACCES", "ENOLCK"]
# What is run; `run.py` puts it where every user can run it. MANNER is what is wrong with the naive one.
SETUP = types.SimpleNamespace(
    program=pathlib.Path(os.environ.get("MCPJWT", TOP / "target/debug/mcpjwt")).resolve(),
    writer=TOP / "tests/control/writer",
    rotor=TOP / "tests/control/rotor",
    manner=None,
)


class Failed(Exception):
    pass


class NotHere(Exception):
    """The machine does not let the check be made."""


def need(condition, why):
    if not condition:
        raise Failed(why)


CHECKS = []


def check(name, manner="truncate", reason=""):
    """Marks a check; with `--control` it has to fail on a program of this manner, for a reason like this."""

    def mark(function):
        CHECKS.append((name, (manner, reason), function))
        return function

    return mark


def each(jobs, work):
    """Does all jobs, so many at a time; the first that fails is told."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        waiting = [pool.submit(work, job) for job in jobs]
        try:
            for job in waiting:
                job.result()
        finally:
            pool.shutdown(cancel_futures=True)


# Every system call


# They touch no file; and a program whose memory is refused may end as it likes.
MEMORY = {"brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "sigaltstack", "getrandom", "rseq", "clone3", "clone"}
# Linux closes a file also when `close` returns an error, and wakes whom `futex` shall wake: an error that
# is injected would keep a file locked, and a thread asleep, as no real one does.
NEVER_FAILS = {"close", "futex"}
DULL = MEMORY | {"futex", "fcntl", "geteuid", "getuid", "gettid", "ioctl", "rt_sigaction", "rt_sigprocmask", "sched_getaffinity"}


# What can change a file: a kill at any other call leaves what one at the next of these does.
CHANGES = re.compile(r"p?write(64)?\((?!2,)|rename|unlink|f?chmod|f?chown|f?truncate|link|symlink|mkdir|rmdir|open.*O_(CREAT|TRUNC)")
# What can fail in more than one way: of every link on the way to a file it is asked again and again.
FAILS = re.compile(rf"(?!({'|'.join(DULL)}|readlink)\()")


def system_calls(log, home, matters=None):
    """The system calls that strace wrote down, each as its name and how many of that name came before;
    from the first that names the home on: those that matter, else all that are not dull, or that there are."""
    begun, count, calls = ALL and not CONTROL, {}, {}
    for line in log.read_text(errors="replace").splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if not found or found[2] in ("execve", "exit", "exit_group"):
            continue
        number = count[found.groups()] = count.get(found.groups(), 0) + 1
        begun = begun or str(home) in line
        wanted = re.match(matters, line[found.start(2):]) if matters else ALL or found[2] not in DULL
        if begun and wanted:
            calls[found[2], number] = None
    need(len(calls) > 10, f"{len(calls)} system calls")
    return list(calls)


def stopped(fault, call):
    """How a program is started that meets a fault at a system call."""
    name, when = call
    how = "signal=KILL" if fault == "SIGKILL" else f"error={fault}"
    return ["strace", "-f", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:{how}:when={when}"]
