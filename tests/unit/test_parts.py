"""What runs the parts of the tests: side by side, and what it says of each."""

import threading
from pathlib import Path

import pytest

from tests import parts
from tests.parts import Part

CASE = '<testcase classname="a" name="b" time="1.5">{}</testcase>'
SKIPPED = '<skipped message="no engine"/>'


@pytest.fixture(autouse=True)
def artefacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(parts, "ARTEFACTS", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("cases", "verdict"),
    [
        ([SKIPPED, SKIPPED], "skipped: no engine"),
        ([SKIPPED, ""], "passed"),
        ([""], "passed"),
        ([], "passed"),
    ],
)
def test_only_a_part_whose_tests_were_all_skipped_is_skipped(
    artefacts: Path, cases: list[str], verdict: str
) -> None:
    report = "".join(map(CASE.format, cases))
    (artefacts / "some.xml").write_text(f"<testsuites>{report}</testsuites>")
    (result,) = parts._all([Part("some", told("some"))]).values()
    assert result.verdict == verdict


def test_a_part_that_fails_is_failed() -> None:
    (result,) = parts._all([Part("some", told("some", good=False))]).values()
    assert result.verdict == "FAILED"


def test_parts_run_side_by_side_and_never_more_than_there_are_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "WORKERS", 3)
    together, most, lock = threading.Barrier(2), [0, 0], threading.Lock()

    def run(part: Part, log: Path) -> bool:
        with lock:
            most[0] += part.workers
            most[1] = max(most)
        if part.name in "ab":
            # Would wait for ever if the two took turns.
            together.wait(30)
        with lock:
            most[0] -= part.workers
        return told(part.name)(part, log)

    four = [Part("a", run, 2), Part("large", run, 4), Part("b", run), Part("c", run, 2)]
    assert parts._all(four).keys() == {"a", "large", "b", "c"}
    assert most == [0, 4], "the one that is larger than all workers ran alone"


def told(name: str, good: bool = True) -> "parts.Callable[[Part, Path], bool]":
    def run(_: Part, log: Path) -> bool:
        log.write_text(f"of {name}")
        return good

    return run
