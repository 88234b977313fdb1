"""A Maven repository on this machine, filled from a cache of jars."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from helpers.servers.runtime.jars import LOCK
from helpers.servers.runtime.locks import read_lock

CLOSED = "http://127.0.0.1:9"
"""An address where nothing listens."""


class Repository(ThreadingHTTPServer):
    """Serves every locked jar at its path below ``/repository/``.

    Attributes:
        asked: the names of the jars that were asked for.
        wrong: whether the bytes it gives are wrong.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        names = {entry.path: entry.path.rpartition("/")[2] for entry in read_lock(LOCK)}
        self.files = {
            f"/repository/{path}": folder / name for path, name in names.items()
        }
        self.asked: list[str] = []
        self.wrong = False

    @property
    def url(self) -> str:
        """The value for ``WORKBOOK_MAVEN_URL``."""
        return f"http://127.0.0.1:{self.server_port}/repository/"


class _Handler(BaseHTTPRequestHandler):
    server: Repository

    def do_GET(self) -> None:
        file = self.server.files.get(self.path)
        if file is None:
            self.send_error(404)
            return
        self.server.asked.append(file.name)
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[::-1] if self.server.wrong else content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def repository(folder: Path) -> Iterator[Repository]:
    """Serve the jars of ``folder`` until the end."""
    with Repository(folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
