"""Lesson 04: topics created, grown and configured as asked."""

from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.records import read_all
from helpers.kafka.topics import TopicFacts, admin_client, describe, topic_names

CANCELLED = "nyc.flight.cancelled"
WEATHER = "nyc.weather.observed"
AIRCRAFT = "nyc.aircraft.moved"
DEPARTED = "nyc.flight.departed"
WEATHER_RECORD = b'{"hour": 17, "wind": 38}'
CANCELLED_PARTITIONS = 6
REPLICAS = 3
FIRST_PARTITIONS = 2
GROWN_PARTITIONS = 4
LARGE = "2000000"
_DELETE = "Delete it, `admin.delete_topics([name])`, and create it again."
AIRCRAFT_SETTINGS = {
    "cleanup.policy": "compact",
    "compression.type": "lz4",
    "delete.retention.ms": "100",
    "file.delete.delay.ms": "100",
}


def cancelled_topic(lesson: Lesson) -> Verdict:
    """Judge exercise 4.1: six partitions, three replicas, the right name."""
    name = lesson.topic(CANCELLED)
    facts = describe(admin_client(lesson.connection), name)
    if facts is None:
        return not_yet(_no_such_topic(lesson, name))
    if facts.partitions != CANCELLED_PARTITIONS:
        return not_yet(_wrong_number(facts))
    if facts.replication_factor != REPLICAS:
        return not_yet(
            f"Each partition of `{name}` is on {facts.replication_factor} of your three "
            "brokers. Partitions split a topic, replicas copy it: if that broker dies, "
            f"its records are gone. {_DELETE}"
        )
    return passed(f"`{name}` has 6 partitions with 3 replicas each.")


def _wrong_number(facts: TopicFacts) -> str:
    said = f"`{facts.name}` has {facts.partitions} partitions, and 6 are asked for. "
    if facts.partitions == REPLICAS and facts.replication_factor != REPLICAS:
        return said + (
            "In `NewTopic` the second argument is the partitions, the third the replicas."
        )
    if facts.partitions > CANCELLED_PARTITIONS:
        return said + f"It can grow, but not shrink. {_DELETE}"
    return said + _DELETE


def _no_such_topic(lesson: Lesson, name: str) -> str:
    present = topic_names(admin_client(lesson.connection))
    mine = [
        one for one in present if one.endswith(lesson.suffix) and "cancel" in one.lower()
    ]
    if CANCELLED in present:
        return (
            f"There is `{CANCELLED}`, without the ending of this run. Remove it with "
            f'`admin.delete_topics(["{CANCELLED}"])`, and take the name from '
            f'`lesson.topic("{CANCELLED}")`.'
        )
    if mine:
        them = " and ".join(f"`{one}`" for one in sorted(mine))
        return f"There is {them}, but not `{name}`. Compare the names, part by part."
    return (
        f"There is no topic `{name}`. Have you created it? `create_topics` only asks for "
        "it: does `result()` of the future raise something?"
    )


def grown_weather(lesson: Lesson) -> Verdict:
    """Judge exercise 4.2: four partitions, and the record still there."""
    name = lesson.topic(WEATHER)
    facts = describe(admin_client(lesson.connection), name)
    if facts is None:
        return not_yet(
            f"`{name}` is gone. Growing needs no deletion, and deletion takes the "
            "records with it. Create it anew with 2 partitions, send the record, and let "
            "it grow."
        )
    records = read_all(lesson.connection, name)
    places = [one.partition for one in records if one.value == WEATHER_RECORD]
    if not places:
        return not_yet(
            f"`{name}` has {facts.partitions} partitions and {len(records)} records; the "
            "one of 17 hours is not among them. Did you delete the topic and create it "
            "anew, or not send the record? Create it with 2 partitions, send the record, "
            "and then let it grow."
        )
    # The key "JFK" goes to partition 1 of 2, and to partition 3 of 4.
    if min(places) >= FIRST_PARTITIONS:
        return not_yet(
            f"The record lies in partition {min(places)} of `{name}`, which did not "
            "exist when you first sent it. So the topic is new; the old record is gone. "
            "Create it with 2 partitions, send the record, and then let it grow."
        )
    if facts.partitions != GROWN_PARTITIONS:
        return not_yet(_wrong_growth(facts))
    return passed(f"`{name}` has 4 partitions, and its record is still there.")


