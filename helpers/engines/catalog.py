"""Which stream processing engines there are: one folder of ``engines/`` each.

A folder holds the engine's job, ``engine.toml``, and what it is installed from:
``jars.lock`` for Java, ``requirements.lock`` for Python, both or neither. The files
beside the locks that end in ``.in`` say what these were made from.
"""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from helpers.inputs import InputError
from helpers.settings import PROJECT_ROOT
from helpers.wording import shown

ENGINES = PROJECT_ROOT / "engines"


class Engine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``engine.toml`` says of one engine.

    Attributes:
        name: of its folder.
        title: as people call it.
        version: of the engine.
        job: the files in its folder that a reader reads.
        kind: a library in one's own process, or an engine that jobs are sent to.
        state: where its state lives, and how it comes back.
        scaling: how it spreads over machines, and on what.
        late: what happens to an event that comes later than is allowed.
        command: the command line of the job, before its arguments; empty if it cannot
            run here. :mod:`helpers.engines.jobs` fills its placeholders in.
        environment: variables of the job, with the same placeholders.
        absent: why it cannot run here, in one sentence.
    """

    name: str
    title: str
    version: str
    job: tuple[str, ...]
    kind: Literal["library", "engine"]
    state: str
    scaling: str
    late: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    absent: str = ""

    @property
    def folder(self) -> Path:
        """Its folder in ``engines/``."""
        return ENGINES / self.name

    @property
    def jars_lock(self) -> Path:
        """Names its jars, where it has any."""
        return self.folder / "jars.lock"

    @property
    def requirements_lock(self) -> Path:
        """Names its Python packages, where it has any."""
        return self.folder / "requirements.lock"

    @property
    def sources(self) -> list[Path]:
        """Its files in Java, which are compiled."""
        return sorted(self.folder.glob("*.java"))

    @property
    def lines(self) -> int:
        """Lines of its job that hold code: neither empty nor a comment alone."""
        files = [(self.folder / name).read_text("utf-8") for name in self.job]
        lines = [line.strip() for text in files for line in text.splitlines()]
        return sum(bool(one) and not one.startswith(_COMMENTS) for one in lines)


_COMMENTS = ("//", "/*", "*", "#", "--")


def names() -> list[str]:
    """Return the names of all engines, in the order of the alphabet."""
    return sorted(file.parent.name for file in ENGINES.glob("*/engine.toml"))


def engines() -> list[Engine]:
    """Return all engines, in the order of their names."""
    return [engine(name) for name in names()]


def engine(name: str) -> Engine:
    """Return the engine of this name.

    Raises:
        InputError: there is none.
    """
    if name not in names():
        there = ", ".join(names())
        raise InputError(f"There is no engine {shown(name)}; there are {there}.")
    facts = tomllib.loads((ENGINES / name / "engine.toml").read_text("utf-8"))
    return msgspec.convert({**facts, "name": name}, Engine)
