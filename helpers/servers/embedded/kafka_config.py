"""The properties of brokers and controllers.

Each value that differs from Kafka's default is here for one of three reasons,
given beside it: a laptop's memory, a lesson that can be watched, or safety.
"""

from collections.abc import Sequence

from helpers.servers.interface import Role

BROKER_IDS = (1, 2, 3)
CONTROLLER_IDS = (101,)
SPARE_IDS: dict[Role, tuple[int, ...]] = {"broker": (4,), "controller": (102, 103)}
"""Nodes that can be added to those of every start."""

_COMMON = {
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # Watchable: a dead broker is noticed after 3 s, not 9 s.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    # Safe: new topics survive a broker. The controller makes them, so it must know, too.
    "default.replication.factor": "3",
    # Small: else the controller writes a record every half a second, only to show that
    # it lives, and each broker reads it: a seventh of what an idle cluster takes.
    "metadata.max.idle.interval.ms": "5000",
    # Small: one user, few partitions.
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
}

_BROKER = {
    # Watchable: a follower that stops fetching leaves the in-sync replicas before
    # the controller has given its broker up, so that lag itself can be seen.
    "replica.lag.time.max.ms": "2000",
    # Watchable: brokers remember the controller's last port. If a program that says
    # nothing has it now, the first new topic shall wait for 3 s, not for 30 s.
    "controller.socket.timeout.ms": "3000",
    # Safe: a misspelt topic is an error.
    "auto.create.topics.enable": "false",
    # Small: internal topics with few partitions, replicated like the others.
    "offsets.topic.num.partitions": "3",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.num.partitions": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "share.coordinator.state.topic.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "2",
    # Watchable: groups begin at once, and a dead member is replaced in seconds.
    "group.initial.rebalance.delay.ms": "0",
    "group.consumer.heartbeat.interval.ms": "1000",
    "group.consumer.min.heartbeat.interval.ms": "1000",
    "group.consumer.session.timeout.ms": "6000",
    "group.consumer.min.session.timeout.ms": "6000",
    "group.share.heartbeat.interval.ms": "1000",
    "group.share.min.heartbeat.interval.ms": "1000",
    "group.share.session.timeout.ms": "6000",
    "group.share.min.session.timeout.ms": "6000",
    "group.share.record.lock.duration.ms": "15000",
    # Watchable: retention and compaction act within a second or so.
    "log.initial.task.delay.ms": "1000",
    "log.retention.check.interval.ms": "1000",
    "log.cleaner.backoff.ms": "1000",
    # Small: the cleaner's buffer is 128 MB by default, half of the heap.
    "log.cleaner.dedupe.buffer.size": "4194304",
    # Safe: a forgotten producer fills 256 MiB of a partition, not the disk.
    "log.segment.bytes": str(64 * 1024**2),
    "log.retention.bytes": str(256 * 1024**2),
}


def broker_properties(
    node_id: int, port: int, controller_ports: Sequence[int], log_dir: str
) -> str:
    """Return the properties file of a broker.

    Args:
        node_id: Kafka's ``node.id``.
        port: of its listener for clients and other brokers.
        controller_ports: where controllers are or may be. It looks at these alone
            when the controller that it knows is gone.
        log_dir: folder of its data, relative to its working directory.
    """
    return _text(
        {
            "process.roles": "broker",
            "node.id": str(node_id),
            "listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "controller.quorum.bootstrap.servers": _addresses(controller_ports),
            "log.dirs": log_dir,
            **_COMMON,
            **_BROKER,
        }
    )


def controller_properties(
    node_id: int, port: int, controller_ports: Sequence[int], log_dir: str
) -> str:
    """Return the properties file of a controller.

    Args:
        node_id: Kafka's ``node.id``.
        port: of its listener.
        controller_ports: where controllers are or may be, itself included.
        log_dir: folder of its data, relative to its working directory.
    """
    return _text(
        {
            "process.roles": "controller",
            "node.id": str(node_id),
            "listeners": f"CONTROLLER://127.0.0.1:{port}",
            "advertised.listeners": f"CONTROLLER://127.0.0.1:{port}",
            "controller.quorum.bootstrap.servers": _addresses(controller_ports),
            "log.dirs": log_dir,
            **_COMMON,
        }
    )


def _addresses(ports: Sequence[int]) -> str:
    return ",".join(f"127.0.0.1:{port}" for port in ports)


def _text(properties: dict[str, str]) -> str:
    return "".join(f"{key}={value}\n" for key, value in properties.items())
