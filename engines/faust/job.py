"""The job on Faust: an agent, a coroutine that reads a stream, and a table."""

import json
import logging
import sys
from datetime import datetime, timedelta

import faust

servers, source, target, name = sys.argv[1:]
LATENESS = timedelta(hours=24)
HOUR = "%Y-%m-%d %H:00"

app = faust.App(
    name,
    broker=[f"kafka://{server}" for server in servers.split(",")],
    datadir=".",
    store="memory://",
    topic_replication_factor=3,
    topic_partitions=3,  # of a table's changelog: as many as the input has
    topic_disable_leader=True,
    producer_linger=0.05,  # seconds; without it, most messages are a request each
    web_enabled=False,  # it would listen on every address of this machine
    # After a crash the next one waits for the end of this session.
    broker_session_timeout=6,
    broker_heartbeat_interval=2,
)
reports = app.topic(source, value_serializer="raw")
results = app.topic(target, key_serializer="raw", value_serializer="json")

# The windows of a table in Faust end by this machine's clock, where 2013 is long ago.
hours = app.Table("hours", default=lambda: {"reports": 0, "delays": {}})
# No table: after a crash, what is read again must not be late because of what followed.
newest = {}


def read(value):
    """Return airport, hour, flight and delay of a report; fail if it is none."""
    one = json.loads(value)
    hour = datetime(2013, 2, one["day"], int(one["scheduled"][:2]))
    return one["origin"], hour, f"{one['carrier']} {one['number']}", one["delay"]


def is_late(airport, hour):
    newest[airport] = max(hour, newest.get(airport, hour))
    # The hour has ended an hour after its name.
    return hour + timedelta(hours=1) + LATENESS <= newest[airport]


def result(airport, hour, known):
    left = [delay for delay in known["delays"].values() if delay is not None]
    return {
        "airport": airport,
        "hour": f"{hour:{HOUR}}",
        "departures": len(left),
        "mean_delay": sum(left) / len(left) if left else None,
        "cancelled": len(known["delays"]) - len(left),
        "reports": known["reports"],
    }


@app.agent(reports)
async def answer(stream):
    async for event in stream.events():
        place = f"partition {event.message.partition}, offset {event.message.offset}"
        try:
            airport, hour, flight, delay = read(event.value)
        except (KeyError, TypeError, ValueError):
            print(f"passed over: {place} is no flight", file=sys.stderr)
            continue
        if is_late(airport, hour):
            print(f"too late: {place}, {airport} {hour:{HOUR}}", file=sys.stderr)
            continue
        key = f"{airport} {hour:{HOUR}}"
        known = hours[key]
        # A new value each time: the changelog gets what is assigned, not what is changed.
        hours[key] = {
            "reports": known["reports"] + 1,
            "delays": {**known["delays"], flight: delay},
        }
        await results.send(key=key, value=result(airport, hour, hours[key]))


# Faust's own logging is slow and shows a spinner. Without any, errors would be silent.
logging.basicConfig(level=logging.WARNING)
faust.Worker(app, override_logging=False, quiet=True).execute_from_commandline()
