"""Looks into groups: `describe` tells of one, `settle` waits until its members share.

`close` closes consumers one after the other. A client that is given partitions in the
moment in which it closes may hang for ever, so the others come to rest in between.
"""

import json
from contextlib import suppress

from helpers import wait_for


class Groups:
    def __init__(self, lesson):
        self._lesson = lesson

    def describe(self, group):
        return wait_for(lambda: self._ask(group), 30, "an answer")

    def settle(self, group, consumers, partitions):
        def settled():
            found = self._ask(group)
            # Stable: all members have been told what they own.
            held = found["members"] if found and found["state"] == "STABLE" else {}
            for consumer in consumers:
                consumer.poll(0.1)  # joining needs it
            complete = sum(map(len, held.values())) == partitions
            return held if complete and len(held) == len(consumers) else None

        shared = f"{partitions} partitions to be shared by {len(consumers)} members"
        return wait_for(settled, 60, shared, interval=0)

    def close(self, group, consumers):
        while consumers:
            consumers.pop().close()
            wait_for(lambda: self._rests(group, consumers), 60, "the others to share")

    def _rests(self, group, consumers):
        for consumer in consumers:
            with suppress(RuntimeError):  # it is closed already
                consumer.poll(0.1)
        found = self._ask(group) if consumers else None
        return not found or found["state"] in ("STABLE", "EMPTY", "DEAD")

    def _ask(self, group):
        # In a process of its own: when a coordinator dies while it is asked, librdkafka
        # ends the whole process. None: on a new cluster nobody can answer yet.
        told = self._lesson.run("describe.py", self._lesson.group(group))
        return json.loads(told) if told else None
