"""The student's copies: seeded once, never overwritten."""

from pathlib import Path

import nbformat
import pytest

from helpers.course.work import seed
from helpers.inputs import InputError
from tests.unit.test_files import full_disk


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "00_welcome.ipynb").write_text("version 1")
    return folder


def test_a_lesson_is_copied_once_and_then_left_alone(
    tmp_path: Path, source: Path
) -> None:
    work = tmp_path / "work"
    assert seed(work, source) == ["00_welcome.ipynb"]
    (work / "00_welcome.ipynb").write_text("my answers")
    assert seed(work, source) == []
    assert (work / "00_welcome.ipynb").read_text() == "my answers"


def test_a_newer_lesson_is_offered_beside_the_students(
    tmp_path: Path, source: Path
) -> None:
    work = tmp_path / "work"
    seed(work, source)
    (work / "00_welcome.ipynb").write_text("my answers")
    (source / "00_welcome.ipynb").write_text("version 2")
    (name,) = seed(work, source)
    assert (work / name).read_text() == "version 2"
    assert (work / "00_welcome.ipynb").read_text() == "my answers"
    assert seed(work, source) == []


def test_a_lesson_that_the_student_removed_comes_back(
    tmp_path: Path, source: Path
) -> None:
    work = tmp_path / "work"
    seed(work, source)
    (work / "00_welcome.ipynb").unlink()
    assert seed(work, source) == ["00_welcome.ipynb"]


def test_a_lesson_that_came_later_is_copied(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    seed(work, source)
    (source / "01_streams.ipynb").write_text("new")
    assert seed(work, source) == ["01_streams.ipynb"]


def a_notebook(text: str) -> str:
    return nbformat.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    )


def looked_at(file: Path) -> None:
    """Save a notebook as JupyterLab does when a kernel was started for it."""
    notebook = nbformat.read(file, 4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13.1"}
    nbformat.write(notebook, file)


def test_a_newer_glossary_takes_the_place_of_one_that_was_only_looked_at(
    tmp_path: Path, source: Path
) -> None:
    work, mine = tmp_path / "work", tmp_path / "work" / "glossary.ipynb"
    for version in ("terms 1", "terms 2"):
        (source / "glossary.ipynb").write_text(a_notebook(version))
        seed(work, source)
        assert version in mine.read_text()
        looked_at(mine)
    assert seed(work, source) == []
    mine.write_text(a_notebook("my notes"))
    (source / "glossary.ipynb").write_text(a_notebook("terms 3"))
    (name,) = seed(work, source)
    assert "terms 3" in (work / name).read_text()
    assert "my notes" in mine.read_text()


@pytest.mark.parametrize("broken", ["null", "5", "[[1]]", "{", "[" * 100_000])
def test_a_broken_list_of_copies_is_kept_aside(
    tmp_path: Path, source: Path, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    seed(work, source)
    (work / "00_welcome.ipynb").write_text("my answers")
    (work / ".seeded.json").write_text(broken)
    assert seed(work, source) == []
    (kept,) = work.glob(".seeded.unreadable-*.json")
    assert kept.read_text() == broken
    assert str(kept) in capsys.readouterr().out
    assert (work / "00_welcome.ipynb").read_text() == "my answers"
    assert seed(work, source) == []


@pytest.mark.parametrize("broken", ['{"cells": 5}', '{"cells": [5]}', "{}", "null", ""])
def test_a_broken_glossary_stays_and_the_newest_is_offered_beside_it(
    tmp_path: Path, source: Path, broken: str
) -> None:
    work, mine = tmp_path / "work", tmp_path / "work" / "glossary.ipynb"
    for version in ("terms 1", "terms 2"):
        (source / "glossary.ipynb").write_text(a_notebook(version))
        new = seed(work, source)
        mine.write_text(broken)
    assert "terms 2" in (work / new[0]).read_text()
    assert mine.read_text() == broken


def test_an_offer_that_was_written_into_is_not_made_again(
    tmp_path: Path, source: Path
) -> None:
    work = tmp_path / "work"
    seed(work, source)
    before = (work / ".seeded.json").read_text()
    (source / "00_welcome.ipynb").write_text("version 2")
    (name,) = seed(work, source)
    (work / name).write_text("my answers")
    (work / ".seeded.json").write_text(before)
    assert seed(work, source) == []
    assert (work / name).read_text() == "my answers"


def test_a_work_folder_that_cannot_be_gets_a_sentence(
    tmp_path: Path, source: Path
) -> None:
    (tmp_path / "work").write_text("mine")
    with pytest.raises(InputError, match="set WORKBOOK_WORK_DIR to another folder"):
        seed(tmp_path / "work", source)
    assert (tmp_path / "work").read_text() == "mine"


def test_a_full_disk_leaves_no_half_copy(tmp_path: Path, source: Path) -> None:
    (source / "00_welcome.ipynb").write_text("longer than the disk has room for")
    with full_disk(), pytest.raises(InputError, match="cannot be kept in"):
        seed(tmp_path / "work", source)
    assert list((tmp_path / "work").iterdir()) == []
