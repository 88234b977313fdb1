"""What AWS lets a shard do, and buckets that measure it.

Source: "Quotas and limits" of the Amazon Kinesis Data Streams Developer Guide, and the
API reference of ``PutRecords`` and ``GetRecords``. AWS writes MB; its limits on sizes are
powers of two.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MEBIBYTE = 1024**2

WRITE_BYTES_PER_SECOND = MEBIBYTE
WRITE_RECORDS_PER_SECOND = 1_000
READ_BYTES_PER_SECOND = 2 * MEBIBYTE
READ_CALLS_PER_SECOND = 5

CALL_RECORDS = 500
"""Most records in one ``PutRecords``."""

CALL_BYTES = 10 * MEBIBYTE
"""Most bytes in one ``PutRecords``, partition keys included."""

RECORD_BYTES = MEBIBYTE
"""Most bytes of one record, its partition key included, unless raised for a stream."""

Clock = Callable[[], float]


@dataclass
class Bucket:
    """So much a second, and at most one second's worth at once.

    Attributes:
        rate: how much flows in each second.
        clock: monotonic seconds.
        peak: the largest share of a second's worth that was ever taken.
    """

    rate: float
    clock: Clock = time.monotonic
    peak: float = 0.0
    _level: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._level, self._seen = self.rate, self.clock()

    @property
    def level(self) -> float:
        """How much is in it now; below nothing after :meth:`owe`."""
        now = self.clock()
        self._level = min(self.rate, self._level + (now - self._seen) * self.rate)
        self._seen = now
        return self._level

    @property
    def used(self) -> float:
        """The share of a second's worth that is taken now: 0 to 1, more if owed."""
        return 1 - self.level / self.rate

    def owe(self, amount: float) -> None:
        """Take out, even more than there is: what is missing must flow in first."""
        self._level = self.level - amount
        self.peak = max(self.peak, 1 - self._level / self.rate)


@dataclass
class Budget:
    """What one shard may take in and give out.

    Attributes:
        clock: monotonic seconds.
        refused: how many records and reads were refused so far.
        write_share: the part of AWS's write rates that it gives.
    """

    clock: Clock = time.monotonic
    refused: int = 0
    write_share: float = 1.0
    write_bytes: Bucket = field(init=False)
    write_records: Bucket = field(init=False)
    read_bytes: Bucket = field(init=False)
    read_calls: Bucket = field(init=False)

    def __post_init__(self) -> None:
        size, number = WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND
        self.write_bytes = Bucket(self.write_share * size, self.clock)
        self.write_records = Bucket(self.write_share * number, self.clock)
        self.read_bytes = Bucket(READ_BYTES_PER_SECOND, self.clock)
        self.read_calls = Bucket(READ_CALLS_PER_SECOND, self.clock)

    def take_record(self, size: int) -> bool:
        """Take one record of so many bytes in; False if there is no room for it.

        A record above one second's worth, which a stream may allow, waits for a full
        bucket and leaves a debt.
        """
        enough = self.write_bytes.level >= min(size, self.write_bytes.rate)
        if not enough or self.write_records.level < 1:
            self.refused += 1
            return False
        self.write_bytes.owe(size)
        self.write_records.owe(1)
        return True

    def take_read(self) -> bool:
        """Begin one read; False if there were too many, or the last ones were too big."""
        if self.read_bytes.level <= 0 or self.read_calls.level < 1:
            self.refused += 1
            return False
        self.read_calls.owe(1)
        return True

    def give_out(self, size: int) -> None:
        """Count the bytes that a read brought."""
        self.read_bytes.owe(size)
