"""A group's total over time as a small picture; a pure function."""

from collections.abc import Iterable, Iterator
from html import escape

from helpers.live.lag_snapshot import LagSnapshot, Point
from helpers.views import lag_phrases as say
from helpers.views.style import span

_WIDTH, _HEIGHT = 1000, 100
# So that the first seconds do not fill the whole width.
_LEAST_SECONDS = 20.0

_Place = tuple[float, float]


def chart_html(snapshot: LagSnapshot) -> str:
    """Return the total over time as a line above its sentence."""
    points = (*snapshot.history, (snapshot.ticks, snapshot.total))
    known = [total for _, total in points if total is not None]
    sentence = span("wb-course", say.course(snapshot))
    if not known:
        return sentence
    most = max(*known, 1)
    begin = min(points[0][0], snapshot.ticks - _LEAST_SECONDS)
    width = snapshot.ticks - begin
    drawn = "".join(
        _line([((at - begin) / width, total / most) for at, total in part])
        for part in _parts(points)
    )
    label = escape(say.course(snapshot), quote=True)
    return (
        f'<div class="wb-chart"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'preserveAspectRatio="none" aria-label="{label}">{drawn}</svg>'
        f'<div class="wb-axis" aria-hidden="true"><span>{width:.0f} s ago</span>'
        f"<span>total records to read; top: {most:,}</span><span>now</span></div></div>"
        f"{sentence}"
    )


def _parts(points: Iterable[Point]) -> Iterator[list[tuple[float, int]]]:
    """Give the stretches in which the total was known."""
    part: list[tuple[float, int]] = []
    for at, total in points:
        if total is not None:
            part.append((at, total))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _line(places: list[_Place]) -> str:
    """Return a line through places from 0 to 1, and the area below it."""
    drawn = [f"{x * _WIDTH:.1f},{(1 - y) * (_HEIGHT - 4) + 2:.1f}" for x, y in places]
    first, last = places[0][0] * _WIDTH, places[-1][0] * _WIDTH
    area = f"{first:.1f},{_HEIGHT} {' '.join(drawn)} {last:.1f},{_HEIGHT}"
    return f'<polygon points="{area}"/><polyline points="{" ".join(drawn)}"/>'
