"""The consumers that a board starts for one group: named, throttled, ended one by one.

Each is a member of :mod:`helpers.kafka.members`, and ends as those do.
"""

import string
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from helpers import files
from helpers.inputs import InputError
from helpers.kafka import members
from helpers.kafka.consumer_facts import ConsumerFacts, ended
from helpers.kafka.members import Member
from helpers.replaying import replay
from helpers.wording import shown

LONGEST_MS = 60_000
"""The most work that a record can be; far below what ends a membership."""

CONSUMER = Path(__file__).with_name("lag_consumer.py")
_PEAK = Path(__file__).with_name("peak_producer.py")


class Crew:
    """Starts and ends the consumers of one group; for any thread.

    Args:
        folder: where their script and their output are.
        connection: returns the settings of a client.
        group: of the consumers.
        topic: what they read.
        script: what each runs; None is the course's own.
        settings: of a client, for the consumers alone.
    """

    def __init__(
        self,
        folder: Path,
        connection: Callable[[], Mapping[str, str]],
        group: str,
        topic: str,
        *,
        script: Path | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.group, self.topic = group, topic
        self._folder, self._connection = folder, connection
        self._script, self._settings = script, dict(settings or {})
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Member, ConsumerFacts]] = {}
        self._started = 0
        self._peak: Member | None = None

    def adopt(self, other: "Crew") -> None:
        """Take over the consumers of a crew before this one."""
        self._known, self._started = other._known, other._started
        self._lock, self._peak = other._lock, other._peak

    def facts(self) -> tuple[ConsumerFacts, ...]:
        """Return each consumer as it is now."""
        with self._lock:
            for name, (member, one) in self._known.items():
                if one.state == "running" and not member.alive:
                    self._known[name] = member, ended(member, one)
            return tuple(one for _, one in self._known.values())

    def add(self) -> str:
        """Start one more consumer and return its name.

        Raises:
            InputError: there is no such script, or too many processes run.
        """
        script = self._script or CONSUMER
        with self._lock:
            name = f"consumer-{_letter(self._started)}"
            pace = self._pace(name)
            pace.write_text("0", "utf-8")
            settings = {**self._connection(), **self._settings, "client.id": name}
            arguments = self.topic, self.group, pace
            try:
                member = members.start(script, arguments, settings, self._folder)
            except InputError:
                pace.unlink()
                raise
            self._started += 1
            one = ConsumerFacts(name, member.pid, "running", 0, time.monotonic())
            self._known[name] = member, one
        return name

    def throttle(self, name: str, milliseconds: float) -> None:
        """Make each record so much work to a consumer that runs, from its next one on.

        Raises:
            InputError: there is no such consumer, or that is no such time.
        """
        if not 0 <= milliseconds <= LONGEST_MS:
            raise InputError(
                f"throttle takes 0 to {LONGEST_MS:,} milliseconds a record, such as 100, "
                f"not {shown(milliseconds)}."
            )
        with self._lock:
            member, one = self._running(name)
            files.write(self._pace(name), f"{float(milliseconds):.15g}")
            self._known[name] = member, replace(one, milliseconds=milliseconds)

    def remove(self, name: str) -> None:
        """End a consumer with SIGTERM, so that it can leave the group; forget it.

        Raises:
            InputError: there is no such consumer.
        """
        with self._lock:
            member, _ = self._running(name)
            del self._known[name]
        member.stop()

    def kill(self, name: str) -> None:
        """End a consumer with SIGKILL: the group is not told.

        Raises:
            InputError: there is no such consumer.
        """
        with self._lock:
            member, one = self._running(name)
            member.kill()
            self._known[name] = (
                member,
                replace(one, state="killed", since=time.monotonic()),
            )

    def replay_peak(self, seconds: float) -> Member:
        """Start to send the storm's morning peak to the topic.

        Args:
            seconds: how long all of it takes.

        Raises:
            InputError: that is no such time, or it is being sent already.
        """
        replay((), seconds)
        if self.peak_runs:
            raise InputError(
                "The morning peak is being replayed already: wait until it has ended."
            )
        arguments = self.topic, seconds
        self._peak = members.start(_PEAK, arguments, self._connection(), self._folder)
        return self._peak

    @property
    def peak_runs(self) -> bool:
        """Whether the morning peak is being sent."""
        return self._peak is not None and self._peak.alive

    def _running(self, name: object) -> tuple[Member, ConsumerFacts]:
        """Return a consumer that runs; with the lock held."""
        running = [key for key, (member, _) in self._known.items() if member.alive]
        if name not in running:
            there = f"there are {', '.join(running)}" if running else "add one first"
            raise InputError(f"No consumer {shown(name)} runs here: {there}.")
        return self._known[str(name)]

    def _pace(self, name: str) -> Path:
        # Two boards of one lesson share its folder, and each has its own consumer-A.
        mark = zlib.crc32(f"{self.group} {self.topic}".encode())
        return self._folder / f"{name}-{mark:08x}.pace"


_CREWS: dict[tuple[str, str], Crew] = {}


def keep(crew: Crew) -> Crew:
    """Return a crew after it took over what the one before it of its group left."""
    place = crew.group, crew.topic
    if before := _CREWS.get(place):
        crew.adopt(before)
    _CREWS[place] = crew
    return crew


def _letter(number: int) -> str:
    """Return A, B and so on; after Z comes A2."""
    again, place = divmod(number, len(string.ascii_uppercase))
    return f"{string.ascii_uppercase[place]}{again + 1 if again else ''}"
