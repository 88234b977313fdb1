"""What the engines' folders say, and the answer that all of them shall give."""

import re

import pandas as pd
import pytest
from msgspec.structs import replace

from helpers import cli, flights
from helpers.engines import answers, catalog, figures, reports, table
from helpers.engines.catalog import Engine
from helpers.servers.runtime.locks import read_lock
from helpers.settings import PROJECT_ROOT

ENGINES = catalog.engines()


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.name)
def test_a_folder_is_whole(engine: Engine) -> None:
    assert all((engine.folder / name).is_file() for name in engine.job)
    assert bool(engine.command) is not bool(engine.absent)
    for name, lock in (
        ("jars.in", engine.jars_lock),
        ("requirements.in", engine.requirements_lock),
    ):
        assert (engine.folder / name).exists() is lock.exists(), "run make lock"
    assert 0 < engine.lines < 200


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.name)
def test_the_locks_carry_hashes_and_no_address(engine: Engine) -> None:
    for file in engine.folder.glob("*.lock"):
        assert "://" not in file.read_text("utf-8")
    if engine.jars_lock.exists():
        assert all(
            re.fullmatch("[0-9a-f]{64}", one.sha256)
            for one in read_lock(engine.jars_lock)
        )
    if engine.requirements_lock.exists():
        text = engine.requirements_lock.read_text("utf-8")
        assert text.count("==") <= text.count("--hash=sha256:")


def test_the_page_is_that_of_the_figures() -> None:
    page = (PROJECT_ROOT / "docs" / "engines.md").read_text("utf-8")
    assert table.markdown() in page, "run make engines-table"


def test_the_figures_are_of_engines_that_there_are() -> None:
    assert set(figures.recorded()) <= set(catalog.names())


def test_the_answer_is_lesson_01s_batch() -> None:
    month = pd.read_csv(flights.DATA / "flights-2013-02.csv.gz")
    week = month[month.day.between(4, 10)]
    rows = week.groupby(["origin", "day", "hour"]).dep_delay.agg(
        ["count", "size", "mean"]
    )
    found = answers.batch(reports.week())
    assert len(found) == len(rows)
    for (airport, day, hour), row in rows.iterrows():
        one = found[airport, f"2013-02-{day:02d} {hour:02d}:00"]
        assert (one.departures, one.cancelled) == (
            row["count"],
            row["size"] - row["count"],
        )
        assert one.mean_delay == (pytest.approx(row["mean"]) if row["count"] else None)


def test_reports_come_late_and_are_superseded() -> None:
    week = reports.week()
    known = {one.id: one for one in week}
    assert len(week) == 6242
    assert len(known) == 6104
    late = [one.happened - one.planned for one in week if not one.cancelled]
    assert max(late).total_seconds() > 12 * 3600
    planned = (one for one in flights.all_flights() if one.day in reports.WEEK)
    assert known == {one.id: one for one in planned}, "the last report is the fact"


def test_a_difference_is_told_in_words() -> None:
    week = reports.week()
    wanted = answers.batch(week)
    assert answers.difference(wanted, wanted) == "right, nothing is counted twice"
    twice = answers.batch([*week, week[-1]])
    assert answers.difference(wanted, twice) == (
        "1 reports are counted twice, delays are right"
    )
    less = answers.batch(week[:-2])
    assert "2 reports are missing" in answers.difference(wanted, less)
    place = next(iter(wanted))
    wrong = {**wanted, place: replace(wanted[place], departures=99)}
    assert "1 of 370 hours are wrong" in answers.difference(wanted, wrong)


def test_what_was_answered_last_counts() -> None:
    hour = {"airport": "JFK", "hour": "2013-02-08 07:00", "mean_delay": None}
    rest = {"departures": 0, "cancelled": 1}
    values = [
        answers.msgspec.json.encode({**hour, **rest, "reports": number})
        for number in (1, 2)
    ]
    (one,) = answers.read([values[0], None, values[1]]).values()
    assert one.reports == 2


def test_the_command_lists_every_engine_and_asks_for_a_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["engine", "list"])
    said = capsys.readouterr().out
    assert all(one.title in said for one in ENGINES)
    with pytest.raises(SystemExit, match="Which engine"):
        cli.main(["engine", "install"])
    with pytest.raises(SystemExit, match="cannot be installed: only as a container"):
        cli.main(["engine", "install", "ksqldb"])
