"""Files are written whole, through links, and in place of files alone."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers import files


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond some bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real", tmp_path / "link"
    link.symlink_to("elsewhere/real")
    for content in ("first", "second"):
        files.write(link, content)
        assert link.is_symlink()
        assert real.read_text() == content
    assert [path.name for path in real.parent.iterdir()] == ["real"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to a pipe", "link to itself"])
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "place"
    if kind == "folder":
        place.mkdir()
    elif kind == "link to itself":
        place.symlink_to(place)
    else:
        pipe = tmp_path / "pipe" if "link" in kind else place
        os.mkfifo(pipe)
        place.symlink_to(pipe) if "link" in kind else None
    before = place.lstat()
    with pytest.raises(OSError, match="place"):
        files.write(place, "content")
    assert place.lstat().st_ino == before.st_ino
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    files.write(file, "old")
    with full_disk(), pytest.raises(OSError, match="too large"):
        files.write(file, "a content that is longer")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_permissions_are_those_asked_for_else_those_that_were(tmp_path: Path) -> None:
    secret, usual = tmp_path / "secret", tmp_path / "usual"
    usual.touch()
    secret.touch(0o644)
    files.write(secret, "password", mode=0o600)
    assert mode_of(secret) == 0o600
    files.write(tmp_path / "new", "")
    assert mode_of(tmp_path / "new") == mode_of(usual)
    usual.chmod(0o640)
    files.write(usual, "")
    assert mode_of(usual) == 0o640


def test_what_is_set_aside_replaces_nothing(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    for content in ("one", "two"):
        file.write_text(content)
        assert files.set_aside(file).read_text() == content
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["one", "two"]
