"""A stop that a call of a client does not hear is answered while the call lasts."""

from collections.abc import Iterator

import pytest

from helpers.course.late_stop import SENTENCE
from tests.kernels import Cell, running_kernel

STOP = "Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\n"


@pytest.fixture(scope="module")
def run() -> Iterator[Cell]:
    with running_kernel() as run:
        run(
            "import os, signal, time\n"
            "from threading import Timer\n"
            "from confluent_kafka import Consumer\n"
            "from helpers.course import late_stop\n"
            "late_stop.install()\n"
            "late_stop.install()\n"  # as set-up cells that are run again do
            "lost = {'bootstrap.servers': '127.0.0.1:9', 'log_level': 0}\n"
            "consumer = Consumer({**lost, 'group.id': 'any'})\n"
            "consumer.subscribe(['any'])"
        )
        yield run


def test_a_call_that_goes_on_is_answered(run: Cell) -> None:
    told, end = run(f"{STOP}consumer.consume(1, timeout=6)")
    assert told["data"]["text/plain"] == SENTENCE
    assert end["ename"] == "KeyboardInterrupt"


def test_a_cell_that_ends_is_not(run: Cell) -> None:
    (end,) = run(f"{STOP}time.sleep(60)")
    assert end["ename"] == "KeyboardInterrupt"
    assert run("time.sleep(3)") == []
