"""The same job on every engine: the right answer, odd events, a crash, a clean end."""

import psutil
import pytest

from helpers.engines import answers, reports
from helpers.engines.trials import Trial, after_kills, odd_events
from helpers.waiting import wait_for

pytestmark = pytest.mark.timeout(600)


def test_every_engine_gives_the_batchs_answer_and_ends(trial: Trial) -> None:
    week = reports.week()
    trial.send(week)
    job = trial.start()
    try:
        wanted = answers.batch(week)
        good = trial.wait_for_answer(job, wanted)
        assert good, answers.difference(wanted, trial.answer)
        late, no_flight = odd_events(trial, job, week)
        assert late == "dropped"
        assert no_flight == "passed over"
        processes = psutil.Process(job.pid).children(recursive=True)
    finally:
        job.stop()
    assert processes
    wait_for(lambda: not any(map(_lives, processes)), 10, "the end of its processes")


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_crash_half_way_leaves_no_wrong_delay(trial: Trial) -> None:
    if trial.engine.name == "faust":
        pytest.skip("Faust promises it, and once it was not so: see docs/engines.md")
    week = reports.week()
    told = after_kills(trial, week, kills=1)
    assert "delays are right" in told or told.startswith("right"), told
