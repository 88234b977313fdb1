"""Every lesson from its first cell to its last in a real Lab, some ten minutes in all.

Each run of the tests runs the same cells attached and without a browser.
"""

import pytest
from playwright.sync_api import expect

from helpers.course.syllabus import entries
from tests.browser.conftest import Opener

LESSONS = [one.stem for one in entries() if one.is_there]
# Far more than a lesson takes, so that a busy machine does not fail it.
TO_THE_END_MS = 300_000
SAID = {
    "03_cluster": ("decides after",),
    "04_topics": (
        "zookeeper is not a recognized option",
        "To alter topic configurations, the kafka-configs tool can be used",
    ),
    "06_consumers": (
        "Assignments can only be reset if the group",
        "Processed a total of 0 messages",
        "commit_first.py: never told",
        "mine.py has no code yet",
    ),
    "14_scaling_kinesis": ("600 sent, 0 lost",),
}
"""Of some lessons, what their output says besides."""
RED = {"00_welcome": "FAIL|rdkafka"}
"""Of some lessons, what stands in red on purpose."""


@pytest.mark.soak
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_from_top_to_bottom(open_page: Opener, lesson: str) -> None:
    page = open_page(lesson, 1280, 800)
    page.run_all()
    # Lab may still be making cells when their run begins. The last one's word tells.
    last = page.outputs.filter(has_text="Removed the topics")
    expect(last.first).to_be_attached(timeout=TO_THE_END_MS)
    for said in SAID.get(lesson, ()):
        found = page.outputs.filter(has_text=said)
        expect(found.first).to_be_attached(timeout=TO_THE_END_MS)
    assert [one for one in page.errors() if RED.get(lesson, "\0") not in one] == []
    page.screenshot(f"{lesson}-end")
