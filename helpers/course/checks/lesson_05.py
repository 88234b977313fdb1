"""Lesson 05: what producers left on the brokers, complete, small, once and described."""

from collections import Counter

from helpers import flights
from helpers.course.checks.once import once_each
from helpers.course.checks.packed import tight_month
from helpers.course.checks.produced import EMPTY_IT, found_in, no_topic
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.flights import Flight
from helpers.kafka.records import Record
from helpers.servers.interface import BREAK_NODES, READ_FILES

DAY = 8
COUNTED = "nyc.flight.counted"
QUEUE = 100
"""How many records the queue of the lesson's ``small`` holds."""

CANCELLED = "nyc.flight.cancelled"
REASON = ("reason", b"blizzard")
_YEAR_MS = 365 * 24 * 3_600_000


def counted_day(lesson: Lesson) -> Verdict:
    """Judge exercise 5.1: each departure of the day exactly once."""
    topic = lesson.topic(COUNTED)
    found = found_in(lesson, topic)
    if found is None:
        return not_yet(no_topic(topic))
    wanted = [flight.to_json() for flight in flights.day(DAY)]
    if wrong := _wrong_values(topic, [one.value for one in found], wanted):
        return not_yet(wrong)
    return passed(f"`{topic}` has {len(wanted)} departures, each exactly once.")


def _wrong_values(topic: str, found: list[bytes], wanted: list[bytes]) -> str:
    """Return what is wrong with the values of a topic; empty if nothing is."""
    if not found:
        return f"`{topic}` is empty. Did you `flush`?"
    there = Counter(found)
    missing = [number for number, value in enumerate(wanted) if value not in there]
    if len(missing) == len(wanted):
        return (
            f"`{topic}` has {len(found)} records, and none is a departure of the day as "
            f"`flight.to_json()` writes it. {EMPTY_IT}send anew."
        )
    if missing:
        return _missing(topic, missing, len(wanted), len(found))
    extra = len(found) - len(wanted)
    if extra and extra % len(wanted) == 0:
        return f"`{topic}` has each departure more than once. {EMPTY_IT}send once."
    if extra:
        return (
            f"`{topic}` has {extra} too many. Whoever starts again from the first "
            f"departure after a `BufferError` sends twice what was queued. {EMPTY_IT}"
            "repeat only the one record that was refused."
        )
    return ""


def _missing(topic: str, missing: list[int], total: int, found: int) -> str:
    said = f"`{topic}` has {found} records; {len(missing)} of {total} departures "
    at_the_end = missing == list(range(missing[0], total))
    if at_the_end and missing[0] == QUEUE:
        return (
            f"{said}are missing: all after the first {QUEUE}. The loop ended with the "
            f"first `BufferError`. {EMPTY_IT}catch it: call `small.poll(1)`, and then "
            "send the same record again."
        )
    if at_the_end and len(missing) <= QUEUE:
        return f"{said}are missing, the last ones. They are still queued: `flush`."
    return (
        f"{said}are missing, the first of them number {missing[0]}. A record for which "
        f"`produce` raised is not queued, and nobody sends it later. {EMPTY_IT}send the "
        "same record again after `small.poll(1)`."
    )


def cancelled_flights(lesson: Lesson) -> Verdict:
    """Judge exercise 5.4: the cancelled ones, each with key, header and time."""
    topic = lesson.topic(CANCELLED)
    found = found_in(lesson, topic)
    if found is None:
        return not_yet(no_topic(topic))
    by_value = {flight.to_json(): flight for flight in flights.day(DAY)}
    wanted = [value for value, flight in by_value.items() if flight.cancelled]
    strange = sum(one.value not in by_value for one in found)
    if strange:
        return not_yet(
            f"{strange} records of `{topic}` are no departures as `flight.to_json()` "
            f"writes them. {EMPTY_IT}send anew."
        )
    wrong = _wrong_choice(topic, [one.value for one in found], wanted, len(by_value))
    pairs = [(one, by_value[one.value]) for one in found if one.value in by_value]
    wrong = wrong or next(filter(None, (_wrong_parts(*pair) for pair in pairs)), "")
    if wrong:
        return not_yet(f"{wrong} {EMPTY_IT}send anew.")
    return passed(
        f"`{topic}` has {len(wanted)} cancelled departures, each with its carrier, the "
        "reason and the time of the plan."
    )


def _wrong_choice(topic: str, found: list[bytes], wanted: list[bytes], day: int) -> str:
    if not found:
        return f"`{topic}` is empty: did you `flush`?"
    if set(found) - set(wanted):
        every = " It looks like the whole day." if len(found) >= day else ""
        return f"`{topic}` has records that are no cancelled departures.{every}"
    if missing := len(set(wanted) - set(found)):
        return f"{missing} of {len(wanted)} cancelled departures are missing."
    if len(found) > len(wanted):
        return f"`{topic}` has {len(found)} records, and {len(wanted)} are asked for."
    return ""


def _wrong_parts(message: Record, flight: Flight) -> str:
    """Return what is wrong with one record besides its value; empty if nothing is."""
    if message.key != flight.carrier.encode():
        return f"{flight.id} has the key {message.key!r}, not its carrier as bytes."
    if REASON not in message.headers:
        return (
            f"{flight.id} has the headers {list(message.headers)}. Asked for is "
            '`headers={"reason": b"blizzard"}`.'
        )
    return _wrong_time(message.time_ms, flight)


def _wrong_time(time_ms: int, flight: Flight) -> str:
    planned = round(1000 * flight.planned.timestamp())
    if time_ms == planned:
        return ""
    if time_ms == planned // 1000:
        return (
            f"{flight.id} has the time {time_ms}: that is in seconds, and so in January "
            "1970. Kafka's timestamps are milliseconds."
        )
    if time_ms > planned + _YEAR_MS:
        return (
            f"{flight.id} has the time at which it was sent. `timestamp` says when it "
            "was planned."
        )
    return f"{flight.id} has the time {time_ms}; its plan says {planned}."


EXERCISES = (
    Exercise(
        "5.1",
        counted_day,
        (
            "A record for which `produce` raised must be produced again. What must "
            "happen in between, so that there is room?",
            "Around `produce` a `while True:` with a `try:`. After it `break`; in "
            "`except BufferError:` only `small.poll(1)`. At the end `small.flush(20)`.",
        ),
    ),
    Exercise(
        "5.2",
        tight_month,
        (
            "Your chart of the disk says which codecs leave least. And how many records "
            "should share a batch?",
            '`{"compression.type": "zstd", "linger.ms": 200}`, without the limit of 10. '
            "Then `produce` each value of `month`, and `flush(60)`.",
        ),
        needs=frozenset({READ_FILES}),
    ),
    Exercise(
        "5.3",
        once_each,
        (
            "The broker must be able to tell a record that comes again from a new one.",
            '`send_into_a_pause(once, values, {"enable.idempotence": True})`',
        ),
        needs=frozenset({BREAK_NODES, READ_FILES}),
    ),
    Exercise(
        "5.4",
        cancelled_flights,
        (
            "The cell that sent to `stamped` has all that you need, for one record. "
            "`flight.cancelled` tells which ones to send.",
            '`key=flight.carrier`, `headers={"reason": b"blizzard"}` and '
            "`timestamp=round(1000 * flight.planned.timestamp())`.",
        ),
    ),
)
