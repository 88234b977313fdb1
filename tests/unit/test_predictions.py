"""Predictions: what is asked, how a guess is read, kept, scored and forgotten."""

import ast
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy
import pytest

from helpers.course import guesses, predictions, progress, questions
from helpers.course.predictions import NumberPrediction, predict, reveal
from helpers.course.project import LESSONS, PREDICTIONS
from helpers.course.questions import Question, facts_of, find, load
from helpers.course.report import reset_progress
from helpers.inputs import InputError

pytestmark = pytest.mark.usefixtures("own_progress")

QUESTIONS = """
["9.1"]
question = "Which?"
why = "So it is."
[ "9.1".choices ]
true = "This one"
false = "That one"
3 = "None of the two"

["9.2"]
question = "How many after {begun}?"
why = "{result:.1f} of {all:,}."
unit = "records"
within = 0.1

["9.3"]
question = "How many times?"
why = "By gathering."
ranges = true
[ "9.3".choices ]
1 = "Once or more"
"2.5" = "Often"
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a lesson 09 with three predictions, whose cards are never double-clicked."""
    (tmp_path / "09_test.toml").write_text(QUESTIONS, "utf-8")
    monkeypatch.setattr(questions, "PREDICTIONS", tmp_path)
    monkeypatch.setattr(predictions, "_DOUBLE_CLICK", 0.0)
    return tmp_path / "09_test.toml"


def number_card() -> NumberPrediction:
    card = predict("9.2", begun=5)
    assert isinstance(card, NumberPrediction)
    return card


def kept() -> dict[str, str]:
    return {name: one.guess for name, one in progress.load().predictions.items()}


LESSON_FILES = sorted(LESSONS.glob("[0-9]*.py"))


def calls(lesson: Path) -> Iterator[ast.Call]:
    """Yield the calls of predict and reveal, in their order."""
    tree = ast.parse(lesson.read_text("utf-8"))
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    for one in sorted(found, key=lambda call: call.lineno):
        if isinstance(one.func, ast.Name) and one.func.id in ("predict", "reveal"):
            yield one


def every_question() -> dict[str, Question]:
    return {n: q for file in PREDICTIONS.iterdir() for n, q in load(file).items()}


def named(call: ast.Call) -> tuple[str, str]:
    assert isinstance(call.func, ast.Name)
    assert isinstance(call.args[0], ast.Constant)
    return call.func.id, str(call.args[0].value)


@pytest.mark.parametrize("lesson", LESSON_FILES, ids=lambda path: path.stem)
def test_each_question_of_a_lesson_is_asked_once_and_then_answered(lesson: Path) -> None:
    known = load(PREDICTIONS / f"{lesson.stem}.toml")
    number = str(int(lesson.stem[:2]))
    assert {name.partition(".")[0] for name in known} == {number}
    found = list(map(named, calls(lesson)))
    assert sorted(found) == sorted(
        (what, n) for n in known for what in ("predict", "reveal")
    )
    for name in known:
        assert found.index(("predict", name)) < found.index(("reveal", name))


@pytest.mark.parametrize("lesson", LESSON_FILES, ids=lambda path: path.stem)
def test_the_cells_give_each_text_its_facts(lesson: Path) -> None:
    for call in calls(lesson):
        what, name = named(call)
        text = find(name).question if what == "predict" else find(name).why
        assert {one.arg for one in call.keywords} == facts_of(text), (what, name)


@pytest.mark.parametrize("lesson", LESSON_FILES, ids=lambda path: path.stem)
def test_no_source_tells_an_answer_before_it_is_revealed(lesson: Path) -> None:
    where = {named(call): call for call in calls(lesson)}
    lines = lesson.read_text("utf-8").splitlines()
    for name, one in load(PREDICTIONS / f"{lesson.stem}.toml").items():
        begin, end = where["predict", name].lineno, where["reveal", name].end_lineno
        source = " ".join("\n".join(lines[begin - 1 : end]).replace("\n#", "").split())
        literals = {
            node.value
            for node in ast.walk(ast.parse("\n".join(lines)))
            if isinstance(node, ast.Constant) and begin <= node.lineno <= (end or begin)
        }
        assert literals.isdisjoint(one.choices.values()), name
        told = [label for label in one.choices.values() if " " in label]
        told += [part for part in one.why.rstrip(".").split(". ") if not facts_of(part)]
        assert [text for text in told if text in source] == [], name


