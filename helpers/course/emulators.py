"""Where emulators of Kinesis differ, ``emulators.toml``, and lesson 14's table of it.

What the emulators answer was seen by tests (``tests/kinesis_probes.py``), and what AWS
answers is what its pages say. ``python -m helpers.course.emulators`` writes the table.
"""

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.course.syllabus import entry

_FILE = Path(__file__).with_name("emulators.toml")
_LESSON = 14
_API = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_"
_BEGIN, _END = "# <!-- emulators -->\n", "# <!-- /emulators -->"
_REFUSED = "refused"
_ERRORS = ("Exception", "Error")


@dataclass(frozen=True)
class Case:
    """One thing that is tried on every emulator.

    Attributes:
        name: of its probe.
        tried: what is tried, in words.
        aws: what AWS documents; ``"refused"`` where it leaves the error's code open.
        source: address of the page that says so, or ``API/NAME``.
        embedded: what the embedded emulator answered.
        localstack: what LocalStack answered.
    """

    name: str
    tried: str
    aws: str
    source: str
    embedded: str
    localstack: str

    @property
    def differs(self) -> bool:
        """Whether an emulator answers otherwise than AWS."""
        return not all(self._as_aws(one) for one in (self.embedded, self.localstack))

    def _as_aws(self, answer: str) -> bool:
        refused = self.aws == _REFUSED and answer.endswith(_ERRORS)
        return refused or answer == self.aws

    @property
    def page(self) -> str:
        """The address of the source."""
        return self.source.replace("API/", _API, 1) + (
            ".html" if self.source.startswith("API/") else ""
        )


@cache
def emulators() -> dict[str, str]:
    """Return the name and version of each emulator: ``embedded`` and ``localstack``."""
    names: dict[str, str] = tomllib.loads(_FILE.read_text("utf-8"))["emulators"]
    return names


@cache
def cases() -> tuple[Case, ...]:
    """Return everything that is tried, in the order of the file."""
    listed = tomllib.loads(_FILE.read_text("utf-8"))["case"]
    return tuple(Case(**one) for one in listed)


def table() -> str:
    """Return what differs as a Markdown table, and what does not as a list."""
    rows = ["| | AWS | embedded | LocalStack |", "|---|---|---|---|"]
    rows += [_row(one) for one in cases() if one.differs]
    alike = [one.tried for one in cases() if not one.differs]
    names = emulators()
    rows += [
        "",
        f"Embedded is {names['embedded']}, LocalStack is {names['localstack']}. AWS "
        "itself was not tried: its column is what its pages say.",
        "",
        f"<details><summary>These {len(alike)} are answered alike.</summary>",
        "",
        *(f"- {one}" for one in alike),
        "",
        "</details>",
    ]
    return "\n".join(rows) + "\n"


def has_table(lesson: str) -> bool:
    """Return whether the text of a lesson has the two marks, in their order."""
    return _BEGIN in lesson and _END in lesson.split(_BEGIN, 1)[1]


def with_table(lesson: str) -> str:
    """Return a lesson's text with the table of today between its two marks.

    Args:
        lesson: in the percent format, so that the table stands in comments.

    Raises:
        LookupError: it has no such marks.
    """
    if not has_table(lesson):
        raise LookupError(f"It has no lines {_BEGIN.strip()} and {_END}: put them in.")
    before, rest = lesson.split(_BEGIN, 1)
    _, after = rest.split(_END, 1)
    lines = "".join(f"# {line}".rstrip() + "\n" for line in table().splitlines())
    return f"{before}{_BEGIN}{lines}{_END}{after}"


def main(file: Path) -> int:
    """Write the table into a lesson; return the exit code."""
    try:
        file.write_text(with_table(file.read_text("utf-8")), "utf-8")
    except (OSError, LookupError) as error:
        print(f"{file.name} was left as it is. {error}", file=sys.stderr)
        return 1
    return 0


def _row(case: Case) -> str:
    aws = f"{_shown(case.aws)} ([page]({case.page}))"
    return (
        f"| {case.tried} | {aws} | {_shown(case.embedded)} | {_shown(case.localstack)} |"
    )


def _shown(answer: str) -> str:
    return f"`{answer}`" if answer.endswith(_ERRORS) else answer


if __name__ == "__main__":
    sys.exit(main(entry(_LESSON).file))
