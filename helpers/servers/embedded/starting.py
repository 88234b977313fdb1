"""Start nodes: programs, ports, data, processes, and wait until they answer."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from helpers.servers.embedded import (
    kafka_node,
    kinesis_node,
    last_words,
    limits,
    processes,
    record,
    storage,
)
from helpers.servers.embedded.health import BrokerProbe, KinesisProbe
from helpers.servers.embedded.kafka_config import (
    BROKER_IDS,
    CONTROLLER_IDS,
    SPARE_IDS,
)
from helpers.servers.embedded.layout import Layout
from helpers.servers.embedded.ports import Reservations, is_free, reservations
from helpers.servers.embedded.processes import ProcessId
from helpers.servers.embedded.record import NodeRecord, Record
from helpers.servers.errors import ServersError
from helpers.servers.runtime.jars import fetch_jars
from helpers.servers.runtime.kinesis_package import fetch_kinesis
from helpers.settings import Settings
from helpers.waiting import WaitTimeout, patience, wait_for

_READY_TIMEOUT = 90
_TRIES = 3

PREFERRED_PORTS = {
    ("broker", 1): 9092,
    ("broker", 2): 9094,
    ("broker", 3): 9096,
    ("kinesis", 0): 4567,
}
"""The ports of a machine where nothing else has one of them; else any free port will do.

