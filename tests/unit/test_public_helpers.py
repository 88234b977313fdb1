"""What a student may give wrongly to any helper: a value that fits, or one sentence.

The helpers are found, not listed: a new one is tried as soon as it is there, and its
test asks for what it takes.
"""

import inspect
import math
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tqdm import TMonitor

import helpers
from helpers import flights
from helpers.course import current, errors
from helpers.course.cards import Action, Card, Content, Face
from helpers.course.lesson import Lesson
from helpers.course.predictions import NumberPrediction, predict
from helpers.course.view import recording
from helpers.inputs import InputError
from helpers.kafka.members import Member
from helpers.servers.attached.cluster import AttachedCluster
from helpers.servers.compose.cluster import ComposeCluster
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.environment import client_environment
from helpers.settings import Attached, Settings
from helpers.views import chart
from helpers.views.lag_board import LagBoard
from helpers.views.live_view import LiveView
from helpers.views.panel import Panel
from helpers.views.rebalance_views import RebalanceTimeline
from helpers.views.replay import VIEWS, ReplayView
from tests.conftest import own_settings


class Mute:
    """What cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


WRONG: dict[str, object] = {
    "None": None,
    "5": 5,
    "-1": -1,
    "1.5": 1.5,
    "nan": math.nan,
    "empty": "",
    "two": "²",
    "long": "long " * 500,
    "half": "\ud800",
    "bytes": b"x",
    "list": [],
    "dict": {},
    "object": object(),
    "function": lambda *_: True,
    "mute": Mute(),
}
TEXTS = {"empty", "two", "long"}
NUMBERS = {"5", "-1", "1.5"}
TIMES = {"5", "1.5"}
NOTHING: set[str] = set()


def _measured(n: int = 1) -> dict[str, float]:
    return {"seconds": n}


# By its name, or that of its helper and its own: what is right, and which of the wrong
# values are not wrong.
ARGUMENTS: dict[str, tuple[object, set[str]]] = {
    "alt": ("One bar.", TEXTS),
    "apply_quotas.client": (
        SimpleNamespace(
            meta=SimpleNamespace(
                service_model=SimpleNamespace(service_name="kinesis"),
                endpoint_url="http://127.0.0.1:9",
            )
        ),
        NOTHING,
    ),
    "arguments": (1, NOTHING),  # the script is not there
    "bars.values": ({"one": 1}, NOTHING),
    "base": ("flights", NOTHING),
    "begin.name": ("04_topics", NOTHING),
    "broker": (1, NOTHING),
    "checkpoints": (dict, {"None", "function"}),
    "condition": (lambda: True, {"function"}),
    "do": (print, {"function"}),
    "due": (1, TIMES),
    "every": (1, {"None", "5", "1.5"}),
    "exercise_id": ("4.2", NOTHING),
    "facts": (1, NOTHING),
    "face": (Face(Content("info", "Title", ("Said.",))), NOTHING),
    "file": ("08_failover", NOTHING),
    "flights": (flights.day(1)[:2], {"list", "dict"}),
    "group": ("carriers", NOTHING),
    "groups": ("carriers", NOTHING),
    "guess": ("5", TEXTS),
    "hours": (1, TIMES),
    "interval": (0.1, TIMES),
    "label": ("Look", NOTHING),
    "listener": (print, {"function"}),
    "lateness": (1, TIMES),
    "lines.mark": ((0, "begin"), {"None"}),
    "lines.series": ({"one": ([0, 2], [1, 2])}, NOTHING),
    "member": ("A", TEXTS),
    "milliseconds": (5, NOTHING),  # no consumer runs
    "node_id": (1, NOTHING),  # there is none of that number
    "number": (1, {"5"}),
    "add.number": (1, NOTHING),  # so many cannot be added
    "panel.choices": ([1, 2], NOTHING),
    "panel.run": (_measured, {"function"}),
    "partition": (0, NOTHING),  # no broker has it
    "partitions": (1, NOTHING),  # no broker runs
    "segments.partition": (0, {"5"}),
    "prediction_id": ("4.1", NOTHING),
    "reset_progress.lesson": ("04_topics", {"None"}),
    "read_segment.name": ("0.log", NOTHING),
    "record.file": ("seen", {"two"}),
    "result": (1048576, {"None", *TEXTS, *NUMBERS}),
    "role": ("broker", NOTHING),
    "script": ("missing.py", NOTHING),
    "lag.script": ("missing.py", {"None"}),
    "seconds": (5, {"5", "1.5"}),
    "replay_peak.seconds": (5, NOTHING),  # a recording
    "settings": ({}, {"None", "dict"}),
    "speed": (1.0, TIMES),
    "stream": ("flights", NOTHING),
    "strict": (False, NOTHING),
    "throttle.name": ("consumer-A", NOTHING),
    "remove.name": ("consumer-A", NOTHING),
    "kill.name": ("consumer-A", NOTHING),
    "timeout": (1, TIMES),
    "title": ("How many?", TEXTS),
    "topic": ("flights", NOTHING),
    "unit": ("records", TEXTS),
    "value": (flights.day(1)[0].to_json(), NOTHING),
    "what": ("it", TEXTS),
    "window": (30, TIMES),
    "writes": (0.5, NOTHING),
    "x": ("hour", TEXTS),
    "y": ("flights", TEXTS),
}

CLASSES = (
    AttachedCluster,
    Card,
    ComposeCluster,
    EmbeddedCluster,
    LagBoard,
    Lesson,
    LiveView,
    Member,
    NumberPrediction,
    Panel,
    RebalanceTimeline,
    ReplayView,
    *(view for view in VIEWS.values() if inspect.isclass(view)),
)
# At most, by servers that do not run, a recording and reset_progress.
LEFT = {"state", "².json.gz", "progress.json", "progress.json.lock"}
# Whoever starts and ends all servers is no student.
FOR_PROGRAMS = {"up", "down", "reset", "end_if_abandoned"}


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in helpers.__all__:
        thing = getattr(helpers, name)
        if not isinstance(thing, ModuleType):
            yield name, thing
            continue
        for one, function in inspect.getmembers(thing, inspect.isfunction):
            own = function.__module__ == thing.__name__ and not one.startswith("_")
            if own or one in getattr(thing, "__all__", ()):
                yield f"{name}.{one}", function


def _methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    for owner in CLASSES:
        for name, method in inspect.getmembers_static(owner, inspect.isfunction):
            ours = method.__module__.startswith("helpers")
            if ours and not name.startswith("_") and name not in FOR_PROGRAMS:
                yield f"{owner.__name__}.{name}", method


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    found = inspect.signature(function).parameters.values()
    return [one for one in found if one.name != "self"]


ALL = dict((*_functions(), *_methods()))
HELPERS = {label: function for label, function in ALL.items() if _parameters(function)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[type, object]]:
    """Give one object of each class, and a lesson on servers that do not run."""
    folder = tmp_path_factory.mktemp("place")
    own = own_settings(folder)
    threads = set(threading.enumerate())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PATH", str(folder))  # no docker is there
        patch.setenv("WORKBOOK_STATE_DIR", str(own.state_dir))
        patch.setenv("WORKBOOK_PROGRESS_FILE", str(own.progress_file))
        cluster = EmbeddedCluster(own)
        for name, value in client_environment(cluster.status()).items():
            patch.setenv(name, value)
        lesson = Lesson("04_topics", cluster, "", "-7f3a", strict=False, patience=0)
        patch.setattr(current, "_lesson", [lesson])
        # What cannot be drawn is told by the charts' own tests; a picture takes long.
        patch.setattr(chart, "svg", lambda _: "<svg/>")
        made = _objects(own, cluster, lesson, folder)
        patch.setitem(ARGUMENTS, "record.view", (made[LiveView], NOTHING))
        patch.setitem(ARGUMENTS, "holds.group", (_group(made), NOTHING))
        yield made
        for one in made.values():
            if isinstance(one, ReplayView | LiveView | Panel):
                one.stop()
    left = set(threading.enumerate()) - threads
    assert [one for one in left if not isinstance(one, TMonitor)] == []
    assert {file.name for file in folder.iterdir()} <= LEFT


def _objects(
    own: Settings, cluster: EmbeddedCluster, lesson: Lesson, folder: Path
) -> dict[type, object]:
    somewhere = Attached("127.0.0.1:9", None, "anna.", None)
    process = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.DEVNULL)
    process.wait()
    face = Face(Content("info", "T", ("S",)), (Action("Look", lambda: face),))
    shipped = {name: recording(name) for name in ("09_lag", "09_rebalance")}
    made: dict[type, object] = {
        AttachedCluster: AttachedCluster(replace(own, attached=somewhere), somewhere),
        Card: Card(face),
        ComposeCluster: ComposeCluster(own),
        EmbeddedCluster: cluster,
        LagBoard: shipped["09_lag"].view,
        Lesson: lesson,
        LiveView: recording("08_failover").view,
        Member: Member(folder / "ended.py", process, folder / "ended.output"),
        NumberPrediction: predict("4.2"),
        Panel: Panel(_measured, {"n": [1, 2]}),
        RebalanceTimeline: shipped["09_rebalance"].view,
        ReplayView: shipped["09_lag"],
    }
    return {**{one: made[LiveView] for one in CLASSES}, **made}


def _group(made: dict[type, object]) -> str:
    timeline = made[RebalanceTimeline]
    assert isinstance(timeline, RebalanceTimeline)
    return timeline.snapshot.groups[0]


@pytest.mark.parametrize("label", HELPERS)
def test_a_wrong_argument_gets_one_sentence(
    place: dict[type, object], label: str
) -> None:
    function = HELPERS[label]
    owner = next((one for one in CLASSES if label.startswith(f"{one.__name__}.")), None)
    bound = function.__get__(place[owner]) if owner else function
    name = label.rpartition(".")[2]
    for parameter in _parameters(function):
        fitting = _argument(name, parameter.name)[1]
        if owner in (AttachedCluster, ComposeCluster):
            fitting = NOTHING
        taken = {wrong for wrong in WRONG if _is_taken(bound, name, parameter, wrong)}
        assert taken == fitting, f"{label} of {parameter.name}"


# Lessons read each of 100,000 records with this one: it judges what it could not read.
@pytest.mark.parametrize("label", sorted(ALL.keys() - {"flights.from_json"}))
def test_a_call_that_is_none_gets_a_sentence(label: str) -> None:
    function, nothing = ALL[label], inspect.Parameter.empty
    takes_any = any(one.kind is one.VAR_KEYWORD for one in _parameters(function))
    missing = takes_any and any(one.default is nothing for one in _parameters(function))
    if takes_any and not missing:
        return
    with pytest.raises(InputError, match="got wrong arguments"):
        function(**({} if missing else {"no_such_argument": 1}))


def _argument(function: str, parameter: str) -> tuple[object, set[str]]:
    own = ARGUMENTS.get(f"{function}.{parameter}")
    found = own or ARGUMENTS.get(parameter)
    assert found, f"say in ARGUMENTS what {function} takes for {parameter}"
    return found


def _is_taken(
    function: Callable[..., Any], name: str, tried: inspect.Parameter, wrong: str
) -> bool:
    """Call a helper with one wrong argument; see that it takes it or says a sentence."""
    args: list[object] = []
    kwargs: dict[str, object] = {}
    for one in _parameters(function):
        is_tried = one.name == tried.name
        # A question has no facts but those that stand in it.
        if not is_tried and (one.default is not one.empty or one.name == "facts"):
            continue
        value = WRONG[wrong] if is_tried else _argument(name, one.name)[0]
        needed = one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
        if needed or one.kind is one.VAR_POSITIONAL:
            args.append(value)
        else:
            kwargs["n" if one.kind is one.VAR_KEYWORD else one.name] = value
    try:
        _end(function(*args, **kwargs))
    except errors._SENTENCES as error:
        said = errors.sentence(error)
        assert said[-1] in ".:" or ": " in said
        assert "\n" not in said
        assert len(said) < 400
        return False
    return True


def _end(result: object) -> None:
    """Begin and end what a helper returned."""
    if isinstance(result, AbstractContextManager):
        with result:
            pass
    if isinstance(result, LiveView | ReplayView | Panel):
        result.stop()
