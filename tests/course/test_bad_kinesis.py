"""What goes wrong with Kinesis: one sentence that says what to do, and no change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3
import pytest
from botocore.config import Config

from helpers.course import view
from helpers.course.errors import sentence
from helpers.course.lesson import Lesson
from helpers.kinesis.shards import KinesisClient, list_shards
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.course import students
from tests.course.refusing import refusing
from tests.kinesis_iterators import made_old

MEBIBYTE = 2**20
FIRST = "shardId-000000000000"
WITHIN = 60


@dataclass(frozen=True)
class Place:
    """Where the mistakes are made.

    Attributes:
        lesson: in progress.
        plain: a client that tries once.
        governed: the same, with the course's quotas.
        stream: shard 0 was split into 1 and 2.
    """

    lesson: Lesson
    plain: KinesisClient
    governed: KinesisClient
    stream: str


def iterator(place: Place, shard: str = FIRST, kind: str = "TRIM_HORIZON") -> str:
    told = place.plain.get_shard_iterator(
        StreamName=place.stream, ShardId=shard, ShardIteratorType=kind
    )
    return str(told["ShardIterator"])


def expired(place: Place) -> None:
    place.plain.get_records(ShardIterator=made_old(iterator(place)))


def still_creating(place: Place) -> None:
    name = place.lesson.stream("creating")
    place.plain.create_stream(StreamName=name, ShardCount=1)
    try:
        place.plain.put_record(StreamName=name, PartitionKey="UA", Data=b"soon")
    finally:
        active(place.plain, name)
        place.plain.delete_stream(StreamName=name)
        gone = place.plain.get_waiter("stream_not_exists")
        gone.wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def read_past_the_end(place: Place) -> None:
    told = place.plain.get_records(ShardIterator=iterator(place))
    place.plain.get_records(ShardIterator=told.get("NextShardIterator"))


def split_what_is_closed(place: Place) -> None:
    place.plain.split_shard(
        StreamName=place.stream, ShardToSplit=FIRST, NewStartingHashKey=str(2**126)
    )


def no_endpoint(_: Place) -> None:
    once = Config(retries={"total_max_attempts": 1})
    client = boto3.client("kinesis", endpoint_url="http://127.0.0.1:9", config=once)
    try:
        client.list_streams()
    finally:
        client.close()


def put(client: KinesisClient, stream: str, key: str, data: object) -> None:
    client.put_record(StreamName=stream, PartitionKey=key, Data=data)


def put_many(client: KinesisClient, stream: str, number: int) -> None:
    records = [{"Data": b"d", "PartitionKey": str(one)} for one in range(number)]
    client.put_records(StreamName=stream, Records=records)


# What is done, and what the sentence says.
CASES: dict[str, tuple[Callable[[Place], object], str]] = {
    "endpoint down": (no_endpoint, "Kinesis does not answer. Run the set-up cell again"),
    "stream missing": (
        lambda p: put(p.plain, "no-such-stream", "UA", b"d"),
        "There is no such stream or shard. Run the cell that creates it",
    ),
    "shard missing": (
        lambda p: iterator(p, "shardId-000000000099"),
        "There is no such stream or shard",
    ),
    "stream still creating": (still_creating, "or is not active yet"),
    "stream there already": (
        lambda p: p.plain.create_stream(StreamName=p.stream, ShardCount=1),
        "The stream exists already",
    ),
    "expired iterator": (expired, "is older than 5 minutes. Ask for a new one, with"),
    "iterator of no kind": (
        lambda p: iterator(p, kind="EARLIEST"),
        "iterators are of the types TRIM_HORIZON",
    ),
    "iterator of nobody": (
        lambda p: p.plain.get_records(ShardIterator="AAAA"),
        "Kinesis could make nothing of a value",
    ),
    "closed shard, split": (split_what_is_closed, "or the shard is closed"),
    "closed shard, read on": (read_past_the_end, "go on with its children"),
    "empty key": (
        lambda p: put(p.plain, p.stream, "", b"d"),
        "Every record needs a partition key of 1 to 256 characters",
    ),
    "no key": (
        lambda p: p.plain.put_records(StreamName=p.stream, Records=[{"Data": b"d"}]),
        "Every record needs a PartitionKey",
    ),
    "no bytes": (
        lambda p: put(p.plain, p.stream, "UA", 5),
        "Data are bytes: turn the value into some",
    ),
    "record too large": (
        lambda p: put(p.governed, p.stream, "UA", b"x" * MEBIBYTE),
        "at most 1,048,576 bytes with its partition key, and one has 1,048,578",
    ),
    "501 records": (
        lambda p: put_many(p.governed, p.stream, 501),
        "at most 500 records, and this one has 501",
    ),
    "no records": (
        lambda p: put_many(p.governed, p.stream, 0),
        "A call takes 1 to 500 records",
    ),
    "no shard": (
        lambda p: p.plain.create_stream(StreamName="any", ShardCount=0),
        "A stream has at least one shard",
    ),
    "retention too short": (
        lambda p: p.plain.decrease_stream_retention_period(
            StreamName=p.stream, RetentionPeriodHours=12
        ),
        "must be between 24 and 8760",
    ),
    "quotas of a number": (
        lambda p: p.lesson.apply_quotas(5),
        "apply_quotas takes a client of Kinesis, such as boto3.client",
    ),
    "quotas of another client": (
        lambda p: p.lesson.apply_quotas(boto3.client("sqs")),
        "apply_quotas takes a client of Kinesis",
    ),
    "quotas of nothing": (
        lambda p: p.lesson.apply_quotas(p.plain, writes=0),
        "a part of AWS's rates, above 0.001 up to 1, not 0",
    ),
    "quotas in words": (
        lambda p: p.lesson.apply_quotas(p.plain, writes="a tenth"),  # type: ignore[arg-type]
        "not 'a tenth'",
    ),
    "view of no stream": (lambda _: view.shards(None), "in quotes, such as"),  # type: ignore[arg-type]
    "view, too long": (lambda _: view.shards("x" * 129), "and 128 are allowed"),
}


@pytest.fixture(scope="module")
def place(cluster: EmbeddedCluster) -> Iterator[Place]:
    """Give a lesson with a stream whose shard 0 is closed."""
    with students.entered(cluster) as lesson:
        once = Config(retries={"total_max_attempts": 1})
        plain = boto3.client("kinesis", config=once)
        governed = boto3.client("kinesis", config=once)
        lesson.apply_quotas(governed)
        stream = lesson.stream("wrong")
        plain.create_stream(StreamName=stream, ShardCount=1)
        active(plain, stream)
        plain.split_shard(
            StreamName=stream, ShardToSplit=FIRST, NewStartingHashKey=str(2**127)
        )
        active(plain, stream)
        yield Place(lesson, plain, governed, stream)
        plain.close()
        governed.close()


def active(client: KinesisClient, stream: str) -> None:
    def is_active() -> bool:
        told = client.describe_stream_summary(StreamName=stream)
        return bool(told["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE")

    wait_for(is_active, WITHIN, f"{stream} to be active")


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_and_no_change(place: Place, case: str) -> None:
    act, answer = CASES[case]
    before = state(place)
    with pytest.raises(Exception) as error:  # noqa: PT011 - of many kinds, by their text
        act(place)
    said = sentence(error.value)
    assert answer in said
    assert "\n" not in said
    assert state(place) == before


def state(place: Place) -> tuple[object, ...]:
    """Return what no mistake may change."""
    counts = []
    for shard in list_shards(place.plain, place.stream):
        told = place.plain.get_records(ShardIterator=iterator(place, shard.id))
        counts.append((shard, len(told["Records"])))
    return place.plain.list_streams()["StreamNames"], counts


def test_quotas_say_whose_they_are(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    client = boto3.client("kinesis")
    place.lesson.apply_quotas(client, writes=0.1)
    said = capsys.readouterr().out
    client.close()
    assert "Applied by this course, inside your client" in said
    assert "100 records and 0.1 MB a second into each shard" in said
    far = boto3.client("kinesis", endpoint_url="https://kinesis.us-east-1.amazonaws.com")
    place.lesson.apply_quotas(far)
    far.close()
    assert "speaks to AWS, which applies its own quotas" in capsys.readouterr().out


def streams_of_a_run(place: Place, monkeypatch: pytest.MonkeyPatch, at: str) -> Lesson:
    """Give a lesson with a stream that is there and one that is still being made."""
    made = students.lesson_at(place.lesson.cluster)
    place.plain.create_stream(StreamName=made.stream("there"), ShardCount=1)
    active(place.plain, made.stream("there"))
    place.plain.create_stream(StreamName=made.stream("creating"), ShardCount=1)
    monkeypatch.setenv("AWS_ENDPOINT_URL_KINESIS", at)
    return made


def names_of(place: Place, made: Lesson) -> list[str]:
    names = place.plain.list_streams()["StreamNames"]
    return [one for one in names if one.endswith(made.suffix)]


def test_a_deletion_that_aws_puts_off_is_asked_for_again(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = ["LimitExceededException", "ResourceInUseException", "LimitExceededException"]
    with refusing(place.plain.meta.endpoint_url, codes) as at:
        made = streams_of_a_run(place, monkeypatch, at)
        made.clean_up()
    assert codes == []
    assert "still there" not in capsys.readouterr().out
    wait_for(lambda: not names_of(place, made), WITHIN, "the end of its streams")


def test_a_stream_that_may_not_be_deleted_is_named_and_the_others_go(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = ["AccessDeniedException"]
    with refusing(place.plain.meta.endpoint_url, codes) as at:
        made = streams_of_a_run(place, monkeypatch, at)
        left = made.stream("creating")
        made.clean_up()
        wait_for(lambda: names_of(place, made) == [left], WITHIN, "the end of the other")
        said = capsys.readouterr().out
        assert f"These streams are still there: {left} (An error occurred (Acc" in said
        assert "On AWS each costs money until it is deleted. Run this cell again." in said
        made.clean_up()
        assert "still there" not in capsys.readouterr().out
    wait_for(lambda: not names_of(place, made), WITHIN, "the end of the last one")
