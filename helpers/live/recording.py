"""What a view saw, in a small file: snapshots as lines of JSON, compressed."""

import gzip
import math
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from helpers import files
from helpers.inputs import InputError
from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.rebalance_snapshot import RebalanceSnapshot
from helpers.live.segments_snapshot import SegmentsSnapshot
from helpers.live.snapshot import NodesSnapshot
from helpers.live.stream_snapshot import StreamSnapshot
from helpers.live.topic_snapshot import TopicSnapshot
from helpers.live.twin_snapshot import TwinSnapshot
from helpers.live.windows_snapshot import WindowsSnapshot

FORMAT = "streaming-workbook recording"
VERSION = 1
SUFFIX = ".json.gz"

KINDS: dict[str, type] = {
    "lag": LagSnapshot,
    "nodes": NodesSnapshot,
    "partitions": TopicSnapshot,
    "rebalances": RebalanceSnapshot,
    "replicas": TopicSnapshot,
    "segments": SegmentsSnapshot,
    "shards": StreamSnapshot,
    "twin": TwinSnapshot,
    "windows": WindowsSnapshot,
}
"""What the snapshots of each kind of view are; a new kind of view is added here."""

# What is different in every snapshot though nothing has happened.
_DRIFTING = frozenset(
    {"taken_at", "ticks", "asked", "weighed", "memory_bytes", "behind", "history"}
)
_AT_LEAST_EVERY = 1.0
LARGEST_BYTES = 32_000_000
"""Of what a file unpacks to: an hour of a busy topic; more would fill the memory."""
# Until then every system can tell the time of day.
_LATEST = 4e9
# What is being written: two at once would spoil each other's file.
_OPEN: set[Path] = set()


class RecordingError(InputError):
    """A file is no recording that can be played; the message says it in a sentence."""


@dataclass(frozen=True)
class Header:
    """The first line of a file.

    Attributes:
        format: says that it is one of ours.
        version: of the form of what follows.
        kind: of the view that was recorded.
        about: what the view was about, such as a topic; empty for all nodes.
        recorded_at: seconds since the epoch.
    """

    format: str
    version: int
    kind: str
    about: str
    recorded_at: float


@dataclass(frozen=True)
class Recording:
    """Everything in a file.

    Attributes:
        header: what it is.
        frames: the snapshots, oldest first, at least one.
    """

    header: Header
    frames: tuple[Any, ...]


class Recorder:
    """Keeps snapshots in a file: those that differ, and one a second.

    A file that is as large as can be played keeps its begin.

    Args:
        file: where to; it is there once :meth:`close` was called.
        kind: of the view.
        about: what the view is about.

    Attributes:
        file: as given.
        is_full: whether something came after that begin.

    Raises:
        RecordingError: nothing can be written there.
    """

    def __init__(self, file: Path, kind: str, about: str) -> None:
        self.file = file
        self.is_full = False
        self._lock = threading.Lock()
        self._error: OSError | None = None
        self._essence: object = None
        self._kept_at = 0.0
        self._size = 0
        self._out = self._begin()
        self._write(Header(FORMAT, VERSION, kind, about, time.time()))

    def _begin(self) -> gzip.GzipFile:
        try:
            self._target = files.behind(self.file)
            if self._target in _OPEN:
                raise RecordingError(
                    f"{self.file.name} is being recorded already: end that, or choose "
                    "another name."
                )
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._part = files.scratch_beside(self._target)
            out = gzip.GzipFile(self._part, "xb")
        except OSError as error:
            raise self._unwritten(error) from error
        _OPEN.add(self._target)
        return out

    def _unwritten(self, error: OSError) -> RecordingError:
        return RecordingError(
            f"{self.file.name} could not be written ({error}): choose another folder "
            "and record again."
        )

    def keep(self, snapshot: Any) -> None:  # noqa: ANN401
        """Write a snapshot, if it differs from the last or that is a second ago."""
        essence = essence_of(snapshot)
        with self._lock:
            recently = snapshot.ticks < self._kept_at + _AT_LEAST_EVERY
            if self._out.closed or (essence == self._essence and recently):
                return
            self._essence, self._kept_at = essence, snapshot.ticks
            self._write(snapshot)

    def close(self) -> None:
        """Finish the file; what comes after that is not kept.

        Raises:
            RecordingError: it could not be written; nothing is left of it.
        """
        with self._lock:
            try:
                self._out.close()
                if not self._error:
                    self._part.replace(files.behind(self._target))
            except OSError as error:
                self._error = self._error or error
            _OPEN.discard(self._target)
        if self._error:
            self._part.unlink(missing_ok=True)
            raise self._unwritten(self._error)

    def _write(self, thing: object) -> None:
        """Write a line; a disk that is full must not end the view that is recorded."""
        line = msgspec.json.encode(thing) + b"\n"
        self._size += len(line)
        if self._size > LARGEST_BYTES:
            self.is_full = True
            return
        try:
            self._out.write(line)
        except OSError as error:
            self._error = error


def essence_of(snapshot: object) -> object:
    """Return what of a snapshot changes only when something happens."""
    return _without_drift(msgspec.to_builtins(snapshot))


def _without_drift(thing: object) -> object:
    if isinstance(thing, dict):
        kept = (one for one in thing.items() if one[0] not in _DRIFTING)
        return {key: _without_drift(value) for key, value in kept}
    if isinstance(thing, list | tuple):
        return [_without_drift(one) for one in thing]
    return thing


def load(file: Path) -> Recording:
    """Return what is in a file.

    Raises:
        RecordingError: there is no such file, or it is damaged or something else.
    """
    try:
        lines = _unpacked(file).splitlines()
        header = _header(lines, file)
        frames = tuple(_frames(lines[1:], KINDS[header.kind]))
    except FileNotFoundError:
        raise RecordingError(f"There is no recording {file}.") from None
    except (OSError, EOFError, msgspec.MsgspecError, zlib.error) as error:
        raise RecordingError(
            f"{file.name} cannot be played: it is damaged, or no recording of a view."
        ) from error
    if not frames:
        raise RecordingError(f"{file.name} cannot be played: nothing is in it.")
    if not _is_in_order(frames) or not 0 <= header.recorded_at < _LATEST:
        raise RecordingError(f"{file.name} cannot be played: its times are damaged.")
    return Recording(header, frames)


def _unpacked(file: Path) -> bytes:
    """Return what is in a file, no more of it than a recording can be."""
    with gzip.open(file) as packed:
        content = packed.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise RecordingError(
            f"{file.name} cannot be played: it unpacks to more than "
            f"{LARGEST_BYTES // 1_000_000} MB. Record less in one file."
        )
    return content


def _is_in_order(frames: tuple[Any, ...]) -> bool:
    """Return whether time goes forward, and every time is one."""
    ticks = [one.ticks for one in frames]
    real = all(math.isfinite(one) for one in (ticks[0], ticks[-1]))
    real = real and all(0 <= one.taken_at < _LATEST for one in frames)
    return real and ticks == sorted(ticks)


def _header(lines: list[bytes], file: Path) -> Header:
    header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
    if header.format != FORMAT or header.version != VERSION or header.kind not in KINDS:
        raise RecordingError(
            f"{file.name} cannot be played: it is of another version of the workbook."
        )
    return header


def _frames(lines: list[bytes], kind: type) -> Iterator[Any]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(kind)
    return map(decoder.decode, lines)
