"""Write the locks of Kafka's jars and of kinesis-mock: ``make lock``.

Run it after changing a version; it needs the network and about half a minute.
"""

import tempfile
from pathlib import Path

from helpers.servers.runtime import jars, kinesis_package
from helpers.servers.runtime.locks import locked_file, write_lock
from helpers.servers.runtime.resolving import resolve

_ROOTS = (
    f"org.apache.kafka:kafka_2.13:{jars.KAFKA_VERSION}",
    f"org.apache.kafka:kafka-tools:{jars.KAFKA_VERSION}",
)
# Without a binding for slf4j 1.7 the brokers' logs vanish. Its version is that of
# the log4j-core that Kafka asks for. It is no root: jgo would take its managed
# versions for the whole tree, an older kafka-clients among them.
_LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
# Only Kafka Connect needs these: half of the jars.
_LEFT_OUT = ("org.apache.kafka:connect-runtime",)


def main() -> None:
    """Resolve, download and lock every file."""
    with tempfile.TemporaryDirectory() as scratch:
        _lock_jars(Path(scratch) / "maven")
        _lock_kinesis(Path(scratch) / "kinesis")


def _lock_jars(folder: Path) -> None:
    write_lock(jars.LOCK, resolve(folder, _ROOTS, [_LOG_BINDING], _LEFT_OUT))


def _lock_kinesis(home: Path) -> None:
    folder = kinesis_package.install(home)
    files = [path for path in folder.rglob("*") if path.is_file()]
    rows = [locked_file(file, file.relative_to(folder).as_posix()) for file in files]
    write_lock(kinesis_package.LOCK, rows)


if __name__ == "__main__":
    main()
