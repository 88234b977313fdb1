"""The lag board in a lesson: scripts of its own, and consumers that stay for a re-run."""

import json
from collections.abc import Iterator

import pytest

from helpers.course import view
from helpers.course.lesson import Lesson
from helpers.kafka import members
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.waiting import wait_for
from tests.course import students

SOON = 60
SCRIPT = """
import json, os, sys, time
given = json.loads(os.environ["CONNECTION"])
print(json.dumps([sys.argv[1:], given["client.id"], given["group.protocol"]]))
time.sleep(600)
"""


@pytest.fixture
def lesson(cluster: EmbeddedCluster) -> Iterator[Lesson]:
    """Give a lesson that ends with its clean-up, and leaves no process."""
    with students.entered(cluster) as lesson:
        yield lesson
    assert members.running() == []


def test_consumers_stay_when_the_boards_cell_runs_again(lesson: Lesson) -> None:
    topic, group = lesson.topic("topic"), lesson.group("group")
    students.create(lesson, topic, 2, 3)
    first = view.lag(group, topic)
    name = first.add()
    again = view.lag(group, topic)
    assert first.stopped
    wait_for(lambda: again.snapshot.consumers, SOON, "its consumer")
    assert [one.name for one in again.snapshot.consumers] == [name]
    again.throttle(name, 20)
    other = view.lag(lesson.group("other"), topic)
    assert other.add() == name
    paces = sorted(file.read_text() for file in lesson.folder.glob(f"{name}-*.pace"))
    assert paces == ["0", "20"], "each group's consumer has a pace of its own"
    other.remove(name)
    other.stop()
    assert again.add() == "consumer-B"
    owners = {"consumer-A", "consumer-B"}
    wait_for(
        lambda: {one.owner for one in again.snapshot.rows} == owners, SOON, "both at work"
    )
    peak = again.replay_peak(1)
    assert peak.wait(SOON) == 0
    wait_for(lambda: sum(r.end or 0 for r in again.snapshot.rows) == 308, SOON, "all")
    lesson.clean_up()
    assert again.stopped


def test_a_lessons_own_script_gets_what_it_needs(lesson: Lesson) -> None:
    topic, group = lesson.topic("topic"), lesson.group("group")
    (lesson.folder / "mine.py").write_text(SCRIPT)
    board = view.lag(group, topic, "mine.py", {"group.protocol": "consumer"})
    name = board.add()
    board.throttle(name, 2.5)
    (member,) = members.running()
    said = wait_for(member.output, SOON, "what it got")
    arguments, client_id, protocol = json.loads(said)
    assert (client_id, protocol) == (name, "consumer")
    assert arguments[:2] == [topic, group]
    with open(arguments[2]) as pace:
        assert pace.read() == "2.5"
