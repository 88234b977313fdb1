"""What clients say of lost brokers folds into one line of the cell that runs."""

from collections.abc import Iterator
from typing import Any

import pytest

from helpers.course.client_log import PAUSE_SECONDS
from helpers.course.lost_brokers import KEPT, LostBrokers, tells_of_lost_broker
from helpers.servers.embedded.ports import reservations
from tests.kernels import Cell, running_kernel

THREAD = "FAIL [rdkafka#producer-1] [thrd:127.0.0.1:4001/2]: "
REFUSED = "Connect to ipv4#127.0.0.1:4001 failed: Connection refused (after 0ms)"
KNOWN = f"{THREAD}127.0.0.1:4001/2: Disconnected (after 5ms in state UP)"
FIRST = f"{THREAD}127.0.0.1:4001/bootstrap: {REFUSED}"
OTHER = f"{THREAD}127.0.0.1:4003/3: {REFUSED}"
COORDINATOR = "FAIL [c-1] [thrd:GroupCoordinator]: GroupCoordinator: 127.0.0.1:4001: Gone"
LATE = "REQTMOUT [p-1] [thrd:127.0.0.1:4001/2]: 127.0.0.1:4001/2: Timed out 1 in-flight"


def lost(*lines: str) -> LostBrokers:
    found = LostBrokers({})
    for line in lines:
        found.add(line)
    return found


@pytest.mark.parametrize("line", [KNOWN, FIRST, OTHER, COORDINATOR, LATE])
def test_a_lost_broker_is_one(line: str) -> None:
    assert tells_of_lost_broker(line)


@pytest.mark.parametrize(
    "line",
    [
        f"{THREAD}sasl_plaintext://127.0.0.1:4001/2: SASL authentication error: Bad",
        f"{THREAD}ssl://127.0.0.1:4001/2: SSL handshake failed: certificate expired",
        f"{THREAD}nowhere:4001/bootstrap: Failed to resolve 'nowhere:4001': unknown",
        "FATAL [rdkafka#producer-1] Fatal error: Local: Fenced",
        "MAXPOLL [c-1] [thrd:main]: Application maximum poll interval exceeded",
    ],
)
def test_what_a_student_must_see_is_none(line: str) -> None:
    assert not tells_of_lost_broker(line)


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        ([KNOWN], "broker 2, 1 line"),
        ([FIRST], "127.0.0.1:4001, 1 line"),
        ([FIRST, KNOWN, COORDINATOR], "broker 2, 3 lines"),
        ([OTHER, KNOWN], "brokers 2 and 3, 2 lines"),
        ([KNOWN, FIRST.replace("4001/b", "9/b")], "broker 2 and 127.0.0.1:9, 2 lines"),
        (["FAIL [p-1] in other words"], "a broker, 1 line"),
    ],
)
def test_it_names_whom_the_client_lost(lines: list[str], who: str) -> None:
    assert repr(lost(*lines)).startswith(f"The client lost {who}\nA connection broke")


def test_text_and_html_hold_the_lines_in_order() -> None:
    found = lost(KNOWN, FIRST.replace("refused", "<refused>"), OTHER)
    text, html = repr(found), found._repr_html_()
    assert text.index(KNOWN) < text.index("<refused>") < text.index(OTHER)
    assert html.index(KNOWN) < html.index("&lt;refused&gt;") < html.index(OTHER)
    assert "<summary" in html


def test_the_last_lines_are_kept_and_all_are_counted() -> None:
    found = lost(*(f"{KNOWN} #{number}#" for number in range(KEPT + 50)))
    assert f"broker 2, {KEPT + 50} lines" in repr(found)
    for shown in (repr(found), found._repr_html_()):
        assert f"the last {KEPT} lines" in shown
        assert "#49#" not in shown
        assert "#50#" in shown


@pytest.fixture(scope="module")
def run() -> Iterator[Cell]:
    """Return what runs a cell in a kernel whose clients find no broker."""
    with reservations() as ports, running_kernel() as run:
        run(
            "from confluent_kafka import Consumer, Producer\n"
            "from helpers.course.client_log import client_log\n"
            f"lost = {{'bootstrap.servers': '127.0.0.1:{ports.take(None)}'}}\n"
            "lost['logger'] = client_log().logger"
        )
        yield run


def test_a_cells_lines_change_one_output_in_place(run: Cell) -> None:
    consumer = "Consumer({**lost, 'group.id': 'any'})"
    first, *later = run(
        f"one = {consumer}; one.subscribe(['any'])\n_ = one.consume(1, 3)"
    )
    assert first["type"] == "display_data"
    assert {one["type"] for one in later} == {"update_display_data"}
    assert {_display_id(one) for one in later} == {_display_id(first)}
    # By time, not by line: in 3 s, and at the end of the cell.
    assert len(later) <= 3 / PAUSE_SECONDS + 1
    text, html = later[-1]["data"]["text/plain"], later[-1]["data"]["text/html"]
    assert _count(text) > len(later) + 1
    assert text.partition("\n")[0] in html


def test_the_next_cell_has_a_line_of_its_own(run: Cell) -> None:
    assert run("one = Producer(lost); one.produce('any', b'1')") == []
    first, second = run("_ = one.flush(1)")[0], run("_ = one.flush(1)")[0]
    assert _display_id(first) != _display_id(second)
    assert first["type"] == second["type"] == "display_data"


def test_other_lines_are_red(run: Cell) -> None:
    (shown,) = run("lost['logger'].info('%s [%s] %s', 'CONFWARN', 'client', 'unused')")
    assert (shown["name"], shown["text"]) == ("stderr", "CONFWARN [client] unused\n")


def _display_id(shown: dict[str, Any]) -> str:
    return str(shown["transient"]["display_id"])


def _count(text: str) -> int:
    return int(text.partition("\n")[0].split(", ")[1].split(" ")[0])
