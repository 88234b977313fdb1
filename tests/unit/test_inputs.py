"""The door of every helper: what it says, and what it leaves as it is."""

import inspect
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy
import pandas
import pytest

from helpers.course.exercises import UnknownExercise, find
from helpers.course.lesson import begin
from helpers.inputs import InputError, public, public_methods
from helpers.settings import Settings
from helpers.wording import plain


class Mute:
    def __repr__(self) -> str:
        raise RuntimeError


@public
def ask(
    *,
    text: str = "",
    whole: int = 0,
    number: float = 0,
    truth: bool = False,
    role: Literal["broker", "kinesis"] = "broker",
    texts: Sequence[str] = (),
    numbers: Mapping[str, float] | None = None,
    file: str | Path = "",
    act: Callable[[], object] = print,
    pair: tuple[float, str] = (0, ""),
    later: "NotImported" = None,  # type: ignore[name-defined]  # noqa: F821
) -> str:
    """Say what came.

    Args:
        text: of any kind.
        whole: how many, such as
            ``12``.
        truth: whether it is so.
    """
    return f"{text}{whole}{number}"


@public_methods
class Thing:
    def act(self, *names: str, **counts: int) -> int:
        return len(names) + len(counts)

    def _inner(self, number: int) -> object:
        return number


SAID: list[tuple[dict[str, object], str]] = [
    ({"text": 5}, 'text a text in quotes, such as "flights", not 5.'),
    ({"text": "\ud800"}, "text a text in quotes, such as \"flights\", not '\\ud800'."),
    ({"text": Mute()}, 'text a text in quotes, such as "flights", not a Mute.'),
    ({"whole": "1"}, "whole a whole number, such as 12, not '1'."),
    ({"whole": True}, "whole a whole number, such as 12, not True."),
    ({"whole": 1.5}, "whole a whole number, such as 12, not 1.5."),
    ({"number": True}, "number a number, such as 1.5, not True."),
    ({"number": float("nan")}, "number a number, such as 1.5, not nan."),
    ({"number": 10**5000}, "number a number, such as 1.5, not a int."),
    ({"number": "x" * 99}, f"number a number, such as 1.5, not '{'x' * 38}…."),
    ({"truth": 1}, "truth True or False, not 1."),
    ({"role": "leader"}, 'role "broker" or "kinesis", not \'leader\'.'),
    ({"role": numpy.array(["broker"])}, '"broker" or "kinesis", not array('),
    ({"texts": "ab"}, "texts a list of texts, such as [\"flights\"], not 'ab'."),
    ({"texts": ["a", 1]}, "texts a list of texts, such as [\"flights\"], not ['a', 1]."),
    (
        {"numbers": {"a": "b"}},
        'numbers a dict of texts and numbers or None, such as {"flights": 1.5}, not {',
    ),
    ({"file": 5}, 'file a text in quotes or a path, such as "flights", not 5.'),
    (
        {"act": True},
        "act a function itself, such as lambda: len(found) == 3, not True.",
    ),
    (
        {"pair": (1, 2)},
        'pair a number and a text in quotes in brackets, such as (1.5, "flights"), not',
    ),
]


@pytest.mark.parametrize(("given", "said"), SAID)
def test_a_wrong_argument_is_told(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as error:
        ask(**given)  # type: ignore[arg-type]
    assert f"ask takes for {said}" in str(error.value) or said in str(error.value)


@pytest.mark.parametrize(
    "given",
    [
        {"whole": numpy.int64(5)},
        {"number": numpy.float64(1.5)},
        {"number": numpy.int64(5)},
        {"texts": pandas.Series(["a", "b"])},
        {"texts": numpy.array(["a", "b"])},
        {"texts": ("a", "b")},
        {"numbers": None},
        {"file": Path("a")},
        {"act": Mute},
        {"later": object()},
    ],
)
def test_what_serves_as_well_is_taken(given: dict[str, object]) -> None:
    assert isinstance(ask(**given), str)  # type: ignore[arg-type]


def test_every_part_of_several_is_judged() -> None:
    assert Thing().act("a", "b", first=1) == 3
    with pytest.raises(InputError, match="act takes for names a text in quotes"):
        Thing().act("a", 2)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="act takes for first a whole number"):
        Thing().act(first="1")  # type: ignore[arg-type]
    assert Thing()._inner("as it is") == "as it is"  # type: ignore[arg-type]


def test_a_missing_argument_is_told_with_all_that_there_are() -> None:
    with pytest.raises(InputError, match=r"call it as begin\(name, strict=False\)\.$"):
        begin()  # type: ignore[call-arg]
    with pytest.raises(InputError, match=r"unexpected keyword argument 'texxt'\): call"):
        ask(texxt="a")  # type: ignore[call-arg]


def test_help_says_what_it_said() -> None:
    assert str(ask.__doc__).startswith("Say what came.")
    assert ask.__name__ == "ask"
    assert str(inspect.signature(begin)).startswith("(name: str, strict: bool = False)")


@pytest.mark.parametrize("name", ["", "../../etc", "04_topic", "04_topics.ipynb", "²"])
def test_a_lesson_that_is_not_there(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_STATE_DIR", str(tmp_path / "state"))
    with pytest.raises(InputError, match=r"There is no lesson .* such as") as error:
        begin(name)
    assert ('"04_topics"' in str(error.value)) == name.startswith("04_topic")
    assert not Settings.from_environment().state_dir.exists()


@pytest.mark.parametrize("exercise", ["²", "²²", "9" * 5000, "4.", "", ".", "٤.1", 4.9])
def test_an_exercise_that_is_not_there(exercise: str | float) -> None:
    with pytest.raises(UnknownExercise, match="There is no exercise"):
        find(exercise)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1048576, "1048576"),
        (-1048576, "-1048576"),
        (1048576.5, "1048576.5"),
        (148123.4567, "148123.5"),
        (1 / 3, "0.333333"),
        (1e-9, "1e-09"),
        (1e20, "1e+20"),
    ],
)
def test_a_number_keeps_its_whole_digits(number: float, text: str) -> None:
    assert plain(number) == text


def test_a_call_before_the_set_up_cell_ends_in_a_sentence() -> None:
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(colors='nocolor')\n"
        "shell.run_cell('from helpers import check\\ncheck(\"4.1\")')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("NoLessonError: Run the set-up cell at the top")
    assert "Traceback" not in told.stdout
