"""Lesson 10: how long records stay, the newest of each key, and one that must go."""

from confluent_kafka.admin import ConfigResource  # type: ignore[attr-defined]

from helpers import flights
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.offsets import end_offsets
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import ASK_SECONDS, admin_client, describe

WEATHER = "nyc.weather.observed"
LATEST = "nyc.aircraft.latest"
SEATS = "nyc.seat.state"
FORGOTTEN, STAYS = b"passenger-8", b"passenger-9"
SEAT = b"seat 14C"
KEPT_SETTING = "max.message.bytes", "2000000"
MOST_RECORDS = 3100
_DAY_MS = 24 * 60 * 60 * 1000
_KEEP_MS = 30 * _DAY_MS
_MOST_MS = 31 * _DAY_MS
_THIRTY = f"30 days are {_KEEP_MS:,}."
_SECONDS_FOR_MS = 30 * 24 * 60 * 60
_MANY = 100_000
_FORGETTING_WRITES = 4
"""Both passengers, a tombstone, and the write that closes its segment."""


def thirty_days(lesson: Lesson) -> Verdict:
    """Judge exercise 10.1: the limits that hold for the topic, wherever they are set."""
    name = lesson.topic(WEATHER)
    holds = _effective(lesson, name)
    if holds is None:
        return not_yet(f"There is no topic `{name}`. Run the cell that creates it.")
    if holds[KEPT_SETTING[0]] != KEPT_SETTING[1]:
        return not_yet(
            f"`{KEPT_SETTING[0]}` was {KEPT_SETTING[1]} and is {holds[KEPT_SETTING[0]]} "
            "now: the change has reset what it did not name. Set it again, with "
            "`incremental_alter_configs`, which `configure` uses."
        )
    if holds["cleanup.policy"] != "delete":
        return not_yet(_wrong_policy(holds["cleanup.policy"]))
    wrong = _wrong_time(int(holds["retention.ms"])) or _wrong_rest(holds)
    return not_yet(wrong) if wrong else passed("30 days, whatever the size, at most 31.")


def _wrong_policy(policy: str) -> str:
    said = f"`cleanup.policy` is {policy}: then "
    if "delete" not in policy:
        return f"{said}nothing goes by age. It was `delete`."
    return f"{said}a newer record of a key replaces one of the last 30 days."


def _wrong_time(kept: int) -> str | None:
    said = f"`retention.ms` is {kept:,}"
    if kept == _SECONDS_FOR_MS:
        return f"{said}: that many *milliseconds* are 43 minutes. You gave seconds."
    if kept < 0:
        return f"{said}, no limit: a record may stay longer than 31 days. {_THIRTY}"
    if kept < _KEEP_MS:
        return f"{said}, which is {kept / _DAY_MS:.1f} days. {_THIRTY}"
    return None


def _wrong_rest(holds: dict[str, str]) -> str | None:
    size, roll = int(holds["retention.bytes"]), int(holds["segment.ms"])
    if size >= 0:
        return (
            f"`retention.bytes` is {size:,}, so a large topic loses records before their "
            "30 days: whichever limit is reached first counts. -1 means no limit."
        )
    most = int(holds["retention.ms"]) + roll
    if most > _MOST_MS:
        return (
            f"`segment.ms` is {roll / _DAY_MS:.1f} days. A segment goes when its newest "
            f"record is {int(holds['retention.ms']) / _DAY_MS:.1f} days old; its first "
            f"one is then up to {most / _DAY_MS:.1f} days old. Both together may be 31."
        )
    return None


def _effective(lesson: Lesson, name: str) -> dict[str, str] | None:
    """Return every setting that holds for a topic, its own or a broker's."""
    admin = admin_client(lesson.connection)
    if describe(admin, name) is None:
        return None
    resource = ConfigResource(ConfigResource.Type.TOPIC, name)
    answer = admin.describe_configs([resource], request_timeout=ASK_SECONDS)
    entries = answer[resource].result(ASK_SECONDS).values()
    return {entry.name: str(entry.value) for entry in entries}


def latest_flights(lesson: Lesson) -> Verdict:
    """Judge exercise 10.2: the newest flight of each aircraft, and not much else."""
    name = lesson.topic(LATEST)
    holds = _effective(lesson, name)
    if holds is None:
        return not_yet(f'There is no topic `{name}` yet: `create("{LATEST}", …)`.')
    policy = holds["cleanup.policy"]
    if "compact" not in policy:
        return not_yet(
            f"`cleanup.policy` of `{name}` is {policy}. That removes segments by age and "
            "size, whatever their keys. The newest record of each key needs `compact`."
        )
    records = read_all(lesson.connection, name, _MANY)
    if wrong := _not_all(name, records, policy):
        return not_yet(wrong)
    if len(records) > MOST_RECORDS:
        return not_yet(_too_many(name, len(records), holds))
    if "delete" in policy:
        return not_yet(
            f"All is there now, but `cleanup.policy` is {policy}: an aircraft that does "
            "not fly for as long as `retention.ms` is lost. `compact` alone keeps it."
        )
    return passed(f"{len(records):,} records, the newest flight of every aircraft.")


