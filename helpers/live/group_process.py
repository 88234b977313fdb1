"""The process that asks about a group for a board.

``python -m helpers.live.group_process GROUP TOPIC`` reads aims and writes samples, each
a line of JSON, until its input ends, as it does when its starter ends in whatever way.

It is a process of its own because librdkafka ends the whole process when a coordinator
dies while an admin client asks it to describe a group. Nothing but this then ends.
"""

import json
import os
import sys

import msgspec

from helpers.kafka.members import CONNECTION_VARIABLE
from helpers.live.aim import Aim
from helpers.live.group_question import GroupQuestion


def main(group: str, topic: str) -> None:
    """Answer each aim with a sample, or with null where nobody tells."""
    question = GroupQuestion(group, topic, json.loads(os.environ[CONNECTION_VARIABLE]))
    for line in sys.stdin.buffer:
        sample = question.ask(msgspec.json.decode(line, type=Aim))
        sys.stdout.buffer.write(msgspec.json.encode(sample) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
