"""How long the nodes take to answer, against Kafka's own JVM options."""

from bench import kafkas_own
from bench.figure import Figure, Goal
from bench.place import alternately, running_servers, seconds
from helpers.servers.embedded.cluster import EmbeddedCluster

ROUNDS = 5


def measure() -> list[Figure]:
    """Start brokers and controller by turns with our options and with Kafka's."""
    with running_servers() as (settings, cluster):
        kafkas = kafkas_own.cluster(settings)
        ours, theirs = alternately(
            ROUNDS, lambda: _ready(cluster), lambda: _ready(kafkas)
        )
    basis = (
        f"{ours:.2f} s of {theirs:.2f} s: three brokers and a controller with their "
        "data, from `up` (jars checked, ports, processes) until each broker answers "
        f"and knows the others; medians of {ROUNDS} by turns; the other one: the same "
        "jars and Java, heap and options of kafka-server-start"
    )
    what = "ready time of the nodes, to Kafka's own options"
    return [Figure(what, ours / theirs, "", Goal("≤", 0.30), basis, headline=True)]


def _ready(cluster: EmbeddedCluster) -> float:
    """Stop Kafka's nodes, not Kinesis, and return the seconds until they answer."""
    kafkas_own.stop_kafka(cluster)
    return seconds(cluster.up)
