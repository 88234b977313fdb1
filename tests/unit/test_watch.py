"""A watch outlives a fault in its question, and tells of it."""

import threading

import pytest

from helpers.live.watch import Watch
from helpers.waiting import wait_for


class Faulty(Watch[int]):
    asked = 0

    def _ask(self) -> int:
        self.asked += 1
        if self.asked < 3:
            raise LookupError("a fault of the workbook")
        return self.asked


def test_a_fault_is_told_once_and_the_next_answer_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    watch = Faulty("faulty", 0.01)
    try:
        wait_for(lambda: watch.sample, 10, "an answer")
    finally:
        watch.close()
    assert [one.exc_type for one in told] == [LookupError]
