"""The README and its kin name what is there; the index agrees with the lessons."""

import re
import tomllib
from pathlib import Path

import pytest

from helpers.course.minutes import WAITS, minutes
from helpers.course.notebooks import read_lesson
from helpers.course.project import LESSONS
from helpers.course.syllabus import (
    README,
    Entry,
    entries,
    entry,
    following,
    table,
    with_table,
)
from helpers.settings import MODES, PROJECT_ROOT

BENCHMARKS = PROJECT_ROOT / "docs" / "benchmarks.md"
PAGES = [
    *(PROJECT_ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    BENCHMARKS,
]
THERE = [one for one in entries() if one.is_there]
_LINK = re.compile(r"\]\(([^)]+)\)")
_CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)


def words(page: Path) -> str:
    return page.read_text("utf-8")


def targets() -> set[str]:
    makefile = (PROJECT_ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    code = "\n".join(_CODE.findall(words(page)))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code)) - targets() == set()


def test_every_target_with_a_description_is_in_the_readme() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text("utf-8")
    described = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    missing = {name for name in described if f"make {name}" not in words(README)}
    assert missing <= {"help", "lock"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = _LINK.findall(_CODE.sub("", words(page)))
    # A page of the repository's own on GitHub, whatever it is called there.
    elsewhere = ("https://", "../../actions/")
    relative = [link for link in links if not link.startswith(elsewhere)]
    broken = [one for one in relative if not (page.parent / one.split("#")[0]).exists()]
    assert broken == []


def test_every_path_that_a_page_names_exists() -> None:
    for page in PAGES:
        for name in re.findall(
            r"`((?:helpers|lessons|Images|data)/[\w./]+)`", words(page)
        ):
            if "N" not in Path(name).name:
                assert (PROJECT_ROOT / name).exists(), (page.name, name)


def test_the_readmes_table_is_that_of_the_index() -> None:
    assert with_table(words(README)) == words(README), (
        "run python -m helpers.course.syllabus"
    )
    for one in entries():
        assert f"| {one.number:02} | " in table()
        assert ("not there yet" in _row(one)) is not one.is_there


def _row(one: Entry) -> str:
    return next(
        row for row in table().splitlines() if row.startswith(f"| {one.number:02} |")
    )


def test_the_costs_are_of_as_many_shards_as_lesson_13_makes() -> None:
    code = entry(13).file.read_text("utf-8")
    made = [
        int(shards) for shards in re.findall(r'= create\("[\w.]+", (\d+)\)$', code, re.M)
    ]
    splits = len(re.findall(r"^ *split\(", code, re.M))
    shards = sum(made) + splits
    # $0.015 an hour, in whole cents upwards.
    hour, day = -(-shards * 3 // 2), shards * 36
    assert f"| 13 | {len(made)} | {shards} | ${hour / 100:.2f}, " in words(README)
    assert f"shards of lesson 13 are ${day / 100:.2f} a day" in words(README)


@pytest.mark.parametrize("page", [README, BENCHMARKS], ids=lambda page: page.name)
def test_the_bench_has_its_places(page: Path) -> None:
    assert re.search(r"<!-- bench -->\n.*<!-- /bench -->", words(page), re.DOTALL)


def test_the_index_counts_from_nought_and_names_known_things() -> None:
    assert [one.number for one in entries()] == list(range(17))
    for one in entries():
        assert one.stem.startswith(f"{one.number:02}_")
        assert set(one.needs) <= {"kafka", "kinesis"}
        assert one.core > 0
        assert "embedded" in one.modes
    with pytest.raises(LookupError, match="no lesson 17"):
        entry(17)


def test_every_lesson_of_the_folder_is_in_the_index() -> None:
    stems = sorted(path.stem for path in LESSONS.glob("[0-9]*.py"))
    assert stems == [one.stem for one in THERE]


@pytest.mark.parametrize("one", THERE, ids=lambda one: one.stem)
def test_a_lesson_begins_and_ends_with_what_the_index_says(one: Entry) -> None:
    first, *_, last = (cell.source for cell in read_lesson(one.file).cells)
    assert first.startswith(f"# {one.title}\n\n{one.time}\n\n")
    after = following(one.number)
    assert last == (f"**Next**: [{after.title}]({after.stem}.ipynb)" if after else last)
    assert ("**Next**" in last) is (one != THERE[-1])


def test_the_way_on_leads_past_what_is_not_there() -> None:
    nexts = [following(one.number) for one in entries()]
    assert nexts[11] == entry(13)  # 12 is not there yet
    assert all(one is None or one.is_there for one in nexts)
    assert nexts[THERE[-1].number] is None


@pytest.mark.parametrize("one", THERE, ids=lambda one: one.stem)
def test_the_minutes_of_the_index_are_those_of_the_formula(one: Entry) -> None:
    for stated, computed in zip((one.core, one.deeper), minutes(one), strict=True):
        assert stated == pytest.approx(computed, rel=0.15, abs=0.5), (
            "see python -m helpers.course.minutes"
        )


def test_every_lesson_that_is_there_was_waited_for() -> None:
    waits = tomllib.loads(WAITS.read_text("utf-8"))
    assert list(waits) == [one.stem for one in THERE], "run python -m bench.waits"


def test_no_variable_is_named_that_nothing_reads() -> None:
    sources = [*(PROJECT_ROOT / "helpers").rglob("*.py"), PROJECT_ROOT / "Makefile"]
    sources += PROJECT_ROOT.glob("docker-compose.yml")
    code = "\n".join(path.read_text("utf-8") for path in sources)
    for name in set(re.findall(r"WORKBOOK_[A-Z_]+", words(README))):
        assert name in code, name
    for mode in MODES:
        assert f"`{mode}`" in words(README)
