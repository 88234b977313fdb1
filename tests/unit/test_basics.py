"""Settings, names, waiting and the flights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import flights
from helpers.inputs import InputError
from helpers.names import unique
from helpers.replaying import replay
from helpers.settings import PROJECT_ROOT, Settings, SettingsError
from helpers.waiting import PATIENCE_VARIABLE, WaitTimeout, patience, wait_for

ATTACHED = {
    "WORKBOOK_MODE": "attached",
    "KAFKA_BOOTSTRAP_SERVERS": "kafka.example.com:9092",
}


def test_addresses_of_others_do_not_change_the_mode() -> None:
    stray = {
        "KAFKA_BOOTSTRAP_SERVERS": "kafka.example.com:9092",
        "AWS_ENDPOINT_URL_KINESIS": "https://kinesis.example.com",
        "WORKBOOK_PREFIX": "not a prefix",
        "WORKBOOK_CLIENT_PROPERTIES": "/no/such/file",
    }
    assert Settings.from_environment(stray) == Settings.from_environment({})
    assert Settings.from_environment(stray).mode == "embedded"
    assert Settings.from_environment(stray).attached is None


def test_state_belongs_to_the_clone_and_downloads_to_the_user() -> None:
    settings = Settings.from_environment({})
    assert settings.state_dir == PROJECT_ROOT / ".workbook"
    assert PROJECT_ROOT not in settings.cache_dir.parents


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"WORKBOOK_MODE": "production"}, "WORKBOOK_MODE is 'production': choose one of"),
        ({"WORKBOOK_JAVA": "/no/such/java"}, "give the path of a java executable"),
        ({"WORKBOOK_JAVA": "/"}, "which is no program"),
        ({"WORKBOOK_MODE": "attached"}, "KAFKA_BOOTSTRAP_SERVERS names no brokers"),
        (ATTACHED | {"KAFKA_BOOTSTRAP_SERVERS": "here"}, "'here' is no host:port"),
        (ATTACHED | {"KAFKA_BOOTSTRAP_SERVERS": "here:port"}, "is no host:port"),
        (ATTACHED | {"KAFKA_BOOTSTRAP_SERVERS": "a:9092,"}, "'' is no host:port"),
        (ATTACHED | {"KAFKA_BOOTSTRAP_SERVERS": "http://a:9092"}, "is no host:port"),
        (ATTACHED | {"WORKBOOK_PREFIX": "two words"}, "WORKBOOK_PREFIX is 'two words'"),
        (ATTACHED | {"WORKBOOK_PREFIX": "a.b"}, "use 1 to 32 letters"),
        (ATTACHED | {"WORKBOOK_PREFIX": "a_b"}, "use 1 to 32 letters"),
        (
            ATTACHED | {"WORKBOOK_CLIENT_PROPERTIES": "/nowhere"},
            "no file that can be",
        ),
    ],
)
def test_bad_settings_get_a_sentence(variables: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_environment(variables)


@pytest.mark.parametrize("given", ["a:1, b:2", "[::1]:1,b.example:22222"])
def test_addresses_of_every_kind_are_taken(given: str) -> None:
    settings = Settings.from_environment({**ATTACHED, "KAFKA_BOOTSTRAP_SERVERS": given})
    assert settings.attached is not None
    assert settings.attached.bootstrap_servers == given.replace(" ", "")


@pytest.mark.parametrize("mode", ["", "embedded", "compose"])
def test_only_the_mode_attaches(mode: str) -> None:
    settings = Settings.from_environment({**ATTACHED, "WORKBOOK_MODE": mode})
    assert settings.attached is None
    assert settings.prefix == ""


def test_attached_settings_are_read_and_a_prefix_ends_with_its_dot() -> None:
    for given in ("anna-2", "anna-2."):
        settings = Settings.from_environment({**ATTACHED, "WORKBOOK_PREFIX": given})
        assert settings.prefix == "anna-2."
    assert settings.attached is not None
    assert settings.attached.bootstrap_servers == "kafka.example.com:9092"
    assert settings.attached.kinesis_endpoint is None
    assert Settings.from_environment(ATTACHED).prefix.endswith(".")


def test_runs_on_other_servers_are_remembered_apart() -> None:
    variables = [{}, {"WORKBOOK_MODE": "compose"}, ATTACHED]
    variables.append({**ATTACHED, "KAFKA_BOOTSTRAP_SERVERS": "other.example.com:9092"})
    folders = {Settings.from_environment(one).runs_dir for one in variables}
    assert len(folders) == 4


def test_unique_names_are_readable_and_differ() -> None:
    names = {unique("nyc.flight.departed") for _ in range(20)}
    assert len(names) > 15
    assert all(name.startswith("nyc.flight.departed-") for name in names)


@pytest.mark.parametrize("base", ["", "two words", "a/b", "é", "x" * 245])
def test_names_that_a_server_would_refuse_are_refused_here(base: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be a name|too long"):
        unique(base)


def test_the_longest_name_is_taken() -> None:
    assert len(unique("x" * 244)) == 249


def test_wait_for_returns_the_answer_or_names_what_was_missing() -> None:
    answers = iter([None, [], "here"])
    assert wait_for(lambda: next(answers), 5, "an answer", interval=0.001) == "here"
    with pytest.raises(WaitTimeout, match=f"Waited {0.01 * patience():g} s for the"):
        wait_for(lambda: False, 0.01, "the impossible", interval=0.001)


@pytest.mark.parametrize(("said", "factor"), [("", 1), ("2", 2), ("0.1", 0.1)])
def test_a_slow_machine_lengthens_the_deadlines(
    monkeypatch: pytest.MonkeyPatch, said: str, factor: float
) -> None:
    monkeypatch.setenv(PATIENCE_VARIABLE, said)
    assert patience() == factor
    with pytest.raises(WaitTimeout, match=rf"Waited {0.01 * factor:g} s"):
        wait_for(lambda: False, 0.01, "it", interval=0.001)


@pytest.mark.parametrize("said", ["two", "0", "-1", "nan", "inf", "1e308", "0.001"])
def test_what_is_no_factor_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(PATIENCE_VARIABLE, said)
    with pytest.raises(InputError, match=f"a number from 0.1 to 100, .* not '{said}'"):
        patience()


def test_the_month_is_whole() -> None:
    month = list(flights.all_flights())
    assert len(month) == 24_951
    assert len({flight.carrier for flight in month}) == 15
    assert {flight.origin for flight in month} == {"EWR", "JFK", "LGA"}
    storm = [flight for flight in month if flight.day in (8, 9) and flight.cancelled]
    assert len(storm) == 865


@pytest.mark.parametrize("value", [None, b"", b"{", b'{"day": 8}', b"\xff", b"[" * 9999])
def test_what_is_no_flight_is_told(value: bytes) -> None:
    with pytest.raises(InputError, match="takes the value of a flight's event") as error:
        flights.from_json(value)
    assert "\n" not in str(error.value)


def test_what_replays_are_flights() -> None:
    with pytest.raises(InputError, match=r"A replay takes flights, .* not 'UA'"):
        replay(["UA"], 0)  # type: ignore[list-item]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_stops_reading_a_command_hears_no_more(
    unbuffered: str, tmp_path: Path
) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "helpers", "status"],
            env={
                **os.environ,
                "PYTHONUNBUFFERED": unbuffered,
                "WORKBOOK_STATE_DIR": str(tmp_path),
            },
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_day_is_in_the_order_of_the_plan() -> None:
    day = flights.day(8)
    assert {flight.day for flight in day} == {8}
    assert [flight.scheduled for flight in day] == sorted(f.scheduled for f in day)


def test_a_flight_survives_its_journey_as_bytes() -> None:
    for flight in flights.day(9)[:50]:
        assert flights.from_json(flight.to_json()) == flight


@pytest.mark.parametrize("number", [0, 29, -1])
def test_a_day_that_february_has_not(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 28"):
        flights.day(number)


def test_the_data_is_read_where_the_clone_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert flights.day(1)
