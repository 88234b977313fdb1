"""A thread that has a process ask about a group, again and again."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import msgspec

from helpers.kafka.members import CONNECTION_VARIABLE
from helpers.live.aim import AimedWatch
from helpers.live.group_question import GroupSample


class GroupWatch(AimedWatch[GroupSample]):
    """Starts the process, and starts it again where it has ended.

    Args:
        group: its name.
        topic: its name.
        access: settings by which brokers let a client in, if they ask for any.
        interval: seconds between two questions.
    """

    def __init__(
        self, group: str, topic: str, access: Mapping[str, str], interval: float = 0.25
    ) -> None:
        module = "helpers.live.group_process"
        self._command = [sys.executable, "-m", module, group, topic]
        # By the environment, which other users cannot read.
        self._access = {CONNECTION_VARIABLE: json.dumps(dict(access))}
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__("group", interval)

    def close(self) -> None:
        """Ask no more, and wait for the thread's and the process's end."""
        self._closed.set()
        # The thread may wait for its answer.
        if process := self._process:
            process.kill()
        super().close()

    def _ask(self) -> GroupSample | None:
        aim = self._aim
        if not aim.addresses:
            return None
        line = self._answer(msgspec.json.encode(aim) + b"\n")
        if not line:
            self._release()
            return None
        return msgspec.json.decode(line, type=GroupSample | None)

    def _answer(self, line: bytes) -> bytes:
        """Return the process's answer; nothing if it has ended."""
        process = self._process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            return b""
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            return b""
        return process.stdout.readline()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command,
            env={**os.environ, **self._access},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What librdkafka says of brokers that are down is not the student's.
            stderr=subprocess.DEVNULL,
            # An interrupt of the kernel goes to its whole group, and is not for it.
            start_new_session=True,
        )

    def _release(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            # Its end, and that of its pipes.
            process.communicate()
