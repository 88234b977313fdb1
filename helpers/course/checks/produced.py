"""What the producers of lesson 05 have left in a topic."""

from helpers.course.lesson import Lesson
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names

MOST = 60_000
"""More records than two tries at the largest exercise leave."""

EMPTY_IT = "Run the cell that creates the topic once more, so that it is empty, and "
"""How the advice begins that asks for another try."""


def no_topic(topic: str) -> str:
    """Return what to do where a topic is missing."""
    return f"There is no topic `{topic}`. Run the cell that creates it, and send anew."


def found_in(lesson: Lesson, topic: str) -> list[Record] | None:
    """Return all records of a topic, or None if there is no such topic."""
    if topic not in topic_names(admin_client(lesson.connection)):
        return None
    return read_all(lesson.connection, topic, limit=MOST)
