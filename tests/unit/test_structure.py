"""The shape of the project: generated notebooks, and what lessons may import."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

import helpers
from helpers.course.notebooks import existing, generate, without_solutions
from helpers.course.project import LESSONS, SCRIPTS
from helpers.settings import PROJECT_ROOT

# librdkafka ends the process in which a coordinator dies while one of these asks it.
_ENDS_ITS_PROCESS = re.compile(
    r"\.(describe|delete)_consumer_groups\(|\.(list|alter)_consumer_group_offsets\("
)
# Calls of librdkafka that last until they are answered, and the place of their timeout.
_TIMEOUT_AT = {
    "abort_transaction": 0,
    "commit_transaction": 0,
    "committed": 1,
    "consume": 1,
    "get_watermark_offsets": 1,
    "init_transactions": 0,
    "list_topics": 1,
    "offsets_for_times": 1,
    "send_offsets_to_transaction": 2,
}
_LESSONS = sorted([*LESSONS.glob("*.py"), *SCRIPTS.glob("*.py")])
_OWN_PROCESSES = (
    "coordinator_process.py",
    "group_question.py",
    "describe.py",
    "delete.py",
)
_IN_A_KERNEL = [
    path
    for path in [*_LESSONS, *(PROJECT_ROOT / "helpers").rglob("*.py")]
    if path.name not in _OWN_PROCESSES
]


def test_notebooks_are_what_make_notebooks_writes() -> None:
    # Another process wrote them: so two generations are equal, too.
    wanted = generate()
    stale = [
        str(path.relative_to(PROJECT_ROOT))
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert stale == [], "run `make notebooks`"
    assert set(existing()) == set(wanted), "run `make notebooks`"


def test_a_solution_is_cut_to_its_comments_and_a_stub() -> None:
    cell = nbformat.v4.new_code_cell("# Exercise 1.1\n# Do it.\nsecret = 1\n# why\n")
    cell.metadata["tags"] = ["solution"]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    student = without_solutions(notebook)
    assert student.cells[0].source == "# Exercise 1.1\n# Do it.\n# Your code here.\n"
    assert "secret" in notebook.cells[0].source


@pytest.mark.parametrize("lesson", _LESSONS, ids=lambda path: path.stem)
def test_a_lesson_imports_only_what_helpers_names(lesson: Path) -> None:
    tree = ast.parse(lesson.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers"):
            assert node.module == "helpers"
            assert {alias.name for alias in node.names} <= set(helpers.__all__)
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("helpers") for alias in node.names)


@pytest.mark.parametrize("lesson", _LESSONS, ids=lambda path: path.stem)
def test_a_call_that_the_stop_button_cannot_end_has_a_timeout(lesson: Path) -> None:
    tree = ast.parse(lesson.read_text("utf-8"))
    assert [ast.unparse(node) for node in ast.walk(tree) if _may_hang(node)] == []


def _may_hang(node: ast.AST) -> bool:
    """Tell whether it is such a call, without a timeout by name or by its place."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    place = _TIMEOUT_AT.get(node.func.attr)
    named = any(keyword.arg == "timeout" for keyword in node.keywords)
    return place is not None and not named and len(node.args) <= place


def test_every_name_of_helpers_can_be_imported() -> None:
    for name in helpers.__all__:
        assert getattr(helpers, name) is not None
    with pytest.raises(AttributeError):
        _ = helpers.nothing


def test_locks_carry_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (PROJECT_ROOT / name).read_text("utf-8")
        assert text.count("--hash=sha256:") > text.count("==")
        assert "://" not in text
    for lock in (PROJECT_ROOT / "helpers" / "servers" / "runtime").rglob("*lock*"):
        if lock.suffix in (".lock", ".json"):
            assert "://" not in lock.read_text("utf-8")


def test_the_students_lock_is_part_of_the_tests_lock() -> None:
    def versions(name: str) -> set[str]:
        lines = (PROJECT_ROOT / name).read_text("utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if re.match(r"[\w.-]+==", line)}

    assert versions("requirements.lock") <= versions("requirements-test.lock")


@pytest.mark.parametrize("lesson", _LESSONS, ids=lambda path: path.stem)
def test_a_shell_line_has_values_of_python_or_of_the_shell(lesson: Path) -> None:
    # IPython expands neither if it does not know one of the two.
    for line in lesson.read_text("utf-8").splitlines():
        if line.startswith(("# !", "!")):
            assert not ("$" in line and "{" in line), line


def test_what_may_end_a_process_is_asked_in_one_of_its_own() -> None:
    found = [
        source.name
        for source in _IN_A_KERNEL
        if any(map(_ENDS_ITS_PROCESS.search, _run_in_a_kernel(source)))
    ]
    assert found == []


def _run_in_a_kernel(source: Path) -> list[str]:
    """Return the cells that do not only write a script."""
    cells = source.read_text("utf-8").split("\n# %%\n")
    return [cell for cell in cells if not cell.startswith("# %%writefile")]
