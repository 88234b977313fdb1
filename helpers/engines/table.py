"""The table of engines: what each is, and what it did when it was run."""

from helpers.engines.catalog import Engine, engines
from helpers.engines.figures import Figures, table

_UNKNOWN = "–"
HEAD = (
    "engine",
    "lines of the job",
    "on the disk",
    "first result",
    "records a second",
    "memory",
    "after three times `kill -9`",
    "an event that is days late",
)
FACTS = ("engine", "kind", "where its state lives", "how it scales", "late events")


def markdown() -> str:
    """Return two tables, of figures and of facts, and how the figures were made."""
    recorded = table()
    measured = [
        figures_row(one, recorded.engines.get(one.name, Figures())) for one in engines()
    ]
    facts = [facts_row(one) for one in engines()]
    parts = (_table(HEAD, measured), recorded.circumstances, _table(FACTS, facts))
    return "\n\n".join(parts) + "\n"


def figures_row(engine: Engine, figures: Figures) -> tuple[str, ...]:
    """Return what was measured of one engine, as the head of the table names it."""
    return (
        engine.title,
        str(engine.lines),
        _quantity(figures.disk_megabytes, "MB") if engine.command else _UNKNOWN,
        _quantity(figures.first_result_seconds, "s", 1),
        _quantity(figures.records_per_second),
        _quantity(figures.memory_megabytes, "MB"),
        figures.after_kills or _UNKNOWN,
        figures.too_late or _UNKNOWN,
    )


def facts_row(engine: Engine) -> tuple[str, ...]:
    """Return what its folder says of one engine."""
    return engine.title, engine.kind, engine.state, engine.scaling, engine.late


def _quantity(value: float | None, unit: str = "", digits: int = 0) -> str:
    if value is None:
        return _UNKNOWN
    return f"{value:,.{digits}f} {unit}".strip()


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
