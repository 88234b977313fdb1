"""What a panel of experiments shows, as HTML and as text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from helpers.views.style import BLUE

_CELL = "padding:3px 6px;text-align:right;vertical-align:bottom"
_TABLE = (
    "border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:90%;"
    "color:var(--jp-ui-font-color1,#1c2733)"
)
_RULE = "border-bottom:1px solid var(--jp-border-color2,#d9dfe5)"
_BAR = f"height:5px;margin-top:2px;background:{BLUE};border-radius:2px"
_SCROLL = "overflow-x:auto;max-width:100%"
_NUMBER = "run"
_WHOLE_FROM = 100


@dataclass(frozen=True)
class Run:
    """One run of an experiment.

    Attributes:
        number: how many runs there were before it, and one.
        settings: by its name, what was chosen.
        measures: by its name with its unit, what was measured.
    """

    number: int
    settings: Mapping[str, object]
    measures: Mapping[str, float]


def panel_html(note: str, runs: Sequence[Run]) -> str:
    """Return a sentence, and below it a table with a bar under each measured number."""
    said = f'<p role="status" style="margin:4px 0">{escape(note)}</p>'
    return said + (_table_html(runs) if runs else "")


def panel_text(chosen: Mapping[str, object], note: str, runs: Sequence[Run]) -> str:
    """Return the same as lines of text, with what is chosen for the next run."""
    settings = ", ".join(f"{name} {shown(value)}" for name, value in chosen.items())
    head = [f"Chosen: {settings}" if settings else "", note]
    return "\n".join([*filter(None, head), *_table_text(runs)])


def shown(value: object) -> str:
    """Return a number as people read it, anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table_html(runs: Sequence[Run]) -> str:
    settings, measures = _columns(runs)
    heads = "".join(
        f'<th scope="col" style="{_CELL};{_RULE}">{_breakable(name)}</th>'
        for name in (_NUMBER, *settings, *measures)
    )
    longest = {name: max(_values(runs, name), default=0) for name in measures}
    rows = "".join(f"<tr>{_row_html(run, settings, longest)}</tr>" for run in runs)
    table = f'<table style="{_TABLE}"><tr>{heads}</tr>{rows}</table>'
    return f'<div style="{_SCROLL}">{table}</div>'


def _breakable(name: str) -> str:
    """Return a name that may go on in a next line after each dot: columns stay narrow."""
    return escape(name).replace(".", ".<wbr>")


def _row_html(run: Run, settings: Iterable[str], longest: Mapping[str, float]) -> str:
    cells = [f'<th scope="row" style="{_CELL}">{run.number}</th>']
    for name in settings:
        value = escape(shown(run.settings.get(name, "")))
        cells.append(f'<td style="{_CELL}">{value}</td>')
    for name, most in longest.items():
        cells.append(_measure_html(run.measures.get(name), most))
    return "".join(cells)


def _measure_html(value: float | None, most: float) -> str:
    if value is None:
        return f'<td style="{_CELL}">–</td>'
    share = 100 * value / most if most > 0 else 0
    bar = f'<div aria-hidden="true" style="{_BAR};width:{max(share, 0):.0f}%"></div>'
    return f'<td style="{_CELL}">{escape(shown(value))}{bar}</td>'


def _table_text(runs: Sequence[Run]) -> list[str]:
    """Return the table's lines, each column as wide as its widest cell."""
    if not runs:
        return []
    settings, measures = _columns(runs)
    rows = [[_NUMBER, *settings, *measures]]
    for run in runs:
        cells = [shown(run.settings.get(name, "")) for name in settings]
        found = [run.measures.get(name) for name in measures]
        cells += ["–" if one is None else shown(one) for one in found]
        rows.append([str(run.number), *cells])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _columns(runs: Sequence[Run]) -> tuple[list[str], list[str]]:
    """Return the names of all settings and of all measures, in order of appearance."""
    settings = dict.fromkeys(name for run in runs for name in run.settings)
    measures = dict.fromkeys(name for run in runs for name in run.measures)
    return list(settings), list(measures)


def _values(runs: Sequence[Run], name: str) -> list[float]:
    return [run.measures[name] for run in runs if name in run.measures]
