"""A table of leases in SQLite, with one row for each shard."""

import sqlite3
from collections import namedtuple

Lease = namedtuple("Lease", "shard owner counter checkpoint parents")


def open_table(path):
    table = sqlite3.connect(path, timeout=10, isolation_level=None)
    columns = "shard TEXT PRIMARY KEY, owner, counter, checkpoint, parents"
    table.execute(f"CREATE TABLE IF NOT EXISTS leases ({columns})")
    return table


def add(table, shard, parents):
    new = "INSERT OR IGNORE INTO leases VALUES (?, NULL, 0, NULL, ?)"
    table.execute(new, (shard, parents))


def read(table):
    rows = table.execute("SELECT * FROM leases ORDER BY shard")
    return {row[0]: Lease(*row) for row in rows}


# Both change a row only if it is still as expected, in one step.
def take(table, lease, me):
    how = "UPDATE leases SET owner = ?, counter = counter + 1 WHERE "
    seen = "shard = ? AND counter = ?"
    changed = table.execute(how + seen, (me, lease.shard, lease.counter))
    return changed.rowcount == 1


def keep(table, shard, me, checkpoint):
    how = "UPDATE leases SET checkpoint = ?, counter = counter + 1 WHERE "
    changed = table.execute(how + "shard = ? AND owner = ?", (checkpoint, shard, me))
    return changed.rowcount == 1
