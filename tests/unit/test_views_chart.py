"""Charts: the picture, and the same as text."""

import re
from collections.abc import Mapping

import pytest

from helpers.inputs import InputError
from helpers.views.chart import Chart, bars, lines


def _two_lines() -> Chart:
    series = {"batch": ([0, 1, 2], [0.0, 60.0, 120.0]), "stream": ([0, 1, 2], [1.0] * 3)}
    return lines(series, title="How old?", x="hour", y="minutes", alt="Batch ages.")


def test_a_chart_is_a_picture_with_words() -> None:
    bundle = _two_lines()._repr_mimebundle_()
    assert bundle["text/plain"] == repr(_two_lines()) == "Batch ages."
    assert 'role="img" aria-label="Batch ages."' in bundle["text/html"]
    for text in ("How old?", "hour", "minutes", "batch", "stream"):
        assert text in bundle["text/html"]


def test_two_drawings_of_the_same_are_equal() -> None:
    assert _two_lines() == _two_lines()


def test_lines_differ_in_more_than_their_colour() -> None:
    assert "stroke-dasharray" in _two_lines().svg


def test_a_bar_carries_its_number() -> None:
    chart = bars({"before": 2000, "after": 12.5}, title="Size", unit="bytes", alt="<&>")
    for text in ("before", "2,000", "12.5", "bytes"):
        assert text in chart.svg
    assert 'aria-label="&lt;&amp;&gt;"' in chart._repr_mimebundle_()["text/html"]


def test_a_mark_and_the_distance_of_the_numbers_are_the_callers() -> None:
    day = {"age": (range(24), range(24))}
    words = {"title": "t", "x": "x", "y": "y", "alt": "a"}
    marked = lines(day, **words, every=6, mark=(12, "noon")).svg
    numbers = re.findall(r"<text[^>]*>(\d+)</text>", marked)
    assert ">noon<" in marked
    assert numbers[:5] == ["0", "6", "12", "18", "24"]
    assert ">noon<" not in lines(day, **words).svg


@pytest.mark.parametrize(
    ("points", "more", "said"),
    [
        (([1], [1, 2]), {}, "x and y must have same first dimension"),
        (([object()], [1]), {}, "This chart cannot be drawn"),
        (([0, 1], [0, 1]), {"title": "long " * 500}, "and short texts"),
        (([0, 1], [-1e308, 1e308]), {}, "overflow"),
        (([0, 1], [0, 1]), {"every": 0}, "a distance that gives 1 to 200 numbers"),
        (([0, 1], [0, 1]), {"every": -1}, "such as 0.11, not -1"),
        # Matplotlib alone would fill the memory with a thousand million numbers.
        (([0, 1], [0, 1]), {"every": 1e-9}, "such as 0.11, not 1e-09"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    points: tuple[list[float], list[float]], more: Mapping[str, str | float], said: str
) -> None:
    words = {"title": "t", "x": "x", "y": "y", "alt": "a", **more}
    with pytest.raises(InputError, match=said):
        lines({"age": points}, **words)  # type: ignore[arg-type]
