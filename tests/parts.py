"""Run the parts of the test suite, several at a time: ``make test``.

    python tests/parts.py [PART ...]

Each part is a process of its own with one or more workers, and each worker has servers
of its own. Parts that mostly wait for servers run beside parts that mostly compute, as
many as the workers of this machine allow. What a part prints is shown when it has
ended, and kept with its figures in ``artefacts/tests``.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from helpers.waiting import patience

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ARTEFACTS = ROOT / "artefacts" / "tests"
CELL_TIMEOUT_SECONDS = int(120 * patience())
NBVAL = [
    *("-p", "nbval.plugin"),
    "--nbval-lax",
    "--nbval-current-env",
    f"--nbval-cell-timeout={CELL_TIMEOUT_SECONDS}",
]
WORKERS = max(2, 2 * (os.cpu_count() or 1))
"""At one time: each waits for half of its time, and takes about 1 GB with its servers."""

SLOWEST = 40


@dataclass(frozen=True)
class Part:
    """One part of the suite.

    Attributes:
        name: as it is asked for.
        run: writes its output to the file and returns whether all is well.
        workers: how many processes it takes.
        servers: whether these start servers of their own.
    """

    name: str
    run: Callable[["Part", Path], bool]
    workers: int = 1
    servers: bool = True


@dataclass(frozen=True)
class Result:
    """How a part ended.

    Attributes:
        minutes: from its begin to its end, other parts beside it.
        verdict: ``passed``, ``FAILED``, or ``skipped`` with the reason.
    """

    minutes: float
    verdict: str


def main(wanted: list[str]) -> int:
    """Run the parts of these names, or all; return the exit code."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"No such part: {', '.join(unknown)}; there are {', '.join(PARTS)}.")
        return 2
    begin = time.monotonic()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for old in ARTEFACTS.iterdir():
        old.unlink()
    chosen = [part for part in PARTS.values() if part.name in (wanted or PARTS)]
    if any(part.servers for part in chosen) and not _fill_cache():
        return 1
    results = _all(chosen)
    _print_slowest()
    print("\nMinutes of each part, side by side:")
    for name in filter(results.get, PARTS):
        print(f"  {name:<10}{results[name].minutes:6.1f}  {results[name].verdict}")
    print(f"  {'in all':<10}{(time.monotonic() - begin) / 60:6.1f}")
    return 1 if any(one.verdict == "FAILED" for one in results.values()) else 0


def _fill_cache() -> bool:
    """Fetch what the servers need and have the archive of their classes made.

    Else each part would wait for the first one's download, and start servers that take
    three times as long without the archive.

    Returns:
        Whether all is there; what is missing is told.
    """
    commands = (("helpers", "fetch"), ("helpers.servers.embedded.background",))
    return not any(
        subprocess.call([sys.executable, "-m", *command], cwd=ROOT)
        for command in commands
    )


def _all(waiting: list[Part]) -> dict[str, Result]:
    """Run each part as soon as there are workers for it."""
    results: dict[str, Result] = {}
    running: dict[Future[Result], Part] = {}
    with ThreadPoolExecutor(len(waiting)) as pool:
        while waiting or running:
            free = WORKERS - sum(part.workers for part in running.values())
            for part in list(waiting):
                if part.workers <= free or not running:
                    free -= part.workers
                    waiting.remove(part)
                    print(f"    {part.name} begins", flush=True)
                    running[pool.submit(_timed, part)] = part
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                part, result = running.pop(future), future.result()
                results[part.name] = result
                _tell(part, result)
    return results


def _timed(part: Part) -> Result:
    begin = time.monotonic()
    good = part.run(part, _log(part.name))
    minutes = (time.monotonic() - begin) / 60
    return Result(minutes, _verdict(part) if good else "FAILED")


def _tell(part: Part, result: Result) -> None:
    print(f"\n=== {part.name}: {result.verdict}, {result.minutes:.1f} minutes ===")
    print(_log(part.name).read_text("utf-8", "replace").strip(), flush=True)


def _log(name: str) -> Path:
    return ARTEFACTS / f"{name}.log"


def _cases(report: Path) -> Iterator[ET.Element]:
    """Yield each test of a report, in which pytest writes them as JUnit does."""
    if report.exists():
        yield from ET.parse(report).iter("testcase")


def _verdict(part: Part) -> str:
    """Say "skipped" and why of a part whose tests were all skipped."""
    skipped = [one.find("skipped") for one in _cases(ARTEFACTS / f"{part.name}.xml")]
    if not skipped or None in skipped:
        return "passed"
    reasons = {one.get("message", "") for one in skipped if one is not None}
    return f"skipped: {'; '.join(sorted(reasons))}"


def _print_slowest() -> None:
    """Print the slowest tests of all parts, and keep all of them as a file."""
    found = sorted(
        (
            (float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}")
            for report in ARTEFACTS.glob("*.xml")
            for case in _cases(report)
        ),
        reverse=True,
    )
    lines = [f"{seconds:8.2f} s  {name}" for seconds, name in found]
    (ARTEFACTS / "durations.txt").write_text("\n".join(lines) + "\n", "utf-8")
    print("\nSlowest tests, servers included:", *lines[:SLOWEST], sep="\n")


def _style(_: Part, log: Path) -> bool:
    commands = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports", "--no-cache"],
    )
    return all([_run([str(BIN / name), *rest], log) for name, *rest in commands])


def _tests(*arguments: str) -> Callable[[Part, Path], bool]:
    def run(part: Part, log: Path) -> bool:
        command = [sys.executable, "-m", "pytest", *_by(part.workers), *arguments]
        report = f"--junitxml={ARTEFACTS / part.name}.xml"
        deadline = f"--timeout={300 * patience()}"
        durations = ("--durations=15", "--durations-min=2")
        return _run([*command, deadline, report, *durations], log)

    return run


def _by(workers: int) -> Iterable[str]:
    # By files: what a file's tests share, one worker makes once.
    return ("-n", str(workers), "--dist", "loadfile") if workers > 1 else ()


def _run(command: list[str], log: Path) -> bool:
    with log.open("ab") as sink:
        ended = subprocess.run(
            command, cwd=ROOT, check=False, stdout=sink, stderr=subprocess.STDOUT
        )
    return ended.returncode == 0


# The longest first, and those of one worker before: none is left alone at the end.
PARTS = {
    part.name: part
    for part in (
        Part("browser", _tests("tests/browser"), 2),
        Part("localstack", _tests("tests/localstack")),
        Part("attached", _tests("tests/attached")),
        Part("course", _tests("tests/course"), 2),
        Part("servers", _tests("tests/servers"), 2),
        Part(
            "notebooks",
            _tests("-p", "tests.lesson_servers", *NBVAL, "notebooks/solutions"),
            2,
        ),
        Part("live", _tests("tests/live"), 2),
        Part("setup", _tests("tests/setup")),
        Part("lab", _tests("tests/lab")),
        Part("unit", _tests("tests/unit"), servers=False),
        Part("style", _style, servers=False),
        Part("compose", _tests("tests/compose")),
    )
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
