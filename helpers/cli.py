"""The ``workbook`` command."""

import argparse
import dataclasses
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable

from helpers.inputs import InputError
from helpers.servers import connect
from helpers.servers.errors import ServersError
from helpers.servers.interface import ClusterStatus
from helpers.servers.report import status_text
from helpers.settings import Settings, SettingsError
from helpers.waiting import WaitTimeout, patience

NODE_ACTIONS = ("stop", "kill", "pause", "resume", "start")

# As a shell tells that SIGPIPE ended a program.
_READER_IS_GONE = 141


def main(arguments: list[str] | None = None) -> None:
    """Run one command; an error ends it with one sentence and exit code 1.

    Who reads its answer may stop reading, as ``head`` does: then it just ends.
    """
    # A terminal that is closed ends what runs in it as Ctrl-C does: in good order.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    # A terminal that cannot show a sign of ours shows another in its place.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        try:
            _main(arguments)
        finally:
            # Unlike a stream's own method it does for one that was closed, too.
            print(end="", flush=True)
    except BrokenPipeError:
        # Python would write the rest once more at its end, and tell that it cannot.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_READER_IS_GONE)


def _main(arguments: list[str] | None) -> None:
    options = _parser().parse_args(arguments)
    try:
        patience()  # what it says wrongly is told before anything is half done
        sys.exit(options.run(Settings.from_environment(), options))
    except (ServersError, InputError, SettingsError, WaitTimeout) as error:
        sys.exit(f"workbook: {error}")
    except BrokenPipeError:
        raise
    # A disk that is full, a cache that may not be written: no fault of this program.
    except OSError as error:
        sys.exit(f"workbook: {error.filename or 'a file'} cannot be used ({error}).")
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "new thread" not in str(error):
            raise
        sys.exit(f"workbook: too little memory or too few processes here ({error}).")
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="workbook", description="Kafka, Kinesis and the Lab of this course."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[..., int | None], text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    up = add("up", _up, "start the servers; they stay until `workbook down`")
    up.add_argument("--owner", type=int, help=argparse.SUPPRESS)
    add("down", _down, "stop the servers; data stays")
    add("reset", _reset, "stop the servers, remove their data, start a fresh cluster")
    status = add("status", _status, "show every node")
    status.add_argument("--json", action="store_true", help="for programs")
    doctor = add("doctor", _doctor, "check this machine and say how to mend it")
    doctor.add_argument("--fix", action="store_true", help="mend what is safe to mend")
    add("fetch", _fetch, "download what the servers need, for working offline later")
    lab = add("lab", _lab, "start the servers and open JupyterLab on the first lesson")
    lab.add_argument("--no-browser", action="store_true", help="print the address only")
    for role in ("broker", "controller"):
        what = f"stop, kill, pause, resume, start or remove one {role}"
        node = add(role, _node, what)
        node.add_argument("action", choices=(*NODE_ACTIONS, "remove"))
        node.add_argument("id", type=int, help="its node id, as in `workbook status`")
        node.set_defaults(role=role)
    kinesis = add("kinesis", _node, "stop, kill, pause, resume or start Kinesis")
    kinesis.add_argument("action", choices=NODE_ACTIONS)
    kinesis.set_defaults(role="kinesis", id=0)
    engine = add("engine", _engine, "list, install or remove an engine of lesson 12")
    engine.add_argument("action", choices=("list", "install", "remove"))
    engine.add_argument("name", nargs="?", help="as `workbook engine list` shows it")
    return parser


def _up(settings: Settings, options: argparse.Namespace) -> None:
    begin = time.monotonic()
    status = connect(settings).up(owner=options.owner, keep=options.owner is None)
    done = "These servers answer" if settings.attached else "Up"
    print(f"{done} after {time.monotonic() - begin:.1f} s.")
    print(status_text(status))


def _down(settings: Settings, _: argparse.Namespace) -> None:
    connect(settings).down()
    print("Down. Topics and records are kept for the next start.")


def _reset(settings: Settings, _: argparse.Namespace) -> None:
    status = connect(settings).reset()
    print("A fresh cluster, without any topic or stream.")
    print(status_text(status))


def _status(settings: Settings, options: argparse.Namespace) -> None:
    status = connect(settings).status()
    print(json.dumps(_as_json(status), indent=2) if options.json else status_text(status))


def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    from helpers.servers.doctor import examine, mend

    findings = examine(settings)
    if options.fix and mend(findings):
        findings = examine(settings)
    print(*findings, sep="\n")
    return 0 if all(finding.good for finding in findings) else 1


def _fetch(settings: Settings, _: argparse.Namespace) -> None:
    from helpers.servers.embedded.starting import fetch_programs

    fetch_programs(settings)
    print(f"Everything is in {settings.cache_dir}: the network is not needed any more.")


def _lab(settings: Settings, options: argparse.Namespace) -> None:
    from helpers.lab.launch import launch

    launch(settings, open_browser=not options.no_browser)


def _node(settings: Settings, options: argparse.Namespace) -> None:
    cluster = connect(settings)
    getattr(cluster, options.action)(options.role, options.id)
    print(status_text(cluster.status()))


def _engine(settings: Settings, options: argparse.Namespace) -> None:
    # Not above: only this command needs it.
    from helpers.engines import listing

    if options.action == "list":
        print(listing.text(settings))
    elif options.name is None:
        raise InputError(
            f"Which engine? Say `workbook engine {options.action} NAME`; `workbook "
            "engine list` shows the names."
        )
    elif options.action == "install":
        print(listing.install(settings, options.name))
    else:
        print(listing.remove(settings, options.name))


def _as_json(status: ClusterStatus) -> dict[str, object]:
    return {
        "mode": status.mode,
        "notes": status.notes,
        "kafka": {
            "bootstrap_servers": status.bootstrap_servers,
            "brokers": [dataclasses.asdict(node) for node in status.brokers],
            "controllers": [dataclasses.asdict(node) for node in status.controllers],
        },
        "kinesis": {
            "endpoint": status.kinesis_endpoint,
            **dataclasses.asdict(status.kinesis),
        },
    }
