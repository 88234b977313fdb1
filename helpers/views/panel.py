"""A small experiment with its settings: choose, press Run, compare what was measured."""

import inspect
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import HTML, Button, HBox, VBox

from helpers.inputs import public_methods
from helpers.views import running
from helpers.views.panel_controls import Choices, beside_its_value, control, dotted
from helpers.views.panel_render import Run, panel_html, panel_text
from helpers.views.still import mimebundle

Experiment = Callable[..., Mapping[str, float]]

_SHOWN_RUNS = 8
_STOP_SECONDS = 10.0
_IDLE = "Choose, and press Run."
_BUSY = "A run is going on. Press again when it has ended."
_STOPPED = "This panel is stopped: run its cell again to go on."

# Two runs at once would measure each other; this holds for all panels of a kernel.
_ONE_AT_A_TIME = threading.Lock()


@public_methods
class Panel:
    """Settings to choose, a button, and a table of the last runs.

    A run is on a thread of its own, so that neither the kernel nor the page waits.

    Args:
        run: the experiment. It takes each setting by name, and returns what it
            measured: numbers by names that carry their units.
        choices: by the name of each setting, what can be chosen: a slider if all are
            numbers, else a list. It begins with the default of ``run``, if that is
            among them, else with the first.
        explain: makes one sentence of an error.

    Attributes:
        widget: what is shown.
        controls: the sliders and lists, by name.

    Raises:
        InputError: a setting has nothing to choose from.
    """

    def __init__(
        self,
        run: Experiment,
        choices: Mapping[str, Choices],
        explain: Callable[[BaseException], str] = str,
    ) -> None:
        self._run, self._explain = run, explain
        defaults = inspect.signature(run).parameters
        self.controls = {
            name: control(name, some, getattr(defaults.get(name), "default", None))
            for name, some in choices.items()
        }
        self._runs: tuple[Run, ...] = ()
        self._note = _IDLE
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._shown = HTML(panel_html(_IDLE, ()))
        self._button = Button(description="Run", tooltip="Run this experiment")
        self._button.on_click(lambda _: self.press())
        shown = map(beside_its_value, self.controls.values())
        row = HBox([*shown, self._button])
        row.layout.flex_flow = "row wrap"
        self.widget = VBox([row, self._shown])
        running.register("panel", str(id(self)), self)

    @property
    def running(self) -> bool:
        """Whether a run of this panel goes on."""
        return self._thread is not None and self._thread.is_alive()

    def press(self) -> None:
        """Begin a run with what is chosen, as the button does; it ends by itself."""
        if self._stopped:
            return
        if not _ONE_AT_A_TIME.acquire(blocking=False):
            self._show(_BUSY)
            return
        self._show("Running …")
        chosen = self._chosen()
        self._thread = threading.Thread(
            target=self._work, args=(chosen,), name="panel run", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Begin no more runs, and wait for the one that goes on."""
        self._stopped = True
        if self._thread:
            self._thread.join(_STOP_SECONDS)
        self._button.disabled = True
        self._show(_STOPPED)

    def text(self) -> str:
        """Return everything that the panel shows, as lines of text."""
        named = {dotted(name): value for name, value in self._chosen().items()}
        return panel_text(named, self._note, self._runs)

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the widget, and its picture for whoever cannot show one."""
        return mimebundle(self.widget, self.text())

    def _chosen(self) -> dict[str, Any]:
        return {name: one.value for name, one in self.controls.items()}

    def _work(self, chosen: dict[str, Any]) -> None:
        try:
            self._keep(chosen, _measures(self._run(**chosen)))
            note = "Done. Change a setting, and run again to compare."
        except Exception as error:  # the experiment is the student's: anything may come
            note = f"This run failed. {self._explain(error)}"
        finally:
            _ONE_AT_A_TIME.release()
        self._show(_STOPPED if self._stopped else note)

    def _keep(self, chosen: dict[str, Any], measures: dict[str, float]) -> None:
        number = self._runs[-1].number + 1 if self._runs else 1
        named = {dotted(name): value for name, value in chosen.items()}
        self._runs = (*self._runs, Run(number, named, measures))[-_SHOWN_RUNS:]

    def _show(self, note: str) -> None:
        self._note = note
        self._shown.value = panel_html(note, self._runs)


def _measures(found: object) -> dict[str, float]:
    """Return what a run measured.

    Raises:
        TypeError: it returned something else than numbers by names.
    """
    if not isinstance(found, Mapping) or not all(
        isinstance(value, int | float) for value in found.values()
    ):
        said = "The experiment must return a dict of numbers"
        raise TypeError(f"{said}, and it returned {found!r}.")
    return dict(found)
