#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbom.py SBOM PROGRAM BUILD VERSION: whether the list of what is in the program is true. The linked libraries are
found anew, by the loader's own word and by the program's header; the compiled ones are held against Debian's list of
installed packages. Skipped (77) where dpkg does not know the system's libraries."""
import json
import os
import re
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout


def owners_of(libraries):
    """The package that installed each; /lib and /usr/lib are one."""
    spellings = {}
    for name, file in libraries.items():
        for one in {file, os.path.realpath(file)}:
            for spelling in (one, "/usr" + one, one.removeprefix("/usr")):
                spellings[spelling] = name
    found = subprocess.run(["dpkg-query", "-S", *spellings], capture_output=True, text=True)  # 1 when one is unknown
    owners = dict.fromkeys(libraries)
    for line in found.stdout.splitlines():
        package, _, file = line.rpartition(": ")
        if file in spellings:
            owners[spellings[file]] = package.split(":")[0]
    return owners


def loaded(program):
    """What the loader maps, by soname."""
    return {os.path.basename(path): path for path in re.findall(r"(/\S+)", run("ldd", program))}


def main():
    sbom, program, build, version = sys.argv[1:]
    libraries = loaded(program)
    owners = owners_of(libraries)
    if not any(owners.values()):
        print("skipped: these libraries are no package's")
        return 77
    wrong = []
    expect = lambda holds, what: holds or wrong.append(what)

    document = json.loads(run(sbom, program, build, version))
    expect(document["bomFormat"] == "CycloneDX" and document["specVersion"] == "1.5", "it is no CycloneDX 1.5")
    own = document["metadata"]["component"]
    expect((own["name"], own["version"]) == ("nudged", version), f"it is about {own}")
    components = document["components"]
    names = [one["name"] for one in components]
    expect(len(names) == len(set(names)), "a package stands in it twice")

    uses = {one["name"]: {p["name"]: p["value"] for p in one["properties"]}["nudged:use"] for one in components}
    linked = {name for name, use in uses.items() if use == "linked"}
    expect(set(uses.values()) <= {"linked", "compiled"}, f"uses: {set(uses.values())}")
    for name, package in owners.items():
        expect(package in linked, f"{name} of {package} is linked, and not listed")
    expect(linked <= set(owners.values()), f"listed, and not linked: {linked - set(owners.values())}")
    # What the program itself asks for, beside what its libraries ask for.
    for name in re.findall(r"NEEDED\s+(\S+)", run("objdump", "-p", program)):
        expect(owners.get(name) in linked, f"{name} is needed, and not listed")

    for one in components:
        installed = run("dpkg-query", "-W", "-f", "${Version}\n", one["name"]).splitlines()
        expect(one["version"] in installed, f"{one['name']} {one['version']}: installed is {installed}")
        quoted = one["version"].replace(":", "%3A").replace("+", "%2B")
        expect(one["purl"] == f"pkg:deb/debian/{one['name']}@{quoted}?distro=bookworm", f"purl {one['purl']}")
    if os.path.exists(os.path.join(build, "build.ninja")):
        # Headers that become part of the program, without a library of their own to load.
        for header in ("libboost1.81-dev", "rapidjson-dev", "libcli11-dev", "libkainjow-mustache-dev"):
            expect(uses.get(header) == "compiled", f"{header} is compiled in, and not listed")
    for what in wrong:
        print(what)
    print(f"{len(linked)} linked, {len(components) - len(linked)} compiled in")
    return 1 if wrong else 0


sys.exit(main())
