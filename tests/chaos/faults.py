"""Faults of every kind, one after the other, as a seed decides."""

import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import psutil

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.embedded.processes import ProcessId, belonging_to, find
from helpers.servers.errors import ServersError
from helpers.servers.interface import NodeStatus
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.chaos.links import Links, Node

CLOCK = "CHAOS_CLOCK"
"""Set it to step the machine's own clock, too; only root may."""

NODES: tuple[Node, ...] = (
    *(("broker", number) for number in (1, 2, 3)),
    ("controller", 101),
    ("kinesis", 0),
)
_LINKED = NODES[:-1]
_STEP_SECONDS = 10
_LONGEST_PAUSE = 1.5
_END_SECONDS = 60
# Two dead nodes of four are more than a producer with min ISR 2 can do with.
_HARMED_AT_MOST = 1

# What stands for a kernel starts a script, as a lesson does, and tells its pid.
_KERNEL = """
import signal, sys
from pathlib import Path
from helpers.kafka import members
print(members.start(Path(sys.argv[1]), (), {}).pid, flush=True)
signal.pause()
"""


class Faults:
    """Does harm and undoes it.

    Args:
        settings: of the servers.
        cluster: the servers.
        links: before its nodes.
        seed: the same one gives the same order of the same faults, as far as the
            servers' states are the same.

    Attributes:
        done: how often each kind was done.
        rescues: sentences of starts that failed, after which all were started.
    """

    def __init__(
        self, settings: Settings, cluster: EmbeddedCluster, links: Links, seed: int
    ) -> None:
        self.done: Counter[str] = Counter()
        self.rescues: list[str] = []
        self._settings, self._cluster, self._links = settings, cluster, links
        self._random = random.Random(seed)
        self._harmed_links: set[Node] = set()
        self._choked: set[Node] = set()
        self._members: list[ProcessId] = []
        self._owner = _idle()

    def start(self) -> None:
        """Start the servers for somebody who may be killed."""
        self._cluster.up(owner=self._owner.pid)

    def step(self) -> None:
        """Do one fault, or undo one, and give it a moment."""
        harmed = self._harmed()
        mends = len(harmed) > _HARMED_AT_MOST or self._random.random() < len(harmed) / 2
        kind = self._mend(self._random.choice(harmed)) if mends else self._harm()
        self.done[kind] += 1
        threading.Event().wait(self._random.uniform(0, _LONGEST_PAUSE))

    def mend_all(self) -> None:
        """Have everything run and every link flow."""
        for node in _LINKED:
            self._free(node)
        self._cluster.up(owner=self._owner.pid)

    def end(self) -> list[ProcessId]:
        """End what was started here and by the servers; return what is left."""
        self._owner.kill()
        self._owner.wait()
        wait_for(self._nothing_runs, _END_SECONDS, "the end of all servers")
        return [*belonging_to(self._settings.state_dir), *filter(find, self._members)]

    def _nothing_runs(self) -> bool:
        return not belonging_to(self._settings.state_dir)

    def _harmed(self) -> list[Node]:
        states = {(one.role, one.id): one.state for one in self._status()}
        dead = {node for node in NODES if states[node] != "running"}
        return sorted(dead | self._harmed_links | self._choked)

    def _status(self) -> tuple[NodeStatus, ...]:
        return self._cluster.status().nodes

    def _harm(self) -> str:
        whole = sorted(set(NODES) - set(self._harmed()))
        node = self._random.choice(whole)
        kinds: list[Callable[[Node], str]] = [self._kill, self._pause, self._stop]
        if node in _LINKED:
            kinds += [self._cut, self._slow, self._fill_disk]
        kinds += [self._kill_supervisor, self._kill_lab, self._kill_kernel]
        kinds += [self._step_clock] if os.environ.get(CLOCK) else []
        return self._random.choice(kinds)(node)

    def _kill(self, node: Node) -> str:
        self._cluster.kill(*node)
        return "killed"

    def _pause(self, node: Node) -> str:
        self._cluster.pause(*node)
        return "paused"

    def _stop(self, node: Node) -> str:
        self._cluster.stop(*node)
        return "stopped"

    def _cut(self, node: Node) -> str:
        self._links.cut(node)
        self._harmed_links.add(node)
        return "link cut"

    def _slow(self, node: Node) -> str:
        self._links.slow(node, self._random.uniform(0.01, 0.3))
        self._harmed_links.add(node)
        return "link slowed"

    def _fill_disk(self, node: Node) -> str:
        """Let a node's process write no byte more to any file."""
        self._limit(node, 0)
        self._choked.add(node)
        return "disk filled"

    def _kill_supervisor(self, _: Node) -> str:
        for one in belonging_to(self._settings.state_dir):
            with suppress(psutil.Error):
                process = psutil.Process(one.pid)
                if "python" in process.name():
                    process.kill()
        return "supervisor killed"

    def _kill_lab(self, _: Node) -> str:
        """End the servers' owner with its supervisor; another Lab is opened at once."""
        self._kill_supervisor(_)
        self._owner.kill()
        self._owner.wait()
        self._owner = _idle()
        self.mend_all()
        return "Lab killed"

    def _kill_kernel(self, _: Node) -> str:
        script = self._settings.state_dir / "member.py"
        script.write_text("import signal\nsignal.pause()\n", "utf-8")
        kernel = subprocess.Popen(
            [sys.executable, "-c", _KERNEL, str(script)], stdout=subprocess.PIPE
        )
        assert kernel.stdout is not None
        member = ProcessId.of(json.loads(kernel.stdout.readline()))
        self._members.append(member)
        kernel.kill()
        kernel.communicate()
        wait_for(lambda: find(member) is None, _END_SECONDS, "the kernel's member's end")
        return "kernel killed"

    def _step_clock(self, _: Node) -> str:
        step = self._random.choice((-_STEP_SECONDS, _STEP_SECONDS))
        time.clock_settime(time.CLOCK_REALTIME, time.time() + step)
        return "clock stepped"

    def _mend(self, node: Node) -> str:
        was_choked, was_cut = node in self._choked, node in self._harmed_links
        self._free(node)
        state = next(one for one in self._status() if (one.role, one.id) == node).state
        if state == "paused":
            self._cluster.resume(*node)
            return "resumed"
        if state == "running":
            return "disk freed" if was_choked else "link mended" if was_cut else "none"
        return self._start(node)

    def _free(self, node: Node) -> None:
        self._limit(node, resource.RLIM_INFINITY)
        if node in _LINKED:
            self._links.mend(node)
        self._choked.discard(node)
        self._harmed_links.discard(node)

    def _start(self, node: Node) -> str:
        try:
            self._cluster.start(*node)
        except ServersError as error:
            # It needs another one, which is dead, frozen or cut off.
            self.rescues.append(str(error).partition("\n")[0])
            self.mend_all()
        return "started"

    def _limit(self, node: Node, size: int) -> None:
        pid = next(one for one in self._status() if (one.role, one.id) == node).pid
        with suppress(psutil.NoSuchProcess):
            if pid:
                process = psutil.Process(pid)
                _, hard = process.rlimit(resource.RLIMIT_FSIZE)
                soft = hard if size == resource.RLIM_INFINITY else size
                process.rlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _idle() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
