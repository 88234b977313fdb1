"""What a lesson's first cell may not import: it runs before anything is shown."""

import json
import subprocess
import sys

from bench.first_cell import FIRST_CELL

# Each takes longer than all clients together, or brings what does.
HEAVY = (
    "jsonschema",
    "jupyter_client",
    "jupyter_server",
    "jupytext",
    "kafka",
    "matplotlib",
    "nbformat",
    "numpy",
    "pandas",
    "requests",
    "rfc3987_syntax",
)


def imported_by(code: str) -> set[str]:
    """Return the modules that a new process has after some code."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport json, sys; print(json.dumps([*sys.modules]))",
        ],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return set(json.loads(told.stdout))


def test_a_first_cell_imports_nothing_heavy() -> None:
    assert imported_by(FIRST_CELL).isdisjoint(HEAVY)


def test_a_command_imports_no_client() -> None:
    clients = {"confluent_kafka", "boto3", "ipywidgets", "IPython"}
    assert imported_by("import helpers.cli").isdisjoint({*HEAVY, *clients})


def test_what_becomes_the_lab_imports_nothing_heavy() -> None:
    heavy = {*HEAVY, "boto3", "ipywidgets", "IPython"}
    assert imported_by("import helpers.lab.launch").isdisjoint(heavy)


def test_a_consumer_of_a_lesson_imports_its_client_alone() -> None:
    found = imported_by("import helpers.kafka.lag_consumer, helpers.kafka.member_process")
    assert "confluent_kafka" in found
    assert found.isdisjoint({*HEAVY, "boto3", "ipywidgets", "IPython"})