def test_every_file_is_a_lessons_and_no_two_choices_have_one_label() -> None:
    assert {file.stem for file in PREDICTIONS.iterdir()} <= {f.stem for f in LESSON_FILES}
    for name, one in every_question().items():
        assert len(set(one.choices.values())) == len(one.choices), name


def test_every_number_has_a_unit_or_says_why_not() -> None:
    asked = every_question()
    bare = {name for name, one in asked.items() if not one.choices and not one.unit}
    assert bare == {"6.2"}
    assert asked["6.2"].no_unit


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('["9.1"]\nquestion = "Which?"', "missing required field `why`"),
        (QUESTIONS.replace("why", "wyh", 1), "unknown field `wyh`"),
        (QUESTIONS.replace('unit = "records"', ""), "one of choices, unit and no_unit"),
        (QUESTIONS.replace("ranges", 'unit = "s"\nranges'), "one of choices, unit"),
        (QUESTIONS.replace('"2.5" =', "often ="), "could not convert string to float"),
        (QUESTIONS.replace("0.1\n", "-0.1\n"), ">= 0.0"),
        ("[9.1", "Expected ']'"),
        ("\udcff", "decode"),
    ],
)
def test_a_mistake_in_the_file_gets_a_sentence(
    asked: Path, broken: str, said: str
) -> None:
    asked.write_text(broken, "utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=r"^Mend .*/09_test.toml: [^\n]*\.$") as error:
        predict("9.1")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("9.9", "9.3, 9.2 and 9.1"), ("91", "9.1, 9.3 and 9.2"), ("²", "9.3, 9.2 and 9.1")],
)
def test_an_unknown_prediction_names_the_nearest(
    asked: Path, wrong: str, nearest: str
) -> None:
    with pytest.raises(InputError, match=rf"no prediction '{wrong}'.* {nearest}\.$"):
        predict(wrong)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: predict("9.2"),
        lambda: predict("9.2", begun=5, ended=6),
        lambda: predict("9.1", begun=5),
        lambda: reveal("9.2", 5),
        lambda: reveal("9.2", 5, all="many"),
        lambda: reveal("9.2", 5, all=None),
        lambda: reveal("9.1", True, all=3),
    ],
)
def test_facts_that_the_text_does_not_have_get_a_sentence(
    asked: Path, ask: Callable[[], object]
) -> None:
    with pytest.raises(InputError, match="This prediction takes as facts"):
        ask()


@pytest.mark.parametrize("name", ["9.2", "9.3"])
@pytest.mark.parametrize("result", ["many", True])
def test_a_word_where_a_number_was_measured_gets_a_sentence(
    asked: Path, name: str, result: str
) -> None:
    with pytest.raises(InputError, match=rf"The result of {name} is a number"):
        reveal(name, result)


def test_a_choice_is_kept_once_and_scored(asked: Path) -> None:
    card = predict("9.1")
    assert "[ This one ]  [ That one ]  [ None of the two ]" in repr(card)
    card.press("That one")
    assert "Which?\nYour guess is kept: That one. Go on and see." in repr(card)
    assert "kept: That one" in repr(predict("9.1"))
    assert "You said: That one. Not so: This one.\nSo it is." in repr(reveal("9.1", True))
    assert progress.load().predictions["9.1"].right is False
    told = repr(reveal("9.1", False))
    assert "You said: That one. Right." in told
    assert "Which?" not in told
    assert "Not so: None of the two." in repr(reveal("9.1", numpy.int64(3)))


