"""The batches of records in a partition's files, as their headers tell."""

import struct
from dataclasses import dataclass

from helpers.kafka.topics import ASK_SECONDS, admin_client
from helpers.servers.interface import Cluster

_CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
_CODEC_BITS = 0b111
_LENGTH = struct.Struct(">8xi")
"""Behind the base offset: how many bytes of the batch follow."""
_BEFORE_LENGTH_COUNTS = 12
_HEADER = struct.Struct(">21xh20xq")
"""Of a whole batch: its attributes and its producer's id."""


@dataclass(frozen=True)
class Batch:
    """One batch on the disk.

    Attributes:
        size: bytes, its header included.
        codec: how it is compressed, such as ``"zstd"``; ``"none"`` if it is not.
        idempotent: whether its producer gave it an id, by which it is known again.
    """

    size: int
    codec: str
    idempotent: bool


def batches(cluster: Cluster, topic: str, partition: int = 0) -> list[Batch]:
    """Return the batches that a partition's leader has on its disk, in order.

    Raises:
        KafkaException: no broker answers.
        ServersError: the leader's files are out of reach.
    """
    admin = admin_client(cluster.connection)
    found = admin.list_topics(topic, timeout=ASK_SECONDS).topics[topic]
    leader = found.partitions[partition].leader
    files = cluster.segment_files(topic, partition, leader)
    return [
        batch
        for file in files
        if file.name.endswith(".log")
        for batch in parsed(cluster.read_segment(topic, partition, leader, file.name))
    ]


def parsed(data: bytes) -> list[Batch]:
    """Return the batches of a segment; one that is still being written is left out."""
    found, at = [], 0
    while at + _HEADER.size <= len(data):
        size = _BEFORE_LENGTH_COUNTS + _LENGTH.unpack_from(data, at)[0]
        if at + size > len(data):
            break
        attributes, producer_id = _HEADER.unpack_from(data, at)
        found.append(Batch(size, _CODECS[attributes & _CODEC_BITS], producer_id >= 0))
        at += size
    return found
