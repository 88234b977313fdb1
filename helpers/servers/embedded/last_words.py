"""Why a node did not come up: what it wrote last, and what can be done about it."""

import re
from pathlib import Path

from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.record import NodeRecord
from helpers.servers.errors import DISK_FULL, ServersError

_LINES_SHOWN = 12
_STACK_FRAME = re.compile(r"\s+(at |\.\.\. )")
# As Java and Node say it.
_PORT_LOST = ("Address already in use", "EADDRINUSE")
_ADVICE = {
    ("No space left on device", "ENOSPC"): DISK_FULL,
    ("Too many open files", "EMFILE"): "Run `ulimit -n 4096` in the shell first.",
    (
        *("native thread", "Could not allocate", "Could not reserve", "OutOfMemory"),
        *("Cannot allocate memory", "ENOMEM", "EAGAIN"),
    ): "This system gives it too little memory or too few processes: end other programs, "
    "or raise the limits that `ulimit -a` shows.",
}
_OTHERWISE = (
    "If it happens again, `workbook reset` makes a fresh cluster: topics, records and "
    "streams go, your notebooks and your progress stay."
)
_LOOK = "`workbook doctor` says whether its program serves."
_SAID_NOTHING = f"It left no words: {_LOOK}"


class NodeEnded(ServersError):
    """A node's process ended while its answer was waited for."""


class PortLost(NodeEnded):
    """Another program took a node's port before the node could."""


def of_ended(layout: Layout, node: NodeRecord) -> NodeEnded:
    """Return the error that tells of a node whose process ended while it started."""
    words = _words(layout, node)
    kind = PortLost if _has(words, _PORT_LOST) else NodeEnded
    return kind(_told(layout, node, "ended while it started", words))


def of_silent(layout: Layout, node: NodeRecord, seconds: float) -> ServersError:
    """Return the error that tells of a node that runs and does not answer."""
    words = _words(layout, node)
    return ServersError(
        _told(layout, node, f"did not answer within {seconds:g} s", words)
    )


def _told(layout: Layout, node: NodeRecord, what: str, words: str) -> str:
    name = f"{node.role.title()} {node.id} {what}."
    if not words:
        return f"{name} {_SAID_NOTHING}"
    log = layout.log(node.role, node.id)
    helps = advice(words)
    if node.role == "kinesis" and helps == _OTHERWISE:
        helps = _LOOK  # it keeps nothing that a fresh start would lack
    return f"{name} Its last words, from {log}:\n{words}\n{helps}"


def advice(words: str) -> str:
    """Return what can be done about a program of Kafka's that ended with such words."""
    found = (advice for signs, advice in _ADVICE.items() if _has(words, signs))
    return next(found, _OTHERWISE)


def _has(words: str, signs: tuple[str, ...]) -> bool:
    return any(sign in words for sign in signs)


def _words(layout: Layout, node: NodeRecord) -> str:
    files = (layout.log(node.role, node.id), layout.output(node.role, node.id))
    lines = [line for file in files for line in _lines(file)]
    told = [line for line in lines if not _STACK_FRAME.match(line)]
    return "\n".join(told[-_LINES_SHOWN:])


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8", "replace").splitlines() if file.exists() else []
