# SPDX-License-Identifier: Apache-2.0
"""Prints the configuration that ships as JSON: each file as it is, with every setting switched on, and with
each of its keys misspelt once. Values that a schema must refuse stand at the end."""
import json
import pathlib
import re
import sys
import tomllib

config = pathlib.Path(sys.argv[1])
# Tables whose keys are the admin's own: a misspelt one is just another.
own_keys = {"settings", "credentials", "fields", "values", "map", "extra", "labels", "config", "targets", "stream",
            "by_stage", "required", "where", "score"}


def plain(value):
    """TOML's dates and times as the schema sees them: text."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


def misspelt(value, path=()):
    """Every copy of a document in which one key is wrong."""
    if isinstance(value, list):
        for i, inner in enumerate(value):
            for name, copy in misspelt(inner, path):
                yield name, value[:i] + [copy] + value[i + 1:]
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        rest = {k: v for k, v in value.items() if k != key}
        yield ".".join((*path, key)), rest | {key + "x": inner}
        if key not in own_keys and (key,) != path[-1:]:  # routes within routes are left to the reader
            for name, copy in misspelt(inner, (*path, key)):
                yield name, rest | {key: copy}


documents = []


def add(schema, name, document, valid):
    documents.append({"schema": schema, "name": name, "document": document, "valid": valid})


files = sorted(f for f in config.rglob("*") if f.suffix in (".toml", ".example") and f.name != "cases.toml" and
               f.parent.name != "templates")
for file in files:
    text = re.sub(r"@LEAVE_(FROM|TO)@", "2026-11-20", file.read_text())  # the demo fills these in
    named = re.match(r"#:schema file:///usr/share/nudged/schema/([a-z-]+)\.schema\.json\n", text)
    folder = {"sources.d": "source", "channels.d": "channel", "checks.d": "own-check", "packs": "kpis"}
    schema = named[1] if named else folder.get(file.parent.name, file.stem)
    name = str(file.relative_to(config))
    add(schema, name, plain(tomllib.loads(text)), True)
    try:
        document = plain(tomllib.loads(re.sub(r"^#(?=[^ :])", "", text, flags=re.MULTILINE)))
    except tomllib.TOMLDecodeError:
        continue  # alternatives, of which only one can be switched on
    add(schema, name + ", all switched on", document, True)
    for key, copy in misspelt(document):
        add(schema, f"{name}, {key} misspelt", copy, False)

for schema, name, document in [
    ("nudged", "a duration without a unit", {"evaluate_every": "5"}),
    ("nudged", "a number as text", {"digest": {"max_items": "7"}}),
    ("nudged", "out of range", {"digest": {"max_items": 101}}),
    ("nudged", "no such word", {"log": {"level": "loud"}}),
    ("nudged", "no time of day", {"digest": {"at": "25:00"}}),
    ("nudged", "a secret in the file", {"heartbeat": {"url": "https://example.com/x"}}),
    ("source", "no name", {"source": {"connector": "http", "manifest": "hubspot"}}),
    ("source", "no such connector", {"source": {"name": "a", "connector": "htttp", "manifest": "hubspot"}}),
    ("source", "a key of another connector",
     {"source": {"name": "a", "connector": "http", "manifest": "hubspot", "command": ["x"]}}),
    ("channel", "no such kind", {"channel": {"name": "a", "kind": "slak", "url": {"file": "u"}}}),
    ("teams", "no such weekday", {"team": [{"name": "A", "manager": "m@example.com", "channel": "c",
                                            "work_week": ["monday"]}]}),
    ("teams", "no address", {"team": [{"name": "A", "manager": "Dana", "channel": "c"}]}),
    ("kpis", "a KPI without its why", {"kpi": [{"name": "dials", "measure": "dials"}]}),
]:
    add(schema, name, document, False)
json.dump(documents, sys.stdout)
