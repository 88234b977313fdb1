"""Charts: the picture, and the same as text."""

import re

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
