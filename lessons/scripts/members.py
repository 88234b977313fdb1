"""Starts members of groups as processes, ends them, and waits until they share."""

import json

from helpers import wait_for

CLASSIC = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000}


class Members:
    def __init__(self, lesson, topic):
        self._lesson, self._topic = lesson, topic
        self._started = {}

    def start(self, group, name, work=0, **more):
        # The new protocol leaves both times to the brokers, and refuses them here.
        settings = more if "group.protocol" in more else {**CLASSIC, **more}
        told = self._topic, self._lesson.group(group), name, work, json.dumps(settings)
        member = self._lesson.start("member.py", *told)
        self._started.setdefault(group, []).append(member)
        return member

    def end(self, *groups):
        for group in groups or list(self._started):
            for member in self._started.pop(group, []):
                member.kill()

    def shared(self, timeline, groups, names, number):
        def has(group, name):
            return len(timeline.holds(self._lesson.group(group), name)) == number

        wait_for(
            lambda: all(has(group, name) for group in groups for name in names),
            60,
            f"{number} partitions for each of {names}",
        )
