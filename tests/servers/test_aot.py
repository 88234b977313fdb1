"""The archive of Kafka's classes: a matter of speed, and of nothing else."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from helpers.servers.embedded.cluster import EmbeddedCluster
from helpers.servers.runtime import class_data, jars
from helpers.servers.tools import tool_command
from helpers.settings import Settings
from helpers.waiting import wait_for
from tests.servers import scenarios

BIN = Path(sys.executable).parent


def archive(settings: Settings) -> Path:
    found = class_data.archive_file(settings)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def made(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings with a copy of the jars and an archive made for them."""
    folder = tmp_path_factory.mktemp("a cache")
    source = jars.jars_dir(settings)
    shutil.copytree(source, folder / source.name)
    own = replace(settings, cache_dir=folder)
    assert class_data.make_archive(own)
    return own


@pytest.fixture
def broken(made: Settings) -> Iterator[Path]:
    """Return an archive that a test may damage; it is whole again afterwards."""
    file, kept = archive(made), archive(made).with_name("kept")
    mark = file.with_name(f"{file.name}.made")
    facts = mark.read_bytes()
    shutil.copy2(file, kept)
    yield file
    kept.replace(file)
    mark.write_bytes(facts)
    assert class_data.is_whole(file)


def flip_a_byte(file: Path, part: int) -> None:
    """Change a byte as a failing disk does: of size and time nothing is to be seen."""
    content, facts = bytearray(file.read_bytes()), file.stat()
    content[64 + part * (len(content) - 65) // 7] ^= 0xFF
    file.write_bytes(content)
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def version(settings: Settings) -> tuple[int, str, str]:
    result = subprocess.run(
        [BIN / "kafka-topics", "--version"],
        env=scenarios.environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return result.returncode, result.stdout, result.stderr


def uses_archive(settings: Settings) -> bool:
    """Return whether Java itself says that it reads classes from the archive."""
    command = tool_command(settings, "kafka-topics", ["--version"])
    # Asked last, it overrules the silence that tools are told to keep.
    command.insert(command.index("-cp"), "-Xlog:class+load")
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return told.count("shared objects file") > 1000


def test_it_is_used_and_the_output_is_the_same(made: Settings) -> None:
    command = tool_command(made, "kafka-topics", ["--version"])
    assert f"-XX:SharedArchiveFile={archive(made)}" in command
    assert uses_archive(made)
    assert version(made) == (0, "4.3.1\n", "")


def test_without_it_tools_run(made: Settings, broken: Path) -> None:
    broken.unlink()
    command = tool_command(made, "kafka-topics", ["--version"])
    assert not any("SharedArchiveFile" in part for part in command)
    assert version(made) == (0, "4.3.1\n", "")


@pytest.mark.parametrize("part", range(8))
def test_flipped_bits_cost_speed_only(made: Settings, broken: Path, part: int) -> None:
    flip_a_byte(broken, part)
    assert class_data.is_whole(broken)
    assert version(made) == (0, "4.3.1\n", "")


def test_one_that_was_damaged_is_not_used_and_to_be_made_anew(
    made: Settings, broken: Path
) -> None:
    whole, command = broken.read_bytes(), ("kafka-topics", ["--version"])
    for content in (b"", b"nonsense" * 1000, whole[: len(whole) // 2], whole):
        broken.write_bytes(content)
        assert not class_data.is_whole(broken)
        used = tool_command(made, *command)
        assert not any("SharedArchiveFile" in part for part in used)


def test_another_place_of_the_jars_has_an_archive_of_its_own(
    made: Settings, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    moved.symlink_to(made.cache_dir)
    other = archive(replace(made, cache_dir=moved))
    assert other.name != archive(made).name, "Java would not use that one there"


def test_it_is_another_for_other_jars_and_none_for_another_java(made: Settings) -> None:
    before = archive(made)
    jar = next(jars.jars_dir(made).glob("*.jar"))
    facts = jar.stat()
    shutil.copyfile(jar, jar.with_suffix(".new"))
    jar.with_suffix(".new").replace(jar)
    assert archive(made) != before
    os.utime(jar, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert archive(made) == before
    assert class_data.archive_file(replace(made, java=Path("/usr/bin/java"))) is None


def test_a_making_that_takes_too_long_leaves_nothing(
    made: Settings, broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.unlink()
    monkeypatch.setattr(class_data, "_MAKE_TIMEOUT", 0.1)
    assert not class_data.make_archive(made)
    assert not list(broken.parent.glob("*.jsa")) + list(broken.parent.glob("*.part"))


@pytest.mark.soak
def test_two_at_once_make_it_once_and_older_ones_go(made: Settings, broken: Path) -> None:
    broken.write_bytes(b"damaged")
    other, old = (
        broken.with_name(f"kafka-4.3.1-{digit * 16}.jsa") for digit in ("0", "1")
    )
    other.write_bytes(b"of another clone's jars")
    old.write_bytes(b"of jars of long ago")
    os.utime(old, (0, 0))
    code = (
        "from helpers.settings import Settings\n"
        "from helpers.servers.runtime.class_data import make_archive\n"
        "print(make_archive(Settings.from_environment()))"
    )
    env = scenarios.environment(made)
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    told = sorted(process.communicate(timeout=180)[0] for process in both)
    assert told == [b"False\n", b"True\n"]
    assert broken.is_file()
    left = {file.name for file in broken.parent.iterdir() if file.is_file()}
    known = {broken.name, f"{broken.name}.made", "kafka-4.3.1.jsa.lock", "kept"}
    assert left - known == {other.name}
    other.unlink()
    assert uses_archive(made)


@pytest.mark.soak
def test_up_has_it_made_and_down_ends_the_making(
    fresh_settings: Settings, made: Settings, broken: Path
) -> None:
    broken.unlink()
    kinesis = next(fresh_settings.cache_dir.glob("kinesis-local-*[0-9]"))
    target = made.cache_dir / kinesis.name
    if not target.exists():
        shutil.copytree(kinesis, target)
    own = replace(fresh_settings, cache_dir=made.cache_dir)
    cluster = EmbeddedCluster(own)
    nodes = {node.pid for node in cluster.up().nodes}
    # A process that has only just begun has no environment to be known by yet.
    extra = wait_for(lambda: scenarios.pids(own) - nodes, 30, "the making")
    wait_for(
        lambda: {psutil.Process(pid).nice() for pid in extra} == {10}, 30, "politeness"
    )
    cluster.down()
    scenarios.assert_nothing_left(own)
    assert not broken.exists(), "it was made before it could be ended"
    # The next start takes it up again.
    cluster.up()
    wait_for(broken.is_file, 180, "the archive")
    cluster.down()
    cluster.up()
    broker = cluster.status().brokers[0].pid
    assert any(str(broken) in part for part in psutil.Process(broker).cmdline())
    cluster.down()


@pytest.mark.soak
def test_a_list_that_does_not_fit_this_java_costs_speed_only(
    made: Settings, broken: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = gzip.decompress(class_data.CLASS_LIST.read_bytes())
    for name, more in {"unknown": b"no/such/Class\n", "bad": b"@nothing 1 2\n"}.items():
        file = tmp_path / name
        file.write_bytes(gzip.compress(lines + more))
        monkeypatch.setattr(class_data, "CLASS_LIST", file)
        own_archive = archive(made)
        class_data.make_archive(made)
        assert version(made) == (0, "4.3.1\n", "")
        own_archive.unlink(missing_ok=True)
