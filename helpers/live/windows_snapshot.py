"""What a windowed job would have done with a topic's reports at one moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from helpers.live.snapshot import Event
from helpers.live.topic_snapshot import TopicSnapshot

ROWS = 48
"""Into how many rows the picture divides the time of arrival."""

COLUMNS = 96
"""Into how many columns it divides the event time."""

WindowState = Literal["not begun", "open", "closed"]

Mark = tuple[int, int, int]
"""A column and a row of the picture, and how many reports lie there."""


@dataclass(frozen=True)
class WindowFacts:
    """One tumbling window.

    Attributes:
        begin: the event time from which on reports belong to it.
        state: ``closed`` when the watermark has passed its end; ``not begun`` while no
            event time has reached its begin.
        taken: how many reports it counts.
        late: how many came when it was closed.
    """

    begin: datetime
    state: WindowState
    taken: int
    late: int


@dataclass(frozen=True)
class Picture:
    """Where the reports lie, by event time and by arrival.

    Attributes:
        begin: the event time at the left edge.
        hours: of event time from the left edge to the right one.
        first: when the first of these reports arrived, in seconds since the epoch.
        seconds: of arrival from the lower edge to the upper one.
        taken: the reports that a window took, in the order in which they came.
        late: those that fell out, likewise.
        watermark: its course: each row at which it moved, and to which column; both may
            be parts of one, and a column may lie beyond an edge.
    """

    begin: datetime
    hours: float
    first: float
    seconds: float
    taken: tuple[Mark, ...] = ()
    late: tuple[Mark, ...] = ()
    watermark: tuple[tuple[float, float], ...] = ()

    @property
    def end(self) -> datetime:
        """The event time at the right edge."""
        return self.begin + timedelta(hours=self.hours)


@dataclass(frozen=True)
class Reports:
    """What was read of a topic.

    Attributes:
        taken: how many reports their windows took.
        late: how many fell out.
        newest: the newest event time.
        watermark: that, less the lateness.
        first: when the first report arrived, in seconds since the epoch.
        last: when the last one did, in seconds after the first.
        windows: those that the picture shows, by their begin.
        picture: where the reports lie.
    """

    taken: int
    late: int
    newest: datetime
    watermark: datetime
    first: float
    last: float
    windows: tuple[WindowFacts, ...]
    picture: Picture


@dataclass(frozen=True)
class WindowsSnapshot:
    """Everything that a board of windows shows.

    Attributes:
        about: the topic and the nodes that hold it; its events are the log.
        hours: how long a window is.
        lateness: how many hours the watermark stays behind the newest event time.
        reports: what was read; None while there was none.
        passed_over: how many values were no flight's.
        asked: monotonic seconds when the topic was last read; None if it never was.
    """

    about: TopicSnapshot
    hours: float
    lateness: float
    reports: Reports | None = None
    passed_over: int = 0
    asked: float | None = None

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""
        return self.about.taken_at

    @property
    def ticks(self) -> float:
        """The same moment in monotonic seconds."""
        return self.about.ticks

    @property
    def events(self) -> tuple[Event, ...]:
        """The last lines of the log, oldest first."""
        return self.about.events

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""
        nodes = self.about.nodes
        return nodes.told and (not self.about.is_there or self.asked is not None)