A controller has none. Its port is written into the cluster's metadata, where brokers
read it before they learn of a newer one; were it the same in every clone, they would
find another clone's controller there and stay with that until they give up. So it is
drawn at the first start and kept.
"""


def first_record(layout: Layout) -> Record:
    """Return the record of servers of which none is known to run.

    A record may have been lost: the controller's port, which its cluster's metadata
    names, is then still in its configuration.
    """
    controllers = [_controller(layout, node_id) for node_id in CONTROLLER_IDS]
    brokers = [NodeRecord("broker", node_id) for node_id in BROKER_IDS]
    spares = [NodeRecord("broker", node_id) for node_id in SPARE_IDS["broker"]]
    spares += [_controller(layout, node_id) for node_id in SPARE_IDS["controller"]]
    current = Record(
        (*controllers, *brokers, NodeRecord("kinesis", 0)), spares=tuple(spares)
    )
    # Data is the sign of a node that was added: the others count on it.
    for spare in spares:
        if kafka_node.cluster_id(layout, spare.role, spare.id):
            current = current.with_added(spare)
    return current


def _controller(layout: Layout, node_id: int) -> NodeRecord:
    return NodeRecord("controller", node_id, kafka_node.last_port(layout, node_id))


def fetch_programs(settings: Settings) -> None:
    """Bring everything the servers are made of into the cache.

    Raises:
        ServersError: something is missing and cannot be fetched.
    """
    fetch_jars(settings)
    # Elsewhere Kinesis runs without us; Kafka's tools are wanted in every mode.
    if settings.mode == "embedded":
        fetch_kinesis(settings)


def start_nodes(
    settings: Settings, layout: Layout, current: Record, nodes: list[NodeRecord]
) -> Record:
    """Start ``nodes`` and return the record in which they run and answer.

    Raises:
        ServersError: one of them does not come up; what was started is stopped.
    """
    fetch_programs(settings)
    if problem := limits.too_few_files():
        print(problem, flush=True)
    shutil.rmtree(layout.temporary("tools"), ignore_errors=True)
    for _ in range(_TRIES - 1):
        # A port that was free when looked at need not be when a node gets there.
        with suppress(last_words.PortLost):
            return _start_once(settings, layout, current, nodes)
    return _start_once(settings, layout, current, nodes)


def _start_once(
    settings: Settings, layout: Layout, current: Record, nodes: list[NodeRecord]
) -> Record:
    with reservations() as ports:
        current = _assign_ports(ports, current, nodes)
        nodes = current.nodes_like(nodes)
        _write_configs(layout, current, nodes)
        storage.prepare(settings, layout, nodes)
        try:
            return _launch(settings, layout, current, nodes)
        except BaseException:
            # Ctrl-C too: half a start serves nobody.
            started = record.load(layout.record) or current
            mine = started.nodes_like(nodes)
            processes.kill([n.process for n in mine if n.process])
            raise


def _assign_ports(
    ports: Reservations, current: Record, nodes: list[NodeRecord]
) -> Record:
    alone = not _others_run(current)
    # Brokers that start alone are told where controllers may come to be.
    spares = [one for one in current.spares if one.role == "controller"] if alone else []
    whole = _all_brokers_start(current, nodes)
    ours = _preferred_ports(current)
    for node in (*nodes, *spares):
        preferred = ours.get((node.role, node.id), node.port)
        # The last broker to die comes back where clients remember it.
        anew = alone and (whole or node.role != "broker")
        wish = preferred if anew or node.port is None else node.port
        port = ports.take(wish)
        if node.role == "controller" and port != node.port and not alone:
            raise ServersError(
                f"Port {wish} of controller {node.id} is taken by another program, "
                "and the running brokers look for it there: stop that program, or "
                "run `workbook down` and `workbook up`."
            )
        current = current.with_node(replace(node, port=port))
    return current


def _preferred_ports(current: Record) -> dict[tuple[str, int], int]:
    """Return the preferred ports, or none if another program has one of them.

    That may be another clone's servers, of which some are dead and will come back.
    """
    own = {node.port for node in current.nodes if processes.find(node.process)}
    free = all(port in own or is_free(port) for port in PREFERRED_PORTS.values())
    return PREFERRED_PORTS if free else {}


def _all_brokers_start(current: Record, nodes: list[NodeRecord]) -> bool:
    brokers = {node.id for node in current.nodes if node.role == "broker"}
    return brokers <= {node.id for node in nodes if node.role == "broker"}


def _others_run(current: Record) -> bool:
    brokers = (node for node in current.nodes if node.role == "broker")
    return any(processes.find(node.process) for node in brokers)


def _write_configs(layout: Layout, current: Record, nodes: list[NodeRecord]) -> None:
    everyone = (*current.nodes, *current.spares)
    controllers = [one.port or 0 for one in everyone if one.role == "controller"]
    for node in nodes:
        if node.role != "kinesis":
            kafka_node.write_config(
                layout, node.role, node.id, node.port or 0, controllers
            )


def _launch(
    settings: Settings, layout: Layout, current: Record, nodes: list[NodeRecord]
) -> Record:
    for node in nodes:
        process = _spawn(settings, layout, node)
        running = replace(node, process=process, wanted="running")
        current = current.with_node(running)
        # At once: whoever comes after a crash of this program finds the process.
        record.save(layout.record, current)
    wait_until_ready(layout, current, current.nodes_like(nodes))
    return current


def _spawn(settings: Settings, layout: Layout, node: NodeRecord) -> ProcessId:
    if node.role == "kinesis":
        return kinesis_node.start(settings, layout, node.port or 0)
    return kafka_node.start(settings, layout, node.role, node.id)


def wait_until_ready(
    layout: Layout, current: Record, nodes: Sequence[NodeRecord]
) -> None:
    """Wait until each of ``nodes`` answers.

    Raises:
        ServersError: one of them ended, or says nothing for too long.
    """
    for node in nodes:
        _wait_for_node(layout, _question(current, node), node, nodes)


def _wait_for_node(
    layout: Layout,
    answers: Callable[[], bool],
    node: NodeRecord,
    nodes: Sequence[NodeRecord],
) -> None:
    def ready() -> bool:
        # Any of them: a controller that is waited for needs a broker to show itself.
        for one in nodes:
            if not processes.find(one.process):
                raise last_words.of_ended(layout, one)
        # Another user's servers may have taken the port meanwhile, and answer alike.
        return answers() and processes.listens(node.process, node.port or 0)

    try:
        wait_for(ready, _READY_TIMEOUT, f"{node.role} {node.id}")
    except WaitTimeout as error:
        seconds = _READY_TIMEOUT * patience()
        raise last_words.of_silent(layout, node, seconds) from error


def _question(current: Record, node: NodeRecord) -> Callable[[], bool]:
    """Return what to ask until the answer is yes."""
    if node.role == "kinesis":
        return KinesisProbe(node.port or 0).answers
    brokers = [one for one in current.nodes if one.role == "broker"]
    if node.role == "controller":
        if not has_majority(current):
            # Nothing can be asked of too few controllers.
            return lambda: not is_free(node.port or 0)
        return _reached([one for one in brokers if _is_awake(one)])
    probe = BrokerProbe(node.port or 0)
    # A paused broker is registered with nobody, and one may end meanwhile.
    return lambda: {node.id, *_ids(filter(_is_awake, brokers))} <= probe.brokers()


def _reached(brokers: Sequence[NodeRecord]) -> Callable[[], bool]:
    """Ask for the controllers, which speak no client's language, by any broker."""
    probes = [(broker, BrokerProbe(broker.port or 0)) for broker in brokers]

    def reached() -> bool:
        awake = [probe for broker, probe in probes if _is_awake(broker)]
        return not awake or any(probe.reaches_controller() for probe in awake)

    return reached


def _ids(nodes: Iterable[NodeRecord]) -> set[int]:
    return {node.id for node in nodes}


def has_majority(current: Record) -> bool:
    """Return whether enough controllers are awake to decide anything."""
    controllers = [node for node in current.nodes if node.role == "controller"]
    return sum(map(_is_awake, controllers)) > len(controllers) / 2


def _is_awake(node: NodeRecord) -> bool:
    process = processes.find(node.process)
    return process is not None and not processes.is_paused(process)
