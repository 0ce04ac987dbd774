#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Singer tap that does, under the unit, what real taps do; its records say how that went."""
import ctypes
import json
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.request


def tell(kind, **members):
    print(json.dumps({"type": kind, **members}), flush=True)


def in_a_thread():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(1))
    thread.start()
    thread.join()
    assert seen


def over_the_network():
    with urllib.request.urlopen(config["url"], timeout=10) as answer:
        json.load(answer)


def in_its_folder():
    with open("cache.json", "w") as cache:
        cache.write("{}")


def in_the_temporary_folder():
    with tempfile.TemporaryFile() as file:
        file.write(b"x")


def with_a_child():
    assert subprocess.run(["/bin/echo", "hello"], capture_output=True, check=True).stdout


def with_tls():
    ssl.create_default_context()


def with_a_library():
    ctypes.CDLL(None).getpid()


def a_secret_of_the_admin():
    with open("/etc/nudged/secrets/token") as secret:
        secret.read()


with open(sys.argv[sys.argv.index("--config") + 1]) as file:
    config = json.load(file)
tell("SCHEMA", stream="tries", key_properties=["id"], schema={"properties": {"id": {"type": "string"}}})
for tried in (in_a_thread, over_the_network, in_its_folder, in_the_temporary_folder, with_a_child, with_tls,
              with_a_library, a_secret_of_the_admin):
    try:
        tried()
        outcome = "works"
    except Exception as error:  # whatever it is, the admin is to read it
        outcome = f"{type(error).__name__}: {error}"
    tell("RECORD", stream="tries", record={"id": tried.__name__, "outcome": outcome})
tell("RECORD", stream="tries", record={"id": "its_credential", "outcome": "works" if config["key"] == "tap-key" else "wrong"})
tell("STATE", value={"runs": 1})
