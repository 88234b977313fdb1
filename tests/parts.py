"""Run the parts of the test suite, several at a time: ``make test``.

    python tests/parts.py [--soak] [PART ...]

Each part is a process of its own with one or more workers, and each worker has servers
of its own. Parts that mostly wait for servers run beside parts that mostly compute, as
many as the workers of this machine allow. What a part prints is shown when it has
ended, and kept with its figures in ``artefacts/tests``.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from xml.etree import ElementTree as ET

from helpers.inputs import InputError
from helpers.waiting import patience
from tests import core_paths

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ARTEFACTS = ROOT / "artefacts" / "tests"
CORES = ROOT / "artefacts" / "core"
WORKERS = 1 + max(2, os.cpu_count() or 1)
"""At one time: one more than can compute, as each also waits. Each takes about 1 GB with
its servers. Were there two for each core, a slow machine would start so many servers at
once that clients lose their sessions."""

SLOWEST = 40
_ASKED_TO_END = 130
_running: set["subprocess.Popen[bytes]"] = set()
"""What the parts have started and not yet ended."""


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


def main(arguments: list[str]) -> int:
    """Run the parts of these names, or all; return the exit code."""
    options = _parser().parse_args(arguments)
    patience()  # may be none
    parts = SOAK if options.soak else PARTS
    if unknown := set(options.parts) - set(parts):
        print(f"No such part: {', '.join(unknown)}; there are {', '.join(parts)}.")
        return 2
    begin = time.monotonic()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for old in ARTEFACTS.iterdir():
        old.unlink()
    chosen = [parts[name] for name in parts if name in (options.parts or parts)]
    if any(part.servers for part in chosen) and not _fill_cache():
        return 1
    results: dict[str, Result] = {}
    try:
        _all(chosen, results)
    finally:
        _print_slowest()
        print("\nMinutes of each part, side by side:")
        for name in filter(results.get, parts):
            print(f"  {name:<10}{results[name].minutes:6.1f}  {results[name].verdict}")
        print(f"  {'in all':<10}{(time.monotonic() - begin) / 60:6.1f}")
    return 1 if any(one.verdict == "FAILED" for one in results.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="the long tests")
    parser.add_argument("parts", nargs="*", metavar="PART")
    return parser


def _fill_cache() -> bool:
    """Fetch what the servers need and have the archive of their classes made.

    Else each part would wait for the first one's download, and start servers that take
    three times as long without the archive.

    Returns:
        Whether that could be tried; what is missing is told.
    """
    commands = (("helpers", "fetch"), ("helpers.servers.embedded.background",))
    return not any(
        subprocess.call([sys.executable, "-m", *command], cwd=ROOT)
        for command in commands
    )


def _all(waiting: list[Part], results: dict[str, Result]) -> None:
    """Run each part as soon as there are workers for it; add what comes of it."""
    running: dict[Future[None], Part] = {}
    with ThreadPoolExecutor(len(waiting)) as pool:
        while waiting or running:
            free = WORKERS - sum(part.workers for part in running.values())
            for part in list(waiting):
                if part.workers <= free or not running:
                    free -= part.workers
                    waiting.remove(part)
                    print(f"    {part.name} begins", flush=True)
                    running[pool.submit(_one, part, results)] = part
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                del running[future]
                future.result()


def _one(part: Part, results: dict[str, Result]) -> None:
    """Run a part, and tell of it even if nobody waits for it any more."""
    begin, log = time.monotonic(), ARTEFACTS / f"{part.name}.log"
    good = part.run(part, log)
    minutes = (time.monotonic() - begin) / 60
    result = Result(minutes, _verdict(part) if good else "FAILED")
    results[part.name] = result
    title = f"=== {part.name}: {result.verdict}, {minutes:.1f} minutes ==="
    print(f"\n{title}\n{log.read_text('utf-8', 'replace').strip()}", flush=True)


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
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=sink, stderr=subprocess.STDOUT
        )
        _running.add(process)
        code = process.wait()
        _running.remove(process)
        if code < 0:
            sink.write(f"\nEnded by {signal.Signals(-code).name}.\n".encode())
    return code == 0


def cell_timeout() -> int:
    """Return the seconds that a cell of a notebook may take."""
    return int(120 * patience())


def _notebooks(part: Part, log: Path) -> bool:
    plugins = ("-p", "tests.lesson_servers", "-p", "nbval.plugin")
    nbval = ("--nbval-lax", "--nbval-current-env")
    timeout = f"--nbval-cell-timeout={cell_timeout()}"
    cores = map(str, core_paths.write(CORES))
    return _tests(*plugins, *nbval, timeout, "notebooks/solutions", *cores)(part, log)


def _soak(folder: str, workers: int = 1) -> Part:
    # Their figures are in what they print.
    run = _tests("-m", "soak", "-rP", f"tests/{folder}")
    return Part(folder, run, workers)


def _by_name(*parts: Part) -> dict[str, Part]:
    return {part.name: part for part in parts}


# The longest first, and those of one worker before: none is left alone at the end.
PARTS = _by_name(
    Part("browser", _tests("tests/browser"), 2),
    Part("localstack", _tests("tests/localstack")),
    Part("attached", _tests("tests/attached")),
    Part("course", _tests("tests/course"), 2),
    Part("servers", _tests("tests/servers", "tests/chaos"), 2),
    Part("notebooks", _notebooks, 2),
    Part("engines", _tests("tests/engines")),
    Part("live", _tests("tests/live")),
    Part("setup", _tests("tests/setup")),
    Part("lab", _tests("tests/lab")),
    Part("unit", _tests("tests/unit"), servers=False),
    Part("style", _style, servers=False),
    Part("compose", _tests("tests/compose")),
)
SOAK = _by_name(
    _soak("chaos"),
    _soak("soak", 2),
    _soak("browser"),
    _soak("servers"),
    *map(_soak, ("live", "setup", "compose")),
)


def begin() -> NoReturn:
    """Run what the command line says, and end this process."""
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(main(sys.argv[1:]))
    except InputError as error:
        sys.exit(f"make test: {error}")
    except KeyboardInterrupt:
        sys.exit(_ASKED_TO_END)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Ask the parts to end, too; what there is to tell is told then."""
    signal.signal(number, signal.SIG_IGN)
    for process in list(_running):
        process.terminate()
    raise KeyboardInterrupt


if __name__ == "__main__":
    begin()
