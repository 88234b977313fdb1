"""A wait that shows how long it will take."""

import itertools
import re
import time

import pytest

from helpers import countdown
from helpers.waiting import WaitTimeout, patience


def test_a_countdown_returns_the_answer_and_says_how_long_it_took(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = iter([None, "", "done"])
    assert countdown(lambda: next(answers), 1, "the end") == "done"
    shown = capsys.readouterr().err
    assert "Waiting for the end: due in 1 s" in shown
    assert re.search(r"Waited 0\.\d s for the end", shown)


def test_what_is_late_says_when_it_is_given_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begin, latest = time.monotonic(), 0.5 * patience()
    asked = itertools.count()
    with pytest.raises(WaitTimeout, match=f"Waited {latest:g} s for nothing, in vain"):
        countdown(lambda: next(asked) < 0, 0.2, "nothing", timeout=0.5)
    assert time.monotonic() - begin >= latest
    assert next(asked) > 2
    assert (
        f"Waiting for nothing: due now, given up at {latest:g} s"
        in capsys.readouterr().err
    )