def _not_all(name: str, records: list[Record], policy: str) -> str | None:
    """Say whose newest flight is missing, and why that may be."""
    if not records and "delete" in policy:
        return (
            f"`{name}` is empty, and its `cleanup.policy` is {policy}: what is older "
            "than `retention.ms` goes, whatever its key. Use `compact` alone."
        )
    if not records:
        return (
            f"`{name}` is empty. Send the month with `send_month`. (A compacted topic "
            "refuses a record without a key: `INVALID_RECORD`.)"
        )
    newest = {one.tailnum: one.to_json() for one in flights.all_flights() if one.tailnum}
    found = {one.key: one.value for one in records}
    missing = sum(
        found.get(tailnum.encode()) != value for tailnum, value in newest.items()
    )
    if not missing:
        return None
    said = f"The newest flight of {missing:,} of {len(newest):,} aircraft is missing"
    if missing == len(newest):
        return (
            f"{said}: what is the key? `compact` keeps one record of each *key*, so with "
            "carriers or airports only a few stay. The aircraft is the key."
        )
    return f"{said} in `{name}`. Create it anew and send the whole month once."


def _too_many(name: str, number: int, holds: dict[str, str]) -> str:
    said = f"`{name}` has {number:,} records, and {MOST_RECORDS:,} are allowed. "
    if int(holds["segment.ms"]) > _DAY_MS / 24:
        return said + (
            "The active segment is never compacted, and nothing closes it soon: "
            f"`segment.ms` is {int(holds['segment.ms']):,}. Make it short, then write."
        )
    if float(holds["min.cleanable.dirty.ratio"]) > 0.1:  # noqa: PLR2004
        return said + (
            "The cleaner waits until enough of the log is new: "
            f"`min.cleanable.dirty.ratio` is {holds['min.cleanable.dirty.ratio']}."
        )
    return said + (
        "A segment closes with a *write* after `segment.ms`, no clock does it, and then "
        "the cleaner needs a second or two. Write one more record to this topic "
        "(`write_on` writes to `moved`), and check again."
    )


def forgotten_passenger(lesson: Lesson) -> Verdict:
    """Judge exercise 10.3: nothing of one passenger is left, and the other stays."""
    name = lesson.topic(SEATS)
    if _effective(lesson, name) is None:
        return not_yet(
            f"There is no topic `{name}`. It may not be deleted: run the cell that "
            "creates it, and then delete the *key*."
        )
    records = read_all(lesson.connection, name, _MANY)
    others = [one for one in records if one.key == STAYS]
    # A tombstone is the newest word on a key, also before the cleaner comes.
    if others and others[-1].tombstone:
        return not_yet(
            f"`{STAYS.decode()}` has a tombstone, and so goes, too. Run the cell that "
            "creates the topic, and delete one key."
        )
    if not others:
        return not_yet(
            f"`{STAYS.decode()}` is gone, too: {_and_others(records)}. Run the cell that "
            "creates the topic, and delete one key."
        )
    theirs = [one for one in records if one.key == FORGOTTEN]
    if not theirs and end_offsets(lesson.connection, name)[0] < _FORGETTING_WRITES:
        return not_yet(
            f"`{name}` is new, and `{FORGOTTEN.decode()}` was never in it. Run the cell "
            "that creates it, and then delete the *key*, not the topic."
        )
    if not theirs:
        return passed(
            f"Nothing of `{FORGOTTEN.decode()}` is left, and `{STAYS.decode()}` stays."
        )
    return not_yet(_still_there(theirs))


def _and_others(records: list[Record]) -> str:
    return f"of the records in the topic, {len(records)}, none is of that passenger"


def _still_there(theirs: list[Record]) -> str:
    last = theirs[-1]
    if last.tombstone and len(theirs) == 1:
        return (
            "Only the tombstone is left. It stays at least `delete.retention.ms`, then "
            "until a cleaning that new records bring: write on, and wait."
        )
    if last.tombstone:
        return (
            f"The tombstone is there, and {len(theirs) - 1} older records of the key. "
            "The cleaner works on closed segments alone: a write after `segment.ms` "
            "closes one."
        )
    if last.value == SEAT:
        return "Their seat is there as it was. Send a tombstone: the key, and no value."
    return (
        f"The newest record of the key has the value `{last.value!r}`. That is a value, "
        "and compaction keeps it for ever. A tombstone has none: `value=None`."
    )


EXERCISES = (
    Exercise(
        "10.1",
        thirty_days,
        (
            "Three settings decide: one for time, one for size, and one for how long the "
            "first record of a segment waits for the last. In which units?",
            "`configure(weather, retention_ms=…, retention_bytes=-1, segment_ms=…)`; a "
            "day is 86,400,000 milliseconds.",
        ),
    ),
    Exercise(
        "10.2",
        latest_flights,
        (
            "What is never compacted, and what closes it?",
            '`create("nyc.aircraft.latest", cleanup_policy="compact", '
            "min_cleanable_dirty_ratio=0, segment_ms=1000, **small)`, the month, then "
            "a small record again and again until `len(read(…))` is small.",
        ),
    ),
    Exercise(
        "10.3",
        forgotten_passenger,
        (
            "What deletes a key, and which two things must happen before it goes itself?",
            "Set `delete_retention_ms=1000` and `min_cleanable_dirty_ratio=0`, send "
            '`key="passenger-8", value=None`, and write on in a `countdown`.',
        ),
    ),
)
