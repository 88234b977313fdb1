"""The table of emulators: whole, of the versions that run, and in its lesson."""

import json
from pathlib import Path

import pytest

from helpers.course.emulators import (
    Case,
    cases,
    emulators,
    has_table,
    main,
    table,
    with_table,
)
from helpers.course.project import LESSONS
from helpers.course.syllabus import entry
from helpers.servers.runtime.kinesis_package import KINESIS_VERSION
from helpers.settings import PROJECT_ROOT
from tests.kinesis_probes import PROBES
from tests.localstack import build

AGREED = Case("a", "this", "works", "API/PutRecord", "works", "works")
LESSON = "# before\n# <!-- emulators -->\n# old\n# <!-- /emulators -->\n# after\n"


def test_every_case_has_a_probe_and_every_probe_a_case() -> None:
    assert [one.name for one in cases()] == list(dict.fromkeys(c.name for c in cases()))
    assert {one.name for one in cases()} == set(PROBES)


def test_the_versions_are_those_that_run() -> None:
    lock = PROJECT_ROOT / "tests" / "localstack" / "kinesis" / "package.json"
    within = json.loads(lock.read_text("utf-8"))["dependencies"]["kinesis-local"]
    assert emulators() == {
        "embedded": f"kinesis-local {KINESIS_VERSION}",
        "localstack": f"{build.VERSION} with kinesis-local {within}",
    }


@pytest.mark.parametrize(
    ("aws", "answer", "differs"),
    [
        ("works", "works", False),
        ("works", "AccessDeniedException", True),
        ("refused", "InvalidArgumentException", False),
        ("refused", "works", True),
        # A server that breaks has not refused.
        ("refused", "HTTP 500", True),
        ("ValidationException", "InvalidArgumentException", True),
    ],
)
def test_an_answer_agrees_with_aws_or_not(aws: str, answer: str, differs: bool) -> None:
    one = Case("a", "this", aws, "API/PutRecord", answer, answer)
    assert one.differs is differs


def test_what_differs_has_a_row_and_what_agrees_is_named() -> None:
    rows, _, alike = table().partition("<details>")
    for one in cases():
        assert one.tried in (rows if one.differs else alike)
    assert 0 < sum(one.differs for one in cases()) < len(cases())


def test_sources_are_addresses() -> None:
    assert AGREED.page.endswith("/APIReference/API_PutRecord.html")
    assert all(one.page.startswith("https://") for one in cases())


def test_the_table_is_written_between_the_marks_once() -> None:
    written = with_table(LESSON)
    assert written.startswith("# before\n# <!-- emulators -->\n# | | AWS | embedded |")
    assert written.endswith("</details>\n# <!-- /emulators -->\n# after\n")
    assert "# old" not in written
    assert with_table(written) == written


def test_a_lesson_without_marks_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = tmp_path / "14.py"
    assert main(lesson) == 1
    lesson.write_text("# <!-- /emulators -->\n# <!-- emulators -->\n", "utf-8")
    before = lesson.read_bytes()
    assert main(lesson) == 1
    assert "has no lines # <!-- emulators -->" in capsys.readouterr().err
    assert lesson.read_bytes() == before
    lesson.write_text(LESSON, "utf-8")
    assert main(lesson) == 0
    assert lesson.read_text("utf-8") == with_table(LESSON)


def test_lesson_14_has_the_table_of_today() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in LESSONS.glob("[0-9]*.py")}
    marked = [stem for stem, text in texts.items() if has_table(text)]
    assert marked == ([entry(14).stem] if entry(14).is_there else [])
    for stem in marked:
        assert with_table(texts[stem]) == texts[stem], (
            "run python -m helpers.course.emulators"
        )
