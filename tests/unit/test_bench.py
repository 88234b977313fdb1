"""The table of the bench: verdicts, units, and its places."""

import json
from pathlib import Path

import pytest

from bench import __main__ as runner
from bench.figure import Figure, Goal
from bench.place import alternately
from bench.table import BEGIN, END, markdown, put_between_marks

GOOD = Figure("ready time", 0.4123, "", Goal("≤", 0.5), "2 s of 5 s", headline=True)
BAD = Figure("memory", 312.4, "MB", Goal("≤", 300), "one broker")
FREE = Figure("install", 61.2, "s", None, "depends on the network")


def test_a_missed_goal_is_told() -> None:
    table = markdown([GOOD, BAD, FREE], "Measured here.")
    assert "| ready time | 0.412 | ≤ 0.5 | reached | 2 s of 5 s |" in table
    assert "| memory | 312 MB | ≤ 300 MB | MISSED | one broker |" in table
    assert "| install | 61.2 s | – | – | depends on the network |" in table
    assert table.endswith("|\n\nMeasured here.\n")


@pytest.mark.parametrize(
    ("side", "value", "met"), [("≤", 5, True), ("≤", 5.1, False), ("≥", 4.9, False)]
)
def test_a_goal_has_a_side(side: str, value: float, met: bool) -> None:
    assert Goal(side, 5).met_by(value) is met  # type: ignore[arg-type]


def test_only_what_is_between_the_marks_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n")
    for _ in range(2):
        put_between_marks(file, "new\n")
        assert file.read_text() == f"Before.\n{BEGIN}\nnew\n{END}\nAfter.\n"


@pytest.mark.parametrize(
    "text",
    ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"],
)
def test_a_file_without_its_marks_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "README.md"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"README\.md needs one"):
        put_between_marks(file, "new\n")
    assert file.read_text() == text


def test_two_ways_are_measured_by_turns() -> None:
    order: list[str] = []

    def first() -> float:
        order.append("first")
        return 1.0

    def second() -> float:
        order.append("second")
        return 2.0

    assert alternately(3, first, second) == (1.0, 2.0)
    assert order == ["second", "first", "first", "second", "second", "first"]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the runner write into a folder of the test's own."""
    for constant, name in (("README", "README.md"), ("PAGE", "benchmarks.md")):
        (tmp_path / name).write_text(f"{BEGIN}\n{END}\n")
        monkeypatch.setattr(runner, constant, tmp_path / name)
    monkeypatch.setattr(runner, "FIGURES", tmp_path / "state" / "bench.json")
    monkeypatch.setattr(runner, "MEASUREMENTS", {"one": lambda: [GOOD, BAD], "no": fail})
    return tmp_path


def fail() -> list[Figure]:
    raise RuntimeError("no server")


def test_a_missed_goal_is_no_failure_and_is_stored(places: Path) -> None:
    assert runner.main(["--only", "one"]) == 0
    stored = json.loads((places / "state" / "bench.json").read_text())
    assert [row["verdict"] for row in stored["figures"]] == ["reached", "MISSED"]
    assert "memory" not in (places / "benchmarks.md").read_text()


def test_some_measurements_alone_are_not_written(places: Path) -> None:
    with pytest.raises(SystemExit):
        runner.main(["--only", "one", "--write"])


def test_the_page_and_the_readmes_headlines_are_written_on_request(places: Path) -> None:
    del runner.MEASUREMENTS["no"]
    assert runner.main(["--write"]) == 0
    assert "| memory | 312 MB |" in (places / "benchmarks.md").read_text()
    readme = (places / "README.md").read_text()
    assert "| ready time | 0.412 |" in readme
    assert "memory" not in readme


def test_a_failed_measurement_leaves_the_pages_and_is_a_failure(
    places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.main(["--write"]) == 1
    printed = capsys.readouterr()
    assert "| memory | 312 MB |" in printed.out
    assert "Could not be measured: no." in printed.err
    for page in places.glob("*.md"):
        assert page.read_text() == f"{BEGIN}\n{END}\n"