def _wrong_growth(facts: TopicFacts) -> str:
    if facts.partitions > GROWN_PARTITIONS:
        return (
            f"`{facts.name}` has {facts.partitions} partitions, more than 4. You give "
            "the number it shall have, not how many to add. It cannot shrink: delete it, "
            "create it with 2 partitions, send the record, and then let it grow."
        )
    if facts.partitions > FIRST_PARTITIONS:
        return (
            f"`{facts.name}` has {facts.partitions} partitions, and 4 are asked for. You "
            "give the number it shall have, not how many to add."
        )
    return (
        f"`{facts.name}` still has {facts.partitions} partitions. Did you let it grow, "
        "and did the tool, or `result()` of the future, say why it would not?"
    )


def larger_messages(lesson: Lesson) -> Verdict:
    """Judge exercise 4.3: one setting changed, all others kept."""
    name = lesson.topic(AIRCRAFT)
    facts = describe(admin_client(lesson.connection), name)
    if facts is None:
        return not_yet(f"There is no topic `{name}`. Run the cell that creates it.")
    lost = sorted(
        key for key, value in AIRCRAFT_SETTINGS.items() if facts.config.get(key) != value
    )
    if len(lost) == 1 and lost[0] in facts.config:
        return not_yet(
            f"`{lost[0]}` of `{name}` is {facts.config[lost[0]]} now, and was "
            f"{AIRCRAFT_SETTINGS[lost[0]]}: set it back. Only `max.message.bytes` is to "
            "change."
        )
    if lost:
        return not_yet(
            f"`{name}` no longer has its own {', '.join(lost)}. `alter_configs` replaces "
            "all settings by those you give; `incremental_alter_configs` changes one. "
            "Set them again, each with its old value."
        )
    size = facts.config.get("max.message.bytes")
    if size != LARGE:
        return not_yet(
            f"`max.message.bytes` of `{name}` is {size or 'not set on the topic'}, and "
            f"2000000 is asked for.{_set_elsewhere(lesson)}"
        )
    return passed(f"`{name}` takes records of 2,000,000 bytes and kept its settings.")


def _set_elsewhere(lesson: Lesson) -> str:
    departed = describe(admin_client(lesson.connection), lesson.topic(DEPARTED))
    if departed and departed.config.get("max.message.bytes") == LARGE:
        return f" You have set it on `{departed.name}`."
    return ""


EXERCISES = (
    Exercise(
        "4.1",
        cancelled_topic,
        (
            "You created `departed` with the same three decisions. What differs here?",
            'The name is `lesson.topic("nyc.flight.cancelled")`. The rest is in '
            "`NewTopic(name, 6, 3)`. Do not forget `.result()`.",
        ),
    ),
    Exercise(
        "4.2",
        grown_weather,
        (
            "On the command line it is `kafka-topics --alter`, with `--partitions` and "
            "the number that there shall be.",
            "`!kafka-topics --bootstrap-server {servers} --alter --topic {weather} "
            "--partitions 4`; in Python `admin.create_partitions([NewPartitions(weather, "
            "4)])[weather].result()`, with `NewPartitions` from `confluent_kafka.admin`.",
        ),
    ),
    Exercise(
        "4.3",
        larger_messages,
        (
            "You saw a command that changes one setting of `departed`: `--add-config`.",
            "`!kafka-configs --bootstrap-server {servers} --alter "
            "--entity-type topics --entity-name {aircraft} --add-config "
            "max.message.bytes=2000000`",
        ),
    ),
)
