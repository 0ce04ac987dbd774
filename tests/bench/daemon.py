# SPDX-License-Identifier: Apache-2.0
"""Works of the program that ships: `nudged run`, told by systemd's protocol and watched in /proc."""
import contextlib, os, shutil, socket, statistics, subprocess, time

from large import large_warehouse
from measure import HERE, NOTHING, megabytes, require

ZONES = ["America/New_York", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "UTC"]
REPS_A_TEAM = 12  # as in large_warehouse.hpp

# A large warehouse is used again: nothing is removed from it, and no copy is made.
LEAVE_AS_IT_IS = """\
[backup]
every = "0s"
[retention]
calls = "0d"
tasks = "0d"
opportunities = "0d"
history = "0d"
"""

CHANNEL = """\
[channel]
name = "managers"
kind = "file"
audience = "manager"
path = "digests.txt"
"""


def teams(people, a_team, zone_of):
    """teams.toml for so many at these addresses."""
    lines = []
    for i, (name, email) in enumerate(people):
        if i % a_team == 0:
            number = i // a_team
            lines.append(f'[[team]]\nname = "Team {number}"\nchannel = "managers"\n'
                         f'zone = "{zone_of(number)}"\nmanager = {{ name = "Manager {number}", '
                         f'email = "manager{number}@example.com" }}')
        lines.append(f'[[team.member]]\nname = "{name}"\nemail = "{email}"')
    return "\n".join(lines) + "\n"


class Daemon:
    """`nudged run` on a configuration of its own; ended by `with`."""
    def __init__(self, bench, state, sources, roster, settings=""):
        self.program = bench.bin / "nudged"
        self.folder = bench.folder / "site"
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in ("sources.d", "channels.d"):
            (self.folder / folder).mkdir(parents=True)
        self.write("nudged.toml",
                   f'state_dir = "{state}"\nmanifest_dir = "{HERE.parents[1]}/connectors/manifests"\n'
                   f'[web]\nport = 0\n[alerts]\nshadow = false\n{settings}')
        self.write("channels.d/managers.toml", CHANNEL)
        self.write("teams.toml", roster)
        for name, source in sources.items():
            self.write(f"sources.d/{name}.toml", f'[source]\nname = "{name}"\npoll = "5m"\n{source}')

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def __enter__(self):
        # A socket such as systemd gives; its path must be short.
        address = f"\0nudged-bench-{os.getpid()}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(0.2)
        environment = {"PATH": os.environ["PATH"], "BENCH_TOKEN": "bench-token",
                       "NOTIFY_SOCKET": "@" + address[1:]}
        self.log = open(self.folder / "log", "w")
        self.began = time.monotonic()
        self.process = subprocess.Popen([self.program, "run", "-c", self.folder / "nudged.toml"],
                                        env=environment, stdout=self.log, stderr=self.log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.socket.close()
        self.log.close()

    def told(self):
        return (self.folder / "log").read_text(errors="replace")

    def require_alive(self):
        require(self.process.poll() is None, f"nudged run; it ended:\n{self.told()[-2000:]}")

    def seconds_to_ready(self):
        while time.monotonic() - self.began < 300:
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in self.socket.recv(65536).split(b"\n"):
                    took = time.monotonic() - self.began
                    self.socket.close()  # one that nobody reads would fill, and stop the daemon
                    return took
            self.require_alive()
        require(False, f"a start; it is not ready after 5 minutes:\n{self.told()[-2000:]}")

    def await_event(self, name, seconds):
        give_up = time.monotonic() + seconds
        while f" {name} " not in self.told():
            self.require_alive()
            require(time.monotonic() < give_up, f"{name} within {seconds} s:\n{self.told()[-2000:]}")
            time.sleep(0.5)

    def cpu_seconds(self):
        # After the name, which may hold anything: proc(5) numbers utime 14 and stime 15.
        fields = open(f"/proc/{self.process.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """MB in all, and of its own."""
        lines = open(f"/proc/{self.process.pid}/status").read().splitlines()
        values = dict(line.split(":", 1) for line in lines)
        return tuple(int(values[key].split()[0]) / 1024 for key in ("VmRSS", "RssAnon"))


def drop_from_cache(path):
    os.sync()
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def ready(bench):
    """From exec to READY=1: with the file in the page cache, and with none of it there."""
    path = large_warehouse(bench)
    people = [(f"Rep {i}", f"rep{i}@example.com") for i in range(500)]
    roster = teams(people, REPS_A_TEAM, lambda team: ZONES[team % 5])
    source = (f'connector = "http"\nmanifest = "{HERE}/hubspot_shaped.toml"\n[source.settings]\n'
              f'base_url = "{bench.crm.url(*NOTHING)}"\n')
    figures = {"large warehouse: MB on disk": megabytes(path)}
    for what, prepare in (("file not in the page cache", lambda: drop_from_cache(path)),
                          ("file in the page cache", lambda: None)):
        daemon = Daemon(bench, bench.large, {"shaped": source}, roster, LEAVE_AS_IT_IS)
        prepare()
        with daemon:
            figures[f"ready: ms, {what}"] = daemon.seconds_to_ready() * 1000
    return figures


@contextlib.contextmanager
def simulated_hubspot(bench):
    process = subprocess.Popen([bench.bin / "crmsim", "--port", "0", "--seed", "7", "--token",
                                "bench-token", "--with-parent", "--quiet"], stdout=subprocess.PIPE)
    try:
        yield process.stdout.readline().decode().removeprefix("listening on ").strip()
    finally:
        process.kill()
        process.wait()


def idle(bench):
    """Five sources with the manifest that ships, each loaded, and then polled each five minutes."""
    settle = 30  # seconds in which it gives back what the first loads took
    members = ("ana.duarte", "ben.okafor", "cleo.marchand", "dev.patel", "eva.lindqvist",
               "finn.jansen")
    people = [(name.replace(".", " ").title(), f"{name}@kestrel.example") for name in members]
    with simulated_hubspot(bench) as url:
        source = (f'connector = "http"\nmanifest = "hubspot"\n[source.settings]\nbase_url = "{url}"\n'
                  '[source.credentials]\ntoken = { env = "BENCH_TOKEN" }\n')
        sources = {f"crm{i}": source for i in range(1, 6)}
        roster = teams(people, len(people), lambda _: "Europe/Berlin")
        with Daemon(bench, bench.folder / "state", sources, roster) as daemon:
            daemon.seconds_to_ready()
            daemon.await_event("evaluation.done", 600)  # the first comes after all first loads
            time.sleep(settle)
            return watch(daemon, bench.options.minutes * 60)


def watch(daemon, seconds):
    polls = daemon.told().count(" stream.synced ")
    began, cpu = time.monotonic(), daemon.cpu_seconds()
    samples = []
    while time.monotonic() - began < seconds:
        time.sleep(1)
        daemon.require_alive()
        samples.append(daemon.memory())
    took, cpu = time.monotonic() - began, daemon.cpu_seconds() - cpu
    polls = daemon.told().count(" stream.synced ") - polls
    require(polls > 0 or seconds < 300, "an idle daemon that polls")
    memory, own = zip(*samples)
    return {
        "idle: RSS, MB": statistics.median(memory),
        "idle: highest RSS, MB": max(memory),
        "idle: of that its own (anonymous), MB": statistics.median(own),
        "idle: CPU, %": 100 * cpu / took,
        "idle: CPU ms a stream polled": 1000 * cpu / polls if polls else 0,
        "idle: streams polled meanwhile": polls,
    }