@pytest.mark.parametrize(
    ("result", "told"),
    [(1, "Once or more"), (2.49, "Once or more"), (2.5, "Often"), (99, "Often")],
)
def test_a_measurement_falls_into_a_range(asked: Path, result: float, told: str) -> None:
    assert f"The result: {told}." in repr(reveal("9.3", result))


@pytest.mark.parametrize(("name", "result"), [("9.1", 4), ("9.1", "else"), ("9.3", 0.9)])
def test_what_is_none_of_the_choices_is_said_and_not_scored(
    asked: Path, name: str, result: str | float
) -> None:
    card = predict(name)
    card.press(card._actions[0].label)
    told = repr(reveal(name, result))
    assert f"This run gave {result!r}, which is none of the choices." in told
    assert "Nothing is scored." in told
    assert progress.load().predictions[name].right is None


def test_a_run_without_a_result_scores_nothing(asked: Path) -> None:
    number_card().keep("5")
    assert "The run gave no result" in repr(reveal("9.2", None))
    assert progress.load().predictions["9.2"].right is None


def test_no_guess_is_no_error(asked: Path) -> None:
    told = repr(reveal("9.2", 1049.66, all=2000))
    assert "You made no guess. The result: 1,050 records.\n1049.7 of 2,000." in told
    assert kept() == {}


def test_a_number_is_kept_and_compared(asked: Path) -> None:
    card = number_card()
    assert "How many after 5?" in repr(card)
    card.keep("many")
    assert "How many after 5?\nThis is no clear number of records: type one such" in repr(
        card
    )
    assert kept() == {}
    card.keep("~1,200")
    assert "Your guess is kept: 1,200 records. Go on and see." in repr(card)
    card.keep("7")
    assert kept() == {"9.2": "1200"}
    assert "close enough" in repr(reveal("9.2", 1171, all=1))
    assert progress.load().predictions["9.2"].right is True
    assert "too far off" in repr(reveal("9.2", 249, all=1))
    assert progress.load().predictions["9.2"].right is False


def test_a_guess_of_another_kind_is_compared_as_it_stands(asked: Path) -> None:
    progress.record_prediction("9.2", progress.PredictionRecord("Half of them"))
    assert "Your guess is kept: Half of them." in repr(number_card())
    told = repr(reveal("9.2", 3, all=3))
    assert "You said: Half of them. Not so: 3 records." in told


def test_a_guess_is_forgotten_on_its_card(asked: Path) -> None:
    card, other = predict("9.1"), number_card()
    card.press("That one")
    other._field.value = "5"
    assert repr(other._row.layout.display) == "'none'"
    card.press("Guess again")
    assert "[ This one ]" in repr(card)
    assert kept() == {"9.2": "5"}
    other.press("Guess again")
    assert "kept" not in repr(other)
    assert (other._row.layout.display, other._field.value) == ("", "")
    assert kept() == {}
    card.press("This one")
    assert kept() == {"9.1": "This one"}


def test_a_guess_is_forgotten_where_its_outcome_is_told(asked: Path) -> None:
    card = predict("9.1")
    card.press("That one")
    outcome = reveal("9.1", True)
    outcome.press("Guess again")
    assert "The guess is forgotten" in repr(outcome)
    assert "[ This one ]" in repr(card)
    assert kept() == {}


def test_progress_that_is_reset_shows_on_the_cards(asked: Path) -> None:
    card = predict("9.1")
    card.press("That one")
    reset_progress()
    assert "[ This one ]" in repr(card)


def test_with_a_guess_its_outcome_goes(asked: Path) -> None:
    card = predict("9.1")
    card.press("That one")
    outcome = reveal("9.1", True)
    card.press("Guess again")
    assert "The guess is forgotten" in repr(outcome)
    assert "Not so" not in repr(outcome)


