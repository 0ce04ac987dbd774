# SPDX-License-Identifier: Apache-2.0
"""What all works share: programs that are measured, and the CRM that they load."""
import json, os, pathlib, shutil, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
NOTHING = (0, 1)  # for Crm.url: an account in which nothing has changed; users are not told, either


class Bench:
    """Where things lie, and what was asked for. `folder` is emptied after each work."""
    def __init__(self, options, folder):
        self.options = options
        self.bin = options.bin.resolve()
        self.folder = folder / "work"
        self.large = (options.large or folder / "large").resolve()
        self.round = 0
        self.crm = None
        self.clear()

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def by_turns(self, ours, theirs):
        """Both, the one first and the other first in alternate rounds: what warms up warms up both."""
        if self.round % 2 == 0:
            mine = ours()
            return mine, theirs()
        other = theirs()
        return ours(), other


def measured(command, **how):
    """Runs a program: wall and CPU seconds, bytes that it caused to be written, and what it tells."""
    os.sync()  # what others have left to write is not for this one to wait for
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how)
    output = process.stdout.read().decode(errors="replace")
    # A process that has ended and is not waited for yet still tells what it wrote.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - began
    io = dict(line.split(": ") for line in open(f"/proc/{process.pid}/io").read().splitlines())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        sys.exit(f"{command[0]} failed:\n{output}")
    told = json.loads(output) if output.startswith("{") else {}
    return {**told, "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "written": int(io["write_bytes"])}


def require(is_so, what):
    """A figure of something else than what it says is worse than none."""
    if not is_so:
        sys.exit(f"not measured: {what}")


def megabytes(path):
    """Of a warehouse that nobody has open."""
    return sum(os.path.getsize(f"{path}{suffix}") for suffix in ("", "-wal")
               if os.path.exists(f"{path}{suffix}")) / 1e6


class Crm:
    """The server of made-up records."""
    def __init__(self, bench):
        self.program = bench.bin / "bench_crm"

    def __enter__(self):
        self.process = subprocess.Popen([self.program], stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def url(self, records, changed=0, which=""):
        return f"http://127.0.0.1:{self.port}/{records}/{changed}{which}"


class Nudged:
    """A warehouse of nudged's; each sync is a process of its own."""
    def __init__(self, bench, name):
        folder = bench.folder / name
        folder.mkdir()
        self.path = folder / "nudged.db"
        self.program = bench.bin / "bench_sync"

    def sync(self, url, *more):
        return measured([self.program, HERE / "hubspot_shaped.toml", url, self.path, *more])


class Minimal:
    """The same of the minimal program's."""
    def __init__(self, bench, name):
        self.path = bench.folder / f"{name}.db"
        self.program = bench.bin / "bench_minimal"

    def sync(self, url):
        return measured([self.program, url, self.path])
