"""Exercise 14.3: a discarded record, fetched by what the destination tells of it."""

import base64
import json

from helpers.course.checks.lesson_13_look import client, records, shards
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names
from helpers.kinesis.records import StreamRecord

REPORTED, DEAD = "nyc.flight.reported", "nyc.flight.dead"
_ANEW = "Empty `dead` with the cell that creates it, and send again."


def fetched(lesson: Lesson) -> Verdict:
    """Judge exercise 14.3: the broken record's bytes in Kafka, under its name."""
    stream, topic = lesson.stream(REPORTED), lesson.topic(DEAD)
    kinesis = client()
    if shards(kinesis, stream) is None:
        return not_yet(f"There is no stream `{stream}`: run the cells of this section.")
    if topic not in topic_names(admin_client(lesson.connection)):
        return not_yet(f"There is no topic `{topic}`: run the cell that creates it.")
    there = records(kinesis, stream)
    places = [place for place, one in enumerate(there) if not _is_json(one.data)]
    if len(places) != 1:
        return not_yet(
            f"`{stream}` has {len(places)} broken records and not one: run the cell "
            "that makes it again."
        )
    sent = read_all(lesson.connection, topic)
    if not sent:
        return not_yet(f"`{topic}` is empty. `produce` the record there, and `flush`.")
    wrong = [_wrong(one, there, places[0]) for one in sent]
    if any(wrong):
        return not_yet(f"`{topic}`: {next(filter(None, wrong))} {_ANEW}")
    return passed(
        f"The {len(sent[0].value)} bytes that nobody could read are in `{topic}` under "
        "their name. Whoever mends the sender can look at them when the stream has "
        "forgotten them."
    )


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _wrong(sent: Record, there: list[StreamRecord], place: int) -> str:
    """Return what is wrong with a record in the topic; empty if nothing is."""
    broken = there[place]
    if sent.value == broken.data:
        name = f"{broken.shard}:{broken.number}"
        found = (sent.key or b"").decode(errors="replace")
        if found == name:
            return ""
        return (
            f"the bytes are right, but the key is `{found}`. An `eventID` is the "
            "shard's id, a colon and the record's sequence number."
        )
    if sent.value == base64.b64encode(broken.data):
        return (
            "this is the record in base64. Only Lambda's event wraps it so; send the "
            "bytes themselves."
        )
    if broken.number.encode() in sent.value:
        return (
            "this is what the destination tells: where the record is. Fetch the record "
            "itself from the shard."
        )
    return _another(sent.value, [one.data for one in there], place)


def _another(value: bytes, there: list[bytes], place: int) -> str:
    """Return which other record of the stream was sent."""
    if value not in there:
        return f"{value[:40]!r} is no record of the stream."
    found = there.index(value)
    if found == place + 1:
        return (
            "this is the record behind the broken one. `AFTER_SEQUENCE_NUMBER` passes "
            "over the one that it names; `AT_SEQUENCE_NUMBER` begins with it."
        )
    if found == 0:
        return (
            "this is the oldest record of the shard, where `TRIM_HORIZON` begins. Begin "
            "at the sequence number that the destination names."
        )
    return "a flight is there, too, that is not broken. Fetch one record: `Limit=1`."
