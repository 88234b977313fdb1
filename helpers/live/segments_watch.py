"""Reads a partition's files and what decides over them, on a thread of its own."""

import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from confluent_kafka import TopicPartition

from helpers.live.aim import Aim, AimedWatch
from helpers.live.asking import kept_admin
from helpers.live.details import Details
from helpers.live.segments_follow import Listing, Span, listing
from helpers.live.segments_settings import ask_settings
from helpers.live.segments_snapshot import SegmentSettings
from helpers.servers.errors import ServersError
from helpers.servers.interface import Cluster

# Settings are seldom different.
_RARELY_SECONDS = 1.0
# Of one look: a board that begins shows the files before it has read all their times.
_MOST_READ = 8
# A larger file is not read for the time of its first record.
_MOST_BYTES = 8 * 1024**2
_MILLISECONDS = 1000
_BATCH_TIMES = struct.Struct(">35xq")
"""Of a batch's header: the latest time in it, by which Kafka rolls."""
_INDEX_ENTRY = struct.Struct(">qi")
"""Of a time index: a time, and how far its record lies behind the base offset."""


@dataclass(frozen=True)
class FilesSample:
    """What was learned of a partition's files.

    Attributes:
        broker: whose files.
        asked: monotonic seconds when they were listed.
        files: the log files.
        spans: times of the live segments' records, by base offset.
        settings: what decides over them; None where no broker told.
    """

    broker: int
    asked: float
    files: Listing
    spans: Mapping[int, Span] = field(default_factory=dict)
    settings: SegmentSettings | None = None


class FilesWatch(AimedWatch[FilesSample]):
    """A thread that looks into the leader's folder again and again.

    Args:
        cluster: lets its files be read.
        topic: its name.
        partition: whose files.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two looks.
    """

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        partition: int,
        access: Mapping[str, str],
        interval: float = 0.15,
    ) -> None:
        self._cluster = cluster
        self._place = TopicPartition(topic, partition)
        self._client = kept_admin(access)
        self._details = Details(topic, access)
        self._settings: tuple[float, SegmentSettings | None] = 0.0, None
        self._live: set[int] = set()
        # By broker, base and size: a segment that is closed changes only in the cleaner.
        self._known: dict[tuple[int, int, int], Span] = {}
        super().__init__("files", interval)

    def _ask(self) -> FilesSample | None:
        aim, place = self._aim, self._place
        broker = dict(aim.leaders).get(place.partition)
        if broker is None or aim.is_there is False:
            return None
        asked = time.monotonic()
        try:
            files = self._cluster.segment_files(place.topic, place.partition, broker)
        # The folder comes a moment after the topic, and goes a moment before it.
        except ServersError:
            return None
        found = listing(files)
        if self._live - found.live.keys():
            # Something was removed: what is set now says why.
            self._settings = 0.0, self._settings[1]
        self._live = set(found.live)
        settings = self._asked_settings(aim, broker)
        return FilesSample(
            broker, asked, found, self._spans(aim, broker, found), settings
        )

    def _release(self) -> None:
        self._client.drop()
        self._details.close()

    def _spans(self, aim: Aim, broker: int, found: Listing) -> dict[int, Span]:
        """Return the times that are known, and read some more."""
        active = max(found.live, default=0)
        budget = _MOST_READ
        for base, size in found.live.items():
            # The first record's time stays, whatever is written behind it.
            key = (broker, base, 0 if base == active else size)
            if key not in self._known and size and budget:
                budget -= 1
                self._known[key] = self._read(broker, base, size, base == active)
        spans = {
            base: self._known.get((broker, base, 0 if base == active else size), Span())
            for base, size in found.live.items()
        }
        if found.live.get(active):
            spans[active] = replace(spans[active], newest=self._newest(aim, active))
        return spans

    def _read(self, broker: int, base: int, size: int, is_active: bool) -> Span:
        try:
            if not is_active:
                return Span(newest=_last_time(self._file(broker, base, "timeindex")))
            if size > _MOST_BYTES:
                return Span()
            return Span(oldest=_first_time(self._file(broker, base, "log")))
        except ServersError:
            return Span()

    def _file(self, broker: int, base: int, kind: str) -> bytes:
        place, name = self._place, f"{base:020}.{kind}"
        return self._cluster.read_segment(place.topic, place.partition, broker, name)

    def _newest(self, aim: Aim, active: int) -> float | None:
        """Return the time of the newest record, if it is in the active segment."""
        found = self._details.newest(aim.addresses, self._place.partition)
        if found is None or found[0] < active:
            return None
        return found[1] / _MILLISECONDS

    def _asked_settings(self, aim: Aim, broker: int) -> SegmentSettings | None:
        at, known = self._settings
        if time.monotonic() - at < _RARELY_SECONDS:
            return known
        found = ask_settings(self._client.at(aim.addresses), self._place.topic, broker)
        self._settings = time.monotonic(), found or known
        return self._settings[1]


def _first_time(log: bytes) -> float | None:
    if len(log) < _BATCH_TIMES.size:
        return None
    found: int
    (found,) = _BATCH_TIMES.unpack_from(log)
    return found / _MILLISECONDS


def _last_time(index: bytes) -> float | None:
    """Return the last entry's time; of a closed segment that is the newest record's."""
    whole = len(index) - len(index) % _INDEX_ENTRY.size
    times: list[int] = [at for at, _ in _INDEX_ENTRY.iter_unpack(index[:whole]) if at > 0]
    return max(times) / _MILLISECONDS if times else None
