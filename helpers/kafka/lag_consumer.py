"""A consumer of the lag board: read a record, work on it for a while, commit.

It gets topic, group and the name of a file that says how many milliseconds of work a
record is, read anew for each record.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from confluent_kafka import Consumer


def main(topic: str, group: str, pace: Path) -> None:
    """Read until SIGTERM, then leave the group."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    consumer = Consumer(_settings(group))
    consumer.subscribe([topic])
    try:
        while True:
            message = consumer.poll(0.2)
            if message is None or message.error():
                continue
            time.sleep(float(pace.read_text("utf-8")) / 1000)
            consumer.store_offsets(message)
    finally:
        consumer.close()


def _settings(group: str) -> dict[str, str | int | bool]:
    settings = json.loads(os.environ["CONNECTION"])
    # Under the new protocol the session is the server's: the client refuses its own.
    is_classic = settings.get("group.protocol", "classic") == "classic"
    session = {"session.timeout.ms": 6000} if is_classic else {}
    return {
        "auto.offset.reset": "earliest",
        # Often, so that the board shows work soon after it is done.
        "auto.commit.interval.ms": 200,
        **session,
        **settings,
        "group.id": group,
        # What is stored is committed: only records that are worked on.
        "enable.auto.offset.store": False,
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
