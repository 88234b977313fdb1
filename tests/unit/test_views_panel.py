"""The panel of an experiment: what it runs, keeps, refuses and says."""

import threading
from collections.abc import Iterator

import pytest
from ipywidgets import Dropdown, SelectionSlider

from helpers.views.panel import Panel
from helpers.views.panel_render import Run, panel_html, panel_text
from helpers.waiting import wait_for

CHOICES = {"linger_ms": [0, 5, 1000], "codec": ["none", "zstd"]}


def measured(linger_ms: int = 5, codec: str = "none") -> dict[str, float]:
    return {"records a second": 1000.0 * (linger_ms + 1), "codec's letters": len(codec)}


def ended(panel: Panel) -> str:
    """Return the panel's text after the run that goes on."""
    wait_for(lambda: not panel.running, 10, "the run's end")
    return panel.text()


class Gate:
    """An experiment that waits until it is let through."""

    def __init__(self) -> None:
        self.open, self.calls = threading.Event(), 0

    def __call__(self) -> dict[str, float]:
        self.calls += 1
        assert self.open.wait(10)
        return {"calls": self.calls}


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


def test_numbers_get_a_slider_and_words_a_list() -> None:
    panel = Panel(measured, CHOICES)
    assert isinstance(panel.controls["linger_ms"], SelectionSlider)
    assert isinstance(panel.controls["codec"], Dropdown)
    assert panel.controls["linger_ms"].value == 5  # the function's own default
    assert [one.description for one in panel.controls.values()] == ["linger.ms", "codec"]
    assert panel.text() == "Chosen: linger.ms 5, codec none\nChoose, and press Run."


def test_a_slider_stands_beside_the_number_that_it_chooses() -> None:
    panel = Panel(measured, CHOICES)
    slider, number = panel.widget.children[0].children[0].children
    assert slider is panel.controls["linger_ms"]
    assert not slider.readout  # it could be typed into, and would change nothing
    assert number.value == "5"
    slider.value = 1000
    assert number.value == "1,000"


def test_runs_are_kept_to_be_compared() -> None:
    panel = Panel(measured, CHOICES)
    panel.press()
    ended(panel)
    panel.controls["linger_ms"].value = 1000
    panel.controls["codec"].value = "zstd"
    panel.press()
    assert ended(panel).splitlines() == [
        "Chosen: linger.ms 1,000, codec zstd",
        "Done. Change a setting, and run again to compare.",
        "run  linger.ms  codec  records a second  codec's letters",
        "  1          5   none             6,000                4",
        "  2      1,000   zstd         1,001,000                4",
    ]


def test_only_the_last_runs_are_shown_under_their_own_numbers() -> None:
    panel = Panel(measured, CHOICES)
    for _ in range(10):
        panel.press()
        ended(panel)
    assert [int(line.split()[0]) for line in panel.text().splitlines()[3:]] == [
        *range(3, 11)
    ]


def test_one_run_at_a_time_in_all_panels(gate: Gate) -> None:
    first, second = Panel(gate, {}), Panel(gate, {})
    first.press()
    second.press()
    first.press()
    assert "A run is going on" in second.text()
    assert "A run is going on" in first.text()
    gate.open.set()
    assert "Done." in ended(first)
    assert gate.calls == 1
    second.press()
    assert "Done." in ended(second)


def test_the_page_does_not_wait_for_a_run(gate: Gate) -> None:
    panel = Panel(gate, {})
    panel.press()
    assert panel.running
    assert "Running …" in panel.text()
    # Else it would stand in the next test's way.
    gate.open.set()
    ended(panel)


def test_an_error_is_a_sentence_and_loses_no_run() -> None:
    answers = iter([None, BufferError("Local: Queue full"), None])

    def run() -> dict[str, float]:
        if error := next(answers):
            raise error
        return {"sent": 1}

    panel = Panel(run, {}, lambda error: f"Sorry: {error}.")
    for said in ("Done.", "This run failed. Sorry: Local: Queue full.", "Done."):
        panel.press()
        assert said in ended(panel)
    assert [line.split()[0] for line in panel.text().splitlines()[2:]] == ["1", "2"]


@pytest.mark.parametrize("answer", [None, 3, {"sent": "many"}])
def test_what_is_no_measurement_is_said_so(answer: object) -> None:
    panel = Panel(lambda: answer, {})  # type: ignore[arg-type,return-value]
    panel.press()
    assert f"must return a dict of numbers, and it returned {answer!r}" in ended(panel)


def test_a_setting_needs_choices() -> None:
    with pytest.raises(ValueError, match="nothing to choose from for 'acks'"):
        Panel(measured, {"acks": []})


def test_stopped_it_waits_for_its_run_and_begins_none(gate: Gate) -> None:
    panel = Panel(gate, {})
    panel.press()
    threading.Timer(0.05, gate.open.set).start()
    panel.stop()
    assert not panel.running
    panel.press()
    assert gate.calls == 1
    assert "This panel is stopped" in panel.text()


def test_the_widget_carries_the_text() -> None:
    bundle = Panel(measured, CHOICES)._repr_mimebundle_()
    assert "Choose, and press Run." in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_bars_are_as_long_as_their_numbers_and_names_are_escaped() -> None:
    runs = [
        Run(1, {"co.dec": "<b>"}, {"MB": 4.0}),
        Run(2, {"co.dec": "zstd"}, {"MB": 1.0}),
    ]
    page = panel_html("Done & dusted", runs)
    assert "width:100%" in page
    assert "width:25%" in page
    assert "&lt;b&gt;" in page
    assert "co.<wbr>dec" in page
    assert "Done &amp; dusted" in page


def test_a_measure_that_a_run_lacks_is_a_dash() -> None:
    runs = [Run(1, {}, {"a": 0.0}), Run(2, {}, {"b": 0.123456})]
    assert panel_text({}, "", runs).splitlines() == [
        "run  a      b",
        "  1  0      –",
        "  2  –  0.123",
    ]
    assert "–" in panel_html("", runs)
