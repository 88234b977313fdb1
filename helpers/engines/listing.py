"""What ``workbook engine`` says."""

import time

from helpers.engines import catalog, installing
from helpers.engines.catalog import Engine
from helpers.engines.figures import Figures, recorded
from helpers.settings import Settings


def text(settings: Settings) -> str:
    """Return a table of all engines, what each takes, and which are installed."""
    rows = [("name", "engine", "on the disk", "takes", ""), *_rows(settings)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def install(settings: Settings, name: str) -> str:
    """Install an engine, saying before what that takes; return what was done.

    Raises:
        InputError: there is no such engine.
        ServersError: it cannot be installed.
    """
    engine = catalog.engine(name)
    if installing.is_installed(settings, engine):
        return f"{engine.title} {engine.version} is installed already."
    print(installing.announcement(engine), flush=True)
    begin = time.monotonic()
    installing.install(settings, engine)
    megabytes = installing.installed_bytes(settings, engine) / 1e6
    took = time.monotonic() - begin
    return f"{engine.title} is installed: {megabytes:.0f} MB, after {took:.0f} s."


def remove(settings: Settings, name: str) -> str:
    """Remove an engine; return what was done.

    Raises:
        InputError: there is no such engine.
    """
    engine = catalog.engine(name)
    freed = installing.uninstall(settings, engine)
    if not freed:
        return f"{engine.title} is not installed: there is nothing to remove."
    return f"{engine.title} is removed: {freed / 1e6:.0f} MB are free again."


def _rows(settings: Settings) -> list[tuple[str, ...]]:
    return [_row(settings, engine) for engine in catalog.engines()]


def _row(settings: Settings, engine: Engine) -> tuple[str, ...]:
    figures = recorded().get(engine.name, Figures())
    megabytes = f"{figures.disk_megabytes:.0f} MB" if figures.disk_megabytes else "-"
    seconds = f"{figures.install_seconds:.0f} s" if figures.install_seconds else "-"
    state = _state(settings, engine)
    return engine.name, f"{engine.title} {engine.version}", megabytes, seconds, state


def _state(settings: Settings, engine: Engine) -> str:
    if not engine.command:
        return engine.absent
    if installing.needs_nothing(engine):
        return "needs nothing more"
    return "installed" if installing.is_installed(settings, engine) else "not installed"
