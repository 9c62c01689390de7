"""A proxy on this machine that lets some calls fail on the way to moto, as AWS and networks do."""

import http.client
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_ERROR = "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"

# How calls fail: a status and a code for what AWS would answer, else a word for what happens to the answer.
FAULTS: Mapping[str, tuple[int, str, str]] = {
    "throttled": (400, "Throttling", "Rate exceeded"),
    "broken": (500, "InternalFailure", "try again"),
    "unavailable": (503, "ServiceUnavailable", "try again"),
    "expired": (403, "ExpiredToken", "The security token included in the request is expired"),
    "denied": (403, "AccessDenied", "User: arn:aws:iam::123456789012:user/ci is not authorized"),
    "skewed": (
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the time is too large",
    ),
    "disabled": (401, "OptInRequired", "You are not subscribed to this service"),
    "unknown": (403, "InvalidClientTokenId", "The security token included in the request is invalid"),
}
PASSING = ("throttled", "broken", "unavailable", "dropped", "slow", "garbage", "truncated", "page", "empty", "nothing")
LASTING = (*PASSING, "expired", "denied", "skewed", "disabled", "unknown")
# What answers them is not even told that a call was made; XML for JSON, and JSON for XML.
_BODIES: Mapping[str, tuple[str, bytes]] = {
    "garbage": ("text/xml", b"\x00\x01{not an answer"),
    "page": ("text/html", b"<html><body>Sign in to the network</body></html>"),
    "empty": ("text/xml", b""),
    "nothing": ("text/xml", b"<Response/>"),
}


@dataclass
class FaultProxy:
    """What the proxy does, and what it has seen.

    Attributes:
        choose: Names the fault of a call, given the operation; nothing for none.
        change: Makes another answer of one, given the operation.
        calls: The operations that were asked for, in order, and `requests` all that was asked.
    """

    url: str = ""
    choose: Callable[[str], str] = lambda _: ""
    change: Callable[[str, bytes], bytes] = lambda _, content: content
    calls: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)

    def at_random(self, rate: float, seed: int, faults: Sequence[str] = PASSING) -> None:
        """Let a part of all calls fail."""
        dice = random.Random(seed)  # noqa: S311  # the same every time
        lock = threading.Lock()

        def choose(_: str) -> str:
            with lock:
                return dice.choice(faults) if dice.random() < rate else ""

        self.choose = choose

    def always(self, fault: str, operations: Sequence[str] = ()) -> None:
        """Let every call fail, or every one of some operations."""
        self.choose = lambda operation: fault if not operations or operation in operations else ""


@contextmanager
def proxied(behind: str) -> Iterator[FaultProxy]:
    """Stand before a server for a while."""
    proxy = FaultProxy()
    target = urlsplit(behind).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer in two pieces waits some 40 ms for the first to be acknowledged.
        wbufsize = -1

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            operation = _operation(self, body)
            proxy.calls.append(operation)
            proxy.requests.append((operation, f"{self.command} {self.path}", body))
            fault = proxy.choose(operation)
            if fault in FAULTS:
                status, code, message = FAULTS[fault]
                headers = [("Content-Type", "text/xml"), ("x-amzn-RequestId", "1")]
                self.reply(status, headers, _ERROR.format(code=code, message=message).encode())
                return
            if fault == "forbidden":
                self.reply(403, [("Content-Type", "text/html")], b"<html><body>Not here</body></html>")
                return
            if fault == "dropped":
                self.close_connection = True
                return
            if fault == "slow":
                # Nobody waits for ever: this ends when the client hangs up.
                self.connection.recv(1)
                self.close_connection = True
                return
            if fault in _BODIES:
                kind, content = _BODIES[fault]
                self.reply(200, [("Content-Type", kind)], content)
                return
            connection = http.client.HTTPConnection(target)
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            kept = [pair for pair in answer.getheaders() if pair[0].lower() not in {"content-length", "connection"}]
            if fault == "truncated":
                content = content[: len(content) // 2]
            self.reply(answer.status, kept, proxy.change(operation, content))

        # Named as the server calls them.
        do_GET = answer  # noqa: N815
        do_POST = answer  # noqa: N815
        do_HEAD = answer  # noqa: N815

        def reply(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _operation(request: BaseHTTPRequestHandler, body: bytes) -> str:
    """Name the operation that is asked for, as far as the request does."""
    if target := request.headers.get("X-Amz-Target"):
        return str(target).rpartition(".")[2]
    return parse_qs(body.decode("utf-8", "replace")).get("Action", [f"{request.command} {request.path}"])[0]
