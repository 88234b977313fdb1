"""The job without any engine: a consumer, a dictionary and a producer."""

import json
import signal
import sys
from datetime import datetime, timedelta

from confluent_kafka import Consumer, Producer

servers, source, target, name = sys.argv[1:]
LATENESS = timedelta(hours=24)

running = True


def end(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, end)

consumer = Consumer(
    {
        "bootstrap.servers": servers,
        "group.id": name,
        "auto.offset.reset": "earliest",
        # The dictionary dies with this process, so the next one must read all again.
        "enable.auto.commit": False,
        # After a crash the next one waits for the end of this session.
        "session.timeout.ms": 6000,
    }
)
consumer.subscribe([source])
producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True})

hours = {}  # (airport, hour): how many reports, and the newest delay of each flight
newest = {}  # partition: the newest hour that it has told of


def read(message):
    """Return airport, hour, flight and delay of a report; None if it is none."""
    try:
        one = json.loads(message.value())
        clock = f"2013-02-{one['day']:02} {one['scheduled'][:2]}"
        flight = one["carrier"], one["number"]
        return (
            one["origin"],
            datetime.strptime(clock, "%Y-%m-%d %H"),
            flight,
            one["delay"],
        )
    except (KeyError, TypeError, ValueError):
        place = f"partition {message.partition()}, offset {message.offset()}"
        print(f"passed over: {place} is no flight", file=sys.stderr)
        return None


def is_late(partition, hour):
    newest[partition] = max(hour, newest.get(partition, hour))
    # The hour has ended an hour after its name.
    return hour + timedelta(hours=1) + LATENESS <= newest[partition]


def publish(airport, hour):
    reports, delays = hours[airport, hour]
    left = [delay for delay in delays.values() if delay is not None]
    result = {
        "airport": airport,
        "hour": f"{hour:%Y-%m-%d %H}:00",
        "departures": len(left),
        "mean_delay": sum(left) / len(left) if left else None,
        "cancelled": len(delays) - len(left),
        "reports": reports,
    }
    producer.produce(target, key=f"{airport} {result['hour']}", value=json.dumps(result))


while running:
    for message in consumer.consume(500, 0.1):
        report = None if message.error() else read(message)
        if report is None:
            continue
        airport, hour, flight, delay = report
        if is_late(message.partition(), hour):
            print(f"too late: {airport} {hour:%Y-%m-%d %H}:00", file=sys.stderr)
            continue
        reports, delays = hours.get((airport, hour), (0, {}))
        delays[flight] = delay  # a later report supersedes an earlier one
        hours[airport, hour] = reports + 1, delays
        publish(airport, hour)
    producer.poll(0)

producer.flush(10)
consumer.close()
