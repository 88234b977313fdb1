"""The course's helpers. A lesson imports from here, and only what is named here."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers import flights
    from helpers.counting import countdown
    from helpers.course import view
    from helpers.course.exercises import check, hint, solution
    from helpers.course.lesson import begin
    from helpers.course.predictions import predict, reveal
    from helpers.course.report import progress, reset_progress
    from helpers.replaying import replay
    from helpers.waiting import wait_for

_HOMES = {
    "begin": "helpers.course.lesson",
    "check": "helpers.course.exercises",
    "countdown": "helpers.counting",
    "flights": "helpers",
    "hint": "helpers.course.exercises",
    "predict": "helpers.course.predictions",
    "progress": "helpers.course.report",
    "replay": "helpers.replaying",
    "reset_progress": "helpers.course.report",
    "reveal": "helpers.course.predictions",
    "solution": "helpers.course.exercises",
    "view": "helpers.course",
    "wait_for": "helpers.waiting",
}

_MODULES = {"flights", "view"}

__all__ = [
    "begin",
    "check",
    "countdown",
    "flights",
    "hint",
    "predict",
    "progress",
    "replay",
    "reset_progress",
    "reveal",
    "solution",
    "view",
    "wait_for",
]


def __getattr__(name: str) -> object:
    """Import a name when it is first used: Kafka's tools start without clients."""
    if name not in _HOMES:
        raise AttributeError(f"module 'helpers' has no attribute '{name}'")
    _tell_in_sentences()
    if name in _MODULES:
        return import_module(f"{_HOMES[name]}.{name}")
    found: object = getattr(import_module(_HOMES[name]), name)
    return found


def _tell_in_sentences() -> None:
    """Have this kernel's cells end in sentences, from the first call of a helper on.

    A script has no cells, and need not import what Kafka's and AWS's errors are.
    """
    if "IPython" in sys.modules:
        import_module("helpers.course.errors").install()
