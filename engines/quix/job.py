"""The job on Quix Streams: a streaming dataframe in a process of one's own."""

import json
import sys
import time
from datetime import UTC, datetime, timedelta

from quixstreams import Application
from quixstreams.models import JSONDeserializer

servers, source, target, name = sys.argv[1:]


def read(value):
    """Return what the job needs of a report; fail if it is none."""
    one = json.loads(value)
    planned = datetime(2013, 2, one["day"], *map(int, one["scheduled"].split(":")))
    return {
        "planned": int(planned.replace(tzinfo=UTC).timestamp() * 1000),
        "flight": f"{one['carrier']} {one['number']}",
        "delay": one["delay"],
    }


def pass_over(error, message, _):
    """Return whether the job shall go on; without a message, the error is Kafka's."""
    if message is not None:
        place = f"partition {message.partition()}, offset {message.offset()}"
        print(f"passed over: {place} is no flight", file=sys.stderr)
    return message is not None


def first(report):
    return add({"reports": 0, "delays": {}}, report)


def add(hour, report):
    hour["reports"] += 1
    hour["delays"][report["flight"]] = report["delay"]  # supersedes an earlier report
    return hour


def result(window, airport, *_):
    reports, delays = window["value"]["reports"], window["value"]["delays"]
    left = [delay for delay in delays.values() if delay is not None]
    hour = datetime.fromtimestamp(window["start"] / 1000, UTC)
    return {
        "airport": airport,
        "hour": f"{hour:%Y-%m-%d %H}:00",
        "departures": len(left),
        "mean_delay": sum(left) / len(left) if left else None,
        "cancelled": len(delays) - len(left),
        "reports": reports,
    }


app = Application(
    servers,
    consumer_group=name,
    auto_offset_reset="earliest",
    on_consumer_error=pass_over,
    loglevel="WARNING",
    # After a crash the next one waits for the end of this session.
    consumer_extra_config={"session.timeout.ms": 6000},
)
reports = app.topic(
    source,
    key_deserializer="str",
    value_deserializer=JSONDeserializer(loads=read),
    timestamp_extractor=lambda report, *_: report["planned"],
)
results = app.topic(target, key_serializer="str")

(
    app.dataframe(reports)
    .tumbling_window(timedelta(hours=1), grace_ms=timedelta(hours=24))
    .reduce(add, initializer=first)
    .current()  # every change; .final() would publish an hour once, when it is closed
    .apply(result, metadata=True)
    # A result has the time of its window, and Kafka deletes what is older than a week.
    .set_timestamp(lambda *_: int(time.time() * 1000))
    .to_topic(results, key=lambda one: f"{one['airport']} {one['hour']}")
)

app.run()
