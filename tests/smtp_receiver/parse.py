#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads mails as somebody else does: Python's email and html packages.

Standard input holds one JSON text a line, each a mail; standard output gets one JSON object a line.
"""
import email
import email.policy
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    """What a client would make of the HTML."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = set()
        self.attributes = set()
        self.links = []
        self.comments = []
        self.heading = ""
        self.runs = [""]  # of text that no element parts, as a client looks for hosts in it
        self.inside = []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.inside.append(tag)
        self.runs.append("")
        for name, value in attributes:
            self.attributes.add(name)
            if name in ("href", "src", "background", "action"):
                self.links.append(value)

    def handle_endtag(self, tag):
        self.runs.append("")
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" in self.inside:
            return
        if "h1" in self.inside:
            self.heading += data
        if "title" not in self.inside:
            self.runs[-1] += data

    def handle_comment(self, data):
        self.comments.append(data)


def part(message, kind):
    found = message.get_body(preferencelist=(kind,))
    # The line ends are the wire's; the text's are line feeds.
    return None if found is None else found.get_content().replace("\r\n", "\n")


def read(raw):
    message = email.message_from_bytes(raw.encode("ascii"), policy=email.policy.default)
    defects = [str(defect) for piece in message.walk() for defect in piece.defects]
    defects += [str(defect) for _, value in message.items() for defect in value.defects]
    page = Page()
    page.feed(part(message, "html") or "")
    page.close()
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "types": [piece.get_content_type() for piece in message.walk()],
        "from": [[one.display_name, one.addr_spec] for one in message["from"].addresses],
        "to": [one.addr_spec for one in message["to"].addresses],
        "date": message["date"].datetime.isoformat(),
        "text": part(message, "plain"),
        "html": part(message, "html") or "",
        "defects": defects,
        "longest_line": max(len(line) for line in raw.split("\r\n")),
        "bare_ends": raw.replace("\r\n", "").count("\r") + raw.replace("\r\n", "").count("\n"),
        "tags": sorted(page.tags),
        "attributes": sorted(page.attributes),
        "links": page.links,
        "comments": page.comments,
        "heading": page.heading,
        "runs": [run for run in page.runs if run.strip()],
    }


for line in sys.stdin:
    print(json.dumps(read(json.loads(line))))
