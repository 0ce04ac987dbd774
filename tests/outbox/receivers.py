# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks on loopback that sees every step of a request, and answers as it is told."""
import socket
import threading
import time

STEPS = ["request begun", "half received", "received", "half answered", "answered"]


class Request:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        self.at = time.monotonic()
        self.answer = None  # what it was answered; None: never


class Answer:
    """`status` None: the connection is dropped once the request is there."""

    def __init__(self, status=200, body="ok", headers=()):
        self.status, self.body, self.headers = status, body, dict(headers)

    def bytes(self):
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return (head + "\r\n" + self.body).encode()


class Hook:
    """`answer(request)` is called once a request is there, `step(name, request)` at each of STEPS; where it
    returns True, the request ends there. One lock guards both."""

    def __init__(self, answer=lambda request: Answer(), step=lambda name, request: False):
        self.answer, self.step = answer, step
        self.requests = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                pending = b""
                while True:
                    pending = self._one(connection, pending)
                    if pending is None:
                        return
        except OSError:
            pass

    def _ends(self, name, request):
        with self.lock:
            return self.step(name, request)

    def _one(self, connection, pending):
        while b"\r\n\r\n" not in pending:
            more = connection.recv(65536)
            if not more:
                return None
            pending += more
        head, _, body = pending.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(first.split(" ")[1], headers, b"")
        if self._ends("request begun", request):
            return None
        length = int(headers.get("content-length", 0))
        if self._ends("half received", request):
            return None
        while len(body) < length:
            more = connection.recv(65536)
            if not more:
                return None
            body += more
        request.body, rest = body[:length], body[length:]
        with self.lock:
            self.requests.append(request)
            request.answer = answer = self.answer(request)
        if self._ends("received", request) or answer.status is None:
            return None
        out = answer.bytes()
        connection.sendall(out[: len(out) // 2])
        if self._ends("half answered", request):
            return None
        connection.sendall(out[len(out) // 2:])
        if self._ends("answered", request):
            return None
        return rest
