"""Links to nodes that can be slowed and cut: relays on 127.0.0.1 before each node."""

import asyncio
import re
import threading
from collections.abc import Sequence

import pytest

from helpers.servers.embedded import kafka_node
from helpers.servers.embedded.layout import Layout
from helpers.servers.interface import Role

_CHUNK_BYTES = 65_536
_START_SECONDS = 10
Node = tuple[Role, int]


class Link:
    """Passes on what goes to a node and comes back, as late as it is told to.

    Attributes:
        target: the node's port of today.
        delay: seconds for which each chunk waits.
        port: where the link itself is reached.
    """

    def __init__(self) -> None:
        self.target = 0
        self.delay = 0.0
        self.port = 0
        self._flows = asyncio.Event()
        self._flows.set()

    async def open(self) -> None:
        """Take connections from now on."""
        server = await asyncio.start_server(self._serve, "127.0.0.1")
        self.port = server.sockets[0].getsockname()[1]

    def let_flow(self, flows: bool) -> None:
        """Pass on, or hold back whatever comes, as a network does that is cut."""
        (self._flows.set if flows else self._flows.clear)()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await self._flows.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await source.read(_CHUNK_BYTES):
                await self._flows.wait()
                await asyncio.sleep(self.delay)
                sink.write(data)
                await sink.drain()
        except OSError:
            return
        finally:
            sink.close()


class Links:
    """A link before each broker and controller, through which all the others go."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._links = {node: Link() for node in nodes}
        self._open, self._close = threading.Event(), asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Open the links, and have the nodes' properties name them from now on."""
        self._thread.start()
        assert self._open.wait(_START_SECONDS)
        write = kafka_node.write_config

        def write_with_links(
            layout: Layout, role: Role, node_id: int, port: int, controllers: list[int]
        ) -> None:
            write(layout, role, node_id, port, controllers)
            self._links[role, node_id].target = port
            self._advertise(layout, role, node_id)

        monkeypatch.setattr(kafka_node, "write_config", write_with_links)

    def _advertise(self, layout: Layout, role: Role, node_id: int) -> None:
        file = layout.config(role, node_id)
        text = file.read_text("utf-8")
        own = self._links[role, node_id].port
        text = re.sub(r"(?m)^(advertised.listeners=.*:)\d+$", rf"\g<1>{own}", text)
        for (kind, _), link in self._links.items():
            if kind == "controller":
                quorum = rf"(?m)^(controller.quorum.bootstrap.servers=.*):{link.target}\b"
                text = re.sub(quorum, rf"\g<1>:{link.port}", text)
        file.write_text(text, "utf-8")

    def cut(self, node: Node) -> None:
        """Let nothing through to a node or back."""
        self._loop.call_soon_threadsafe(self._links[node].let_flow, False)

    def slow(self, node: Node, seconds: float) -> None:
        """Make each chunk to and from a node later by so much."""
        self._links[node].delay = seconds

    def mend(self, node: Node) -> None:
        """Let everything through at once."""
        self._links[node].delay = 0.0
        self._loop.call_soon_threadsafe(self._links[node].let_flow, True)

    def close(self) -> None:
        """End all of it."""
        self._loop.call_soon_threadsafe(self._close.set)
        self._thread.join(_START_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        for link in self._links.values():
            await link.open()
        self._open.set()
        await self._close.wait()
