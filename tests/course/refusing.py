"""An endpoint of Kinesis that refuses some calls, as AWS may."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import requests

_SECONDS = 10
_BAD_REQUEST = 400


@contextmanager
def refusing(
    endpoint: str, refusals: list[str], operation: str = "DeleteStream"
) -> Iterator[str]:
    """Give the address of an endpoint in front of another one.

    Args:
        endpoint: that answers everything else.
        refusals: codes of the errors that the next calls get; each is taken out.
        operation: which calls.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["X-Amz-Target"].endswith(f".{operation}") and refusals:
                told = {"__type": refusals.pop(0), "message": "Not now."}
                self._answer(_BAD_REQUEST, json.dumps(told).encode())
            else:
                got = requests.post(
                    endpoint, body, headers=dict(self.headers), timeout=_SECONDS
                )
                self._answer(got.status_code, got.content)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
