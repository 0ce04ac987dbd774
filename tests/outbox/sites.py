# SPDX-License-Identifier: Apache-2.0
"""A real nudged and a real Alertmanager, each in a folder of its own."""
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request

ALERTMANAGER = os.environ.get("NUDGED_ALERTMANAGER") or shutil.which("prometheus-alertmanager")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=30):
    """What `condition` says once it is true, or at the end."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


class Site:
    """`channels` is the TOML of each, by name; URLs and secrets stand in them as @…@ names of files."""

    def __init__(self, at, nudged, channels, secrets=(), main=""):
        self.at, self.nudged, self.process = at, nudged, None
        os.makedirs(f"{at}/channels.d")
        os.makedirs(f"{at}/state")
        secrets = dict(secrets)
        for name, secret in secrets.items():
            self.write(f"{name}.secret", secret, 0o400)
        for name, toml in channels.items():
            for secret in secrets:
                toml = toml.replace(f"@{secret}@", f'{{ file = "{at}/{secret}.secret" }}')
            self.write(f"channels.d/{name}.toml", f'[channel]\nname = "{name}"\naudience = "manager"\n{toml}\n')
        self.write("nudged.toml", f'state_dir = "{at}/state"\n{main}\n[web]\nenabled = false\n')

    def write(self, name, content, mode=0o600):
        with open(f"{self.at}/{name}", "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(f"{self.at}/{name}", mode)

    def command(self, *words):
        return subprocess.run([self.nudged, *words, "-c", f"{self.at}/nudged.toml"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def rows(self, sql):
        try:
            with sqlite3.connect(f"file:{self.at}/state/nudged.db?mode=ro", uri=True) as warehouse:
                return warehouse.execute(sql).fetchall()
        except sqlite3.Error:
            return []

    def start(self):
        log = open(f"{self.at}/log", "a", encoding="utf-8")
        self.process = subprocess.Popen([self.nudged, "run", "-c", f"{self.at}/nudged.toml"], stdout=log, stderr=log)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait()

    def make_warehouse(self):
        self.start()
        if not wait_for(lambda: self.rows("SELECT 1 FROM sqlite_master WHERE name = 'outbox'"), 60):
            with open(f"{self.at}/log", encoding="utf-8") as log:
                raise SystemExit(f"nudged does not start: {log.read()}")
        self.stop()

    def post(self, key, channel, title):
        """A message in the outbox, as the daemon writes them with what they tell."""
        message = {"kind": "digest", "title": title, "sections": [], "reference": key[:8], "possible_repeat": False}
        now = int(time.time() * 1000)
        with sqlite3.connect(f"{self.at}/state/nudged.db") as warehouse:
            warehouse.execute("INSERT INTO outbox (key, channel, recipient, reason, message, state, created_at, due_at, "
                              "expires_at) VALUES (?, ?, '', 'digest', ?, 'pending', ?, ?, ?)",
                              (key, channel, json.dumps(message), now, now, now + 86_400_000))


class Alertmanager:
    def __init__(self, at, receiver, smarthost="127.0.0.1:25", group_interval="30s"):
        os.makedirs(at)
        self.at, self.port, self.process = at, free_port(), None
        with open(f"{at}/alertmanager.yml", "w", encoding="ascii") as file:
            file.write(f"""global:
  smtp_smarthost: {smarthost}
  smtp_from: alerts@example.com
  smtp_require_tls: false
route:
  receiver: them
  group_by: [alertname]
  group_wait: 1s
  group_interval: {group_interval}
  repeat_interval: 4h
receivers:
  - name: them
{receiver}
""")

    def start(self):
        log = open(f"{self.at}/log", "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [ALERTMANAGER, f"--config.file={self.at}/alertmanager.yml", f"--storage.path={self.at}/data",
             f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="], stdout=log, stderr=log)
        if not wait_for(lambda: self._get("/-/ready")):
            with open(f"{self.at}/log", encoding="utf-8") as log:
                raise SystemExit(f"Alertmanager does not start: {log.read()}")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait()

    def _get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def fire(self, name):
        """As Prometheus does, again and again while something is so."""
        alerts = json.dumps([{"labels": {"alertname": name}, "annotations": {"summary": name}}])
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v2/alerts", alerts.encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=5).close()

    def metric(self, begin):
        return sum(float(line.rsplit(" ", 1)[1]) for line in (self._get("/metrics") or "").splitlines()
                   if line.startswith(begin))
