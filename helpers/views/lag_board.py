"""The live board of a group's lag, with the consumers that it starts."""

import threading
from collections.abc import Callable

from ipywidgets import HTML, Button, GridBox, HBox, Layout

from helpers.inputs import InputError, public_methods
from helpers.kafka.crew import Crew
from helpers.kafka.members import Member
from helpers.live.lag_snapshot import LagSnapshot
from helpers.live.source import Source
from helpers.views.cards import COLUMNS
from helpers.views.lag_card import LagCard
from helpers.views.lag_chart import chart_html
from helpers.views.lag_render import OF, board_text, header_html, table_html
from helpers.views.live_view import LiveView
from helpers.views.nodes_render import log_html
from helpers.views.style import span

_RECORDED = "Nothing can be done here: this is a recording, or a board that only looks."


@public_methods
class LagBoard(LiveView[LagSnapshot]):
    """How far a group is behind in each partition, who owns it, and what happened.

    Args:
        about: told apart from other such boards by this.
        source: of snapshots; live, or a recording.
        crew: starts and ends consumers; None where they are only looked at.

    Attributes:
        cards: of the consumers, by name.
        add_button: starts one more consumer.
        peak_button: sends the storm's morning peak to the topic.
    """

    def __init__(
        self, about: str, source: Source[LagSnapshot], crew: Crew | None = None
    ) -> None:
        self._crew = crew
        self._header, self._table, self._chart = HTML(), HTML(), HTML()
        self._log, self._said = HTML(), HTML()
        self.cards: dict[str, LagCard] = {}
        self.add_button = _button("Add a consumer", lambda: self._try(self.add))
        self.peak_button = _button(
            "Replay the morning peak", lambda: self._try(self.replay_peak)
        )
        self._row = HBox([self.add_button, self.peak_button, self._said])
        self._row.add_class("wb-keys")
        self._grid = GridBox(
            layout=Layout(grid_template_columns=COLUMNS, grid_gap="10px", width="100%")
        )
        keys = [self._row] if crew else []
        below = [self._grid, self._table, self._chart, self._log]
        super().__init__("lag", about, source, [self._header, *keys, *below])

    def add(self) -> str:
        """Start one more consumer, a process of its own, and return its name.

        Raises:
            InputError: the script is gone, too many processes run, or this board
                has stopped.
        """
        return self._live_crew().add()

    def throttle(self, name: str, milliseconds: float) -> None:
        """Make each record so much work to a consumer, from its next record on.

        Args:
            name: such as ``"consumer-A"``.
            milliseconds: a record, from 0.

        Raises:
            InputError: no such consumer runs, or that is no such time.
        """
        self._any_crew().throttle(name, milliseconds)

    def remove(self, name: str) -> None:
        """End a consumer with SIGTERM: it leaves the group.

        Raises:
            InputError: no such consumer runs.
        """
        self._any_crew().remove(name)

    def kill(self, name: str) -> None:
        """End a consumer with SIGKILL: the group counts it until its session ends.

        Raises:
            InputError: no such consumer runs.
        """
        self._any_crew().kill(name)

    def replay_peak(self, seconds: float = 20) -> Member:
        """Send the departures of 8 February, 05:00 to 11:00, to the topic.

        It is done by a process of its own; its ``wait`` waits for its end.

        Args:
            seconds: how long all of it takes, at most 300.

        Raises:
            InputError: that is no such time, it is sent already, there is no such
                topic, or this board has stopped.
        """
        crew = self._live_crew()
        if self.snapshot.about.is_there is False:
            raise InputError(f"There is no topic {crew.topic}: create it first.")
        return crew.replay_peak(seconds)

    def _any_crew(self) -> Crew:
        if self._crew is None:
            raise InputError(_RECORDED)
        return self._crew

    def _live_crew(self) -> Crew:
        crew = self._any_crew()
        if self.stopped:
            raise InputError("This board has stopped: run its cell again to go on.")
        return crew

    def _show(self, snapshot: LagSnapshot) -> None:
        self._header.value = header_html(snapshot, self._note)
        self._arrange(snapshot)
        self.peak_button.disabled = bool(self._crew and self._crew.peak_runs)
        self._table.value = table_html(snapshot)
        self._chart.value = chart_html(snapshot)
        self._log.value = log_html(snapshot.about.nodes, OF)

    def _text(self, snapshot: LagSnapshot) -> str:
        return board_text(snapshot, self._note)

    def _ended(self) -> None:
        for one in (self.add_button, self.peak_button, *self.cards.values()):
            _disable(one)

    def _arrange(self, snapshot: LagSnapshot) -> None:
        """Show each consumer on a card of its own."""
        do = self._do if self._crew else None
        names = [one.name for one in snapshot.consumers]
        if names != list(self.cards):
            self.cards = {
                name: self.cards.get(name) or LagCard(name, do) for name in names
            }
            self._grid.children = [card.widget for card in self.cards.values()]
        for one in snapshot.consumers:
            self.cards[one.name].show(one, snapshot)

    def _do(self, verb: str, name: str, milliseconds: float) -> None:
        if verb == "throttle":
            self._try(lambda: self.throttle(name, milliseconds))
        else:
            self._try(lambda: getattr(self, verb)(name))

    def _try(self, act: Callable[[], object]) -> None:
        """Do what was pressed, away from the thread that asked; say why it could not."""

        def work() -> None:
            try:
                act()
                said = ""
            except InputError as error:
                said = str(error)
            self._said.value = span("wb-warn", said) if said else ""

        threading.Thread(target=work, name="lag button", daemon=True).start()


def _button(name: str, press: Callable[[], object]) -> Button:
    button = Button(description=name, tooltip=name, layout=Layout(width="auto"))
    button.on_click(lambda _: press())
    return button


def _disable(one: Button | LagCard) -> None:
    if isinstance(one, LagCard):
        one.disable()
    else:
        one.disabled = True
