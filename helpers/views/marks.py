"""What a reader should not overlook: faults in red, and what is no fault in grey."""

from collections.abc import Iterable

from helpers.views.style import span


class Note(str):
    """A sentence of what is only not so yet, or was stopped: nothing is wrong."""

    __slots__ = ()


def marks_html(marks: Iterable[str]) -> str:
    """Return each sentence as a line; one that is no :class:`Note` tells of a fault."""
    return "".join(f"<div>{_html(one)}</div>" for one in marks)


def marks_text(marks: Iterable[str]) -> list[str]:
    """Return each sentence as a line of text, with its sign."""
    return [f"{_sign(one)} {one}" for one in marks]


def with_note(marks: Iterable[str], note: str) -> list[str]:
    """Return the sentences, and what else is to be said, if there is any."""
    return [*marks, *filter(None, [Note(note)])]


def _html(mark: str) -> str:
    css = "wb-note" if isinstance(mark, Note) else "wb-warn"
    return span(css, f"{_sign(mark)} {mark}")


def _sign(mark: str) -> str:
    return "○" if isinstance(mark, Note) else "▲"
