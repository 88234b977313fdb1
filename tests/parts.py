"""Run the parts of the test suite one after the other: ``make test``.

    python tests/parts.py [PART ...]

Each part is a process of its own; a table of minutes comes at the end. Most of what the
parts do is wait for servers, so that two or three workers share a part, each with servers
of its own; the parts themselves take turns.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CELL_TIMEOUT_SECONDS = 120
NBVAL = [
    *("-p", "nbval.plugin"),
    "--nbval-lax",
    "--nbval-current-env",
    f"--nbval-cell-timeout={CELL_TIMEOUT_SECONDS}",
]
# By files: what a file's tests share, such as its servers, one worker starts once.
_BY_FILES = ("--dist", "loadfile")
BY_TWO = ("-n", "2", *_BY_FILES)
# Where most of the time is spent waiting.
BY_THREE = ("-n", "3", *_BY_FILES)


def main(wanted: list[str]) -> int:
    """Run the parts of these names, or all; return the exit code."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"No such part: {', '.join(unknown)}; there are {', '.join(PARTS)}.")
        return 2
    results = {name: _timed(name) for name in PARTS if not wanted or name in wanted}
    print("\nMinutes of each part:")
    for name, (minutes, good) in results.items():
        print(f"  {name:<10}{minutes:6.1f}  {'passed' if good else 'FAILED'}")
    print(f"  {'all':<10}{sum(minutes for minutes, _ in results.values()):6.1f}")
    return 0 if all(good for _, good in results.values()) else 1


def _timed(name: str) -> tuple[float, bool]:
    print(f"\n=== {name} ===", flush=True)
    begin = time.monotonic()
    good = PARTS[name]()
    return (time.monotonic() - begin) / 60, good


def _style() -> bool:
    commands = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports", "--no-cache"],
    )
    return all([_run([str(BIN / name), *rest]) for name, *rest in commands])


def _tests(*arguments: str) -> bool:
    return _run([sys.executable, "-m", "pytest", *arguments])


def _run(command: list[str]) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


PARTS: dict[str, Callable[[], bool]] = {
    "style": _style,
    "unit": lambda: _tests("tests/unit"),
    "servers": lambda: _tests(*BY_TWO, "tests/servers"),
    "live": lambda: _tests(*BY_TWO, "tests/live"),
    "course": lambda: _tests(*BY_THREE, "tests/course"),
    "notebooks": lambda: _tests(
        *BY_THREE, "-p", "tests.lesson_servers", *NBVAL, "notebooks"
    ),
    "attached": lambda: _tests("-n", "3", "tests/attached"),
    "localstack": lambda: _tests("tests/localstack"),
    "compose": lambda: _tests("tests/compose"),
    "lab": lambda: _tests("tests/lab"),
    "browser": lambda: _tests(*BY_TWO, "tests/browser"),
    "setup": lambda: _tests(*BY_TWO, "tests/setup"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