def test_the_second_half_of_a_double_click_forgets_nothing(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "_DOUBLE_CLICK", 60.0)
    card = predict("9.1")
    card.press("That one")
    card.press("Guess again")
    assert kept() == {"9.1": "That one"}
    again = predict("9.1")
    again.press("Guess again")
    assert kept() == {}


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("1200", "records", 1200),
        (" 1,000 ", "records", 1000),
        ("1 000", "records", 1000),
        ("1\u202f000", "records", 1000),
        ("1'000", "records", 1000),
        ("1,234,567.5", "records", 1234567.5),
        ("~30", "calls", 30),
        ("≈ 30", "calls", 30),
        ("-1", "", -1),
        ("12 %", "%", 12),
        ("12%", "%", 12),
        ("12 percent", "%", 12),
        ("3 seconds", "seconds", 3),
        ("3 S", "seconds", 3),
        ("3 sec.", "seconds", 3),
        ("1 entry", "entries", 1),
        ("1,5", "seconds", 1.5),
        ("0,125", "seconds", 0.125),
        ("0.125", "seconds", 0.125),
        (".5", "seconds", 0.5),
        ("1.000", "seconds", None),  # a thousand, or one?
        ("1.234,5", "seconds", None),
        ("1,2,3", "seconds", None),
        ("1 2", "seconds", None),
        ("3 minutes", "seconds", None),
        ("3 ms", "seconds", None),
        ("12 %", "records", None),
        ("½", "records", None),
        ("nan", "records", None),
        ("inf", "records", None),
        ("9" * 400, "records", None),
        ("many", "records", None),
        ("1,0000", "records", None),  # ten thousand, mistyped
        (" " * 9000 + "7" + " " * 9000 + "x", "records", None),
        ("", "records", None),
    ],
)
def test_a_number_is_read_as_people_type_it(
    typed: str, unit: str, meant: float | None
) -> None:
    assert guesses.number(typed, unit) == meant


@pytest.mark.parametrize(
    ("guess", "result", "of", "right", "said"),
    [
        (249, 249, ("bytes", 0), True, "of 249 bytes is exactly right."),
        (250, 249, ("bytes", 0), False, "250 bytes is too far off: 1 above the result,"),
        (
            1200,
            1171,
            ("records", 0.1),
            True,
            "29 above the result, which is 1,171 records.",
        ),
        (1, 1171, ("records", 0.1), False, "of 1 record is too far off: 1,170 below"),
        (2.5, 3, ("seconds", 0.25), True, "close enough: 0.5 below the result, which"),
        (2.7, 3, ("seconds", 0), False, "off: 0.3 below the result, which is 3 seconds."),
        (
            3,
            2.9348,
            ("seconds", 0.25),
            True,
            "0.1 above the result, which is 2.9 seconds.",
        ),
        (
            2.93,
            2.9348,
            ("seconds", 0),
            True,
            "of 2.93 seconds is right: it is 2.9 seconds.",
        ),
        (
            15,
            12.5,
            ("%", 0.25),
            True,
            "3 percentage points above the result, which is 12 %.",
        ),
        (13, 12.4, ("%", 0.25), True, "close enough: 1 percentage point above"),
        (12, 12.4, ("%", 0), True, "of 12 % is exactly right."),
        (300, 310, ("", 0), False, "of 300 is too far off: 10 below the result,"),
        (
            3,
            0.0412,
            ("seconds", 0.25),
            False,
            "off: 3 above the result, which is 0.041 seconds.",
        ),
        (5, 0, ("records", 0.5), False, "5 above the result, which is 0 records."),
        (1048576, numpy.int64(1048576), ("bytes", 0), True, "1,048,576 bytes is exactly"),
        (0.5, Fraction(1, 2), ("seconds", 0), True, "exactly right."),
        (0.1234567, 0.1234567, ("seconds", 0), True, "right: it is 0.12 seconds."),
    ],
)
def test_one_sentence_says_how_far_off_a_guess_is(
    guess: float, result: float, of: tuple[str, float], right: bool, said: str
) -> None:
    judged, told = guesses.verdict(guess, float(result), *of)
    assert judged is right
    assert told.startswith("Your guess of ")
    assert said in told
    assert told.count(". ") == 0
