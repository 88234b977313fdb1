"""What runs the parts of the tests: side by side, and what it says of each."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.waiting import wait_for
from tests import parts
from tests.parts import Part, Result

CASE = '<testcase classname="a" name="b" time="1.5">{}</testcase>'
SLOW = """
import sys
from pathlib import Path
from tests import parts

work = [sys.executable, "-c", "import time; print('at work', flush=True); time.sleep(99)"]
slow = parts.Part("slow", lambda part, log: parts._run(work, log), servers=False)
parts.PARTS, parts.ARTEFACTS = {"slow": slow}, Path(sys.argv.pop())
parts.begin()
"""
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
    results: dict[str, Result] = {}
    parts._all([Part("some", told("some"))], results)
    assert results["some"].verdict == verdict


def test_one_part_that_fails_fails_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Part("good", told("good"), servers=False)
    bad = Part("bad", told("bad", good=False), servers=False)
    monkeypatch.setattr(parts, "PARTS", parts._by_name(good, bad))
    assert parts.main(["good"]) == 0
    assert parts.main([]) == 1
    table = capsys.readouterr().out.partition("Minutes of each part")[2]
    assert re.search(r"good +\d\.\d  passed", table)
    assert re.search(r"bad +\d\.\d  FAILED", table)


def test_without_what_servers_need_none_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PARTS", parts._by_name(Part("some", told("some"))))
    monkeypatch.setattr(parts, "_fill_cache", lambda: False)
    assert parts.main([]) == 1


def test_a_part_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert parts.main(["unit", "nonsense"]) == 2
    assert "No such part: nonsense; there are browser, " in capsys.readouterr().out


@pytest.mark.parametrize("ended", [os.kill, os.killpg], ids=["it alone", "its group"])
def test_what_is_asked_to_end_ends_its_parts_and_tells(
    artefacts: Path, ended: "parts.Callable[[int, int], None]"
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW, artefacts],
        cwd=parts.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = artefacts / "slow.log"
    wait_for(lambda: log.exists() and "at work" in log.read_text(), 30, "the part")
    ended(run.pid, signal.SIGTERM)
    told = run.communicate(timeout=60)[0]
    assert re.search(r"slow +\d\.\d  FAILED", told)
    assert run.returncode == 130


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
    results: dict[str, Result] = {}
    parts._all(four, results)
    assert results.keys() == {"a", "large", "b", "c"}
    assert most == [0, 4], "the one that is larger than all workers ran alone"


def told(name: str, good: bool = True) -> "parts.Callable[[Part, Path], bool]":
    def run(_: Part, log: Path) -> bool:
        log.write_text(f"of {name}")
        return good

    return run
