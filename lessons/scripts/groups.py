"""Looks into groups: `describe` tells of one, `settle` waits until its members share."""

import json

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

    def _ask(self, group):
        # In a process of its own: when a coordinator dies while it is asked, librdkafka
        # ends the whole process. None: on a new cluster nobody can answer yet.
        told = self._lesson.run("describe.py", self._lesson.group(group))
        return json.loads(told) if told else None
