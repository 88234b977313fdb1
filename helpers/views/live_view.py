"""What every live view is: a source of snapshots, a picture, the same facts as text."""

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ipywidgets import (
    HTML,
    VBox,
    Widget,
)

from helpers.inputs import public_methods
from helpers.live.source import Source
from helpers.live.words import clock
from helpers.views.docked import Output
from helpers.views.running import Running
from helpers.views.style import span, stylesheet


class Timed(Protocol):
    """What a snapshot has at least."""

    @property
    def taken_at(self) -> float:
        """Seconds since the epoch."""

    @property
    def told(self) -> bool:
        """Whether this is what the servers answered, as far as any can answer."""


FAULT = "This board ended by a fault of the workbook: run its cell again."

# Seconds that a view waits for its first facts, and between two looks for them.
_FIRST_SECONDS, _LOOK_AGAIN_SECONDS = 1.0, 0.03

S = TypeVar("S", bound=Timed)


@public_methods
class LiveView(Generic[S]):
    """A widget that shows each snapshot of a source until :meth:`stop`.

    A kind of view says what it shows in ``_show`` and ``_text``; both get the snapshot
    and a note, such as that the view has stopped. It makes its widgets before it calls
    this.

    Args:
        kind: what it is called in a recording and in its thread's name.
        about: whose view it is; one view of a kind about one thing is live at a time.
        source: where snapshots come from; closed when the view stops.
        widgets: what is shown, from top to bottom.

    Attributes:
        widget: what is shown.
        kind: as given.
        about: as given.
    """

    def __init__(
        self, kind: str, about: str, source: Source[S], widgets: list[Widget]
    ) -> None:
        self.kind = kind
        self.about = about
        self._first = HTML(stylesheet())
        self.widget = VBox([self._first, *widgets])
        self.widget.layout.grid_gap = "8px"
        self.widget.add_class("wb-board")
        title = f"{kind.capitalize()} of {about}" if about else kind.capitalize()
        self._output = Output(self.widget, title)
        self._source = source
        self._listeners: tuple[Callable[[S], None], ...] = ()
        self._at_end: Callable[[], None] = lambda: None
        self._note = ""
        self._last = _first(source)
        self._show(self._last)
        self._running = Running(kind, about, self._follow, source.close)

    @property
    def snapshot(self) -> S:
        """What is shown now."""
        return self._last

    @property
    def stopped(self) -> bool:
        """Whether it shows nothing new any more."""
        return self._running.stopped

    def stop(self) -> None:
        """Stop looking; the view keeps what it showed last and says so."""
        self._running.stop()

    def text(self) -> str:
        """Return everything that the view shows, as lines of text."""
        return self._text(self._last)

    def listen(self, listener: Callable[[S], None]) -> Callable[[], None]:
        """Have ``listener`` called with each snapshot; return what ends that.

        It is called on the view's own thread, first with what is shown now.
        """
        listener(self._last)
        self._listeners = (*self._listeners, listener)
        return lambda: self._forget(listener)

    def at_end(self, do: Callable[[], None]) -> None:
        """Have ``do`` called once, when the view has stopped, on its own thread."""
        self._at_end = do

    def __repr__(self) -> str:
        return self.text()

    def _ipython_display_(self) -> None:
        self._output.show(self.text())

    def _show(self, snapshot: S) -> None:
        """Set what to show; a widget sends only what differs from before."""
        raise NotImplementedError

    def _text(self, snapshot: S) -> str:
        raise NotImplementedError

    def _ended(self) -> None:
        """Take the controls out of use: nobody listens any more."""

    def _follow(self) -> None:
        """Show each snapshot until the source is closed; the only thread that does."""
        try:
            self._follow_source()
        except Exception:
            # A view that has ended must not look alive; the error then goes its way.
            self._first.value += span("wb-warn", f"▲ {FAULT}")
            raise
        finally:
            self._ended()
            self._at_end()
            self._output.keep(self.text())

    def _follow_source(self) -> None:
        for snapshot in self._source.snapshots():
            self._last = snapshot
            self._show(snapshot)
            for listener in self._listeners:
                listener(snapshot)
        at = clock(self._last.taken_at, tenths=False)
        self._note = f"This board stopped at {at}: run its cell again to go on."
        self._show(self._last)

    def _forget(self, listener: Callable[[S], None]) -> None:
        self._listeners = tuple(one for one in self._listeners if one is not listener)


def _first(source: Source[S]) -> S:
    """Return what to show first: facts, if there are any within a second."""
    deadline = time.monotonic() + _FIRST_SECONDS
    snapshot = source.take()
    while not snapshot.told and time.monotonic() < deadline:
        time.sleep(_LOOK_AGAIN_SECONDS)
        snapshot = source.take()
    return snapshot
