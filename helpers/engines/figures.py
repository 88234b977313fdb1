"""What was measured of each engine by running it: kept in ``data/engines.json``."""

from functools import cache
from pathlib import Path

import msgspec

from helpers.settings import PROJECT_ROOT

FILE = PROJECT_ROOT / "data" / "engines.json"
"""Written by ``make engines-table``."""


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one engine did with the job.

    Attributes:
        disk_megabytes: what it takes in the cache; 0 if nothing.
        install_seconds: how long that took.
        first_result_seconds: from the start of its process to its first result.
        week_seconds: to the right answer for all of the week; None if none came.
        records_per_second: of the month, after the start; None if it was not measured.
        memory_megabytes: the most that its processes took.
        after_kills: what became of the answer after three times ``kill -9``.
        too_late: what became of an event that was days late.
        no_flight: what a record did that is no flight.
    """

    disk_megabytes: float = 0
    install_seconds: float = 0
    first_result_seconds: float | None = None
    week_seconds: float | None = None
    records_per_second: float | None = None
    memory_megabytes: float | None = None
    after_kills: str = ""
    too_late: str = ""
    no_flight: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The figures of all engines.

    Attributes:
        circumstances: when and on what machine they were made, in a sentence.
        engines: the figures by the engine's name.
    """

    circumstances: str
    engines: dict[str, Figures]


@cache
def table(file: Path = FILE) -> Table:
    """Return what was measured; nothing if nothing ever was."""
    if not file.exists():
        return Table("", {})
    return msgspec.json.decode(file.read_bytes(), type=Table)


def recorded() -> dict[str, Figures]:
    """Return the figures of each engine that was measured."""
    return table().engines


def write(one: Table, file: Path = FILE) -> None:
    """Write the figures, so that a person can read them, too."""
    text = msgspec.json.format(msgspec.json.encode(one), indent=2)
    file.write_bytes(text + b"\n")
    table.cache_clear()
