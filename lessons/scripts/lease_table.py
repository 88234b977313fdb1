"""Looks at a table of leases, and at the lines that its workers write."""

import sqlite3
from collections import Counter
from contextlib import closing

from helpers import wait_for
from lessons.scripts.shards import short


class LeaseTable:
    def __init__(self, path):
        self.path = path

    def rows(self):
        with closing(sqlite3.connect(self.path, timeout=10)) as table:
            return table.execute("SELECT * FROM leases ORDER BY shard").fetchall()

    def owners(self):
        return Counter(row[1] for row in self.rows() if row[3] != "SHARD_END")

    def checkpoints(self):
        return {row[0]: row[3] for row in self.rows()}

    def show(self):
        print("shard owner counter checkpoint   parents")
        for shard, owner, counter, checkpoint, parents in self.rows():
            print(f"{short(shard):5} {owner or '-':5} {counter:7} ", end="")
            # The last 12 digits of a sequence number are enough.
            print((checkpoint or "-")[-12:].ljust(12), parents and short(parents))

    def begun(self, *workers):
        files = [self._lines_of(one) for one in workers]
        wait_for(lambda: all(one.exists() for one in files), 60, "the workers")

    def lines(self, *workers):
        files = [self._lines_of(one) for one in workers]
        # What follows the last line end is being written.
        whole = [line for file in files for line in file.read_text().split("\n")[:-1]]
        return [line.split() for line in whole]

    def _lines_of(self, worker):
        return self.path.with_name(f"{self.path.name}.{worker}")
