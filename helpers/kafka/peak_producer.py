"""The storm's morning peak, sent to a topic in a number of seconds.

It gets the topic and the seconds.
"""

import json
import os
import sys

from confluent_kafka import Producer

from helpers import flights
from helpers.replaying import replay

_FLUSH_SECONDS = 30


def main(topic: str, seconds: float) -> None:
    """Send each departure of the morning when its turn has come."""
    producer = Producer(json.loads(os.environ["CONNECTION"]))
    for _, happened in replay(flights.morning_peak(), seconds):
        for flight in happened:
            producer.produce(topic, key=flight.tailnum, value=flight.to_json())
        producer.poll(0)
    producer.flush(_FLUSH_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
