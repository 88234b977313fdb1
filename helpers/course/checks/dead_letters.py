"""Exercise 6.4: good records passed on, broken ones kept as they are, with a reason."""

from collections import Counter

from helpers import flights
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.groups import committed_offsets
from helpers.kafka.offsets import end_offsets
from helpers.kafka.records import Record, read_all
from helpers.kafka.topics import admin_client, topic_names

REPORTED = "nyc.flight.reported"
CHECKED = "nyc.flight.checked"
DEAD = "nyc.flight.dead"
GROUP = "checker"
HEADER = "why"

_ANEW = (
    " What is in a topic stays there: mend your cell, run the one that creates the "
    "topics again, then yours."
)

_Content = tuple[bytes | None, bytes]


def sorted_out(lesson: Lesson) -> Verdict:
    """Judge exercise 6.4: each record in one of two topics, and the group at the end."""
    names = [lesson.topic(base) for base in (REPORTED, CHECKED, DEAD)]
    present = topic_names(admin_client(lesson.connection))
    if missing := [name for name in names if name not in present]:
        return not_yet(f"There is no topic `{missing[0]}`. Run the cell that creates it.")
    reported, checked, dead = (read_all(lesson.connection, name) for name in names)
    good = [one for one in reported if _readable(one)]
    broken = [one for one in reported if not _readable(one)]
    if wrong := _wrong_dead(broken, dead) or _wrong_checked(good, checked):
        return not_yet(wrong)
    if wrong := _wrong_offset(lesson, names[0]):
        return not_yet(wrong)
    twice = "" if len(dead) == len(broken) else " (Some are there twice: so be it.)"
    return passed(
        f"{len(good)} records went on, {len(broken)} lie in `{names[2]}`, each with its "
        f"reason.{twice}"
    )


def _readable(record: Record) -> bool:
    try:
        flights.from_json(record.value)
    except (ValueError, TypeError):
        return False
    return True


def _wrong_dead(broken: list[Record], dead: list[Record]) -> str:
    """Return what is wrong with the dead letters; empty if nothing is."""
    wanted, found = _contents(broken), _contents(dead)
    values = {value for _, value in found}
    if not dead:
        return (
            "`dead` is empty. Send there what `flights.from_json` refuses, and `flush`. "
            "If an earlier try has read all, its group gets nothing again: run the cell "
            "that creates the topics, then yours."
        )
    if strangers := found.keys() - wanted.keys():
        return _stranger(min(strangers, key=repr), wanted)
    for key, value in wanted:
        if value not in values:
            return (
                f"`dead` lacks the record {_name(key)}, {value!r}. Three kinds of "
                "trouble come: no text, no JSON, and JSON without all fields; each is a "
                "`ValueError`."
            )
    return _wrong_headers(dead)


def _stranger(stranger: _Content, wanted: Counter[_Content]) -> str:
    key, value = stranger
    if any(value == other for _, other in wanted):
        return (
            f"A record in `dead` has the key {key!r}. Keep the one it came with: "
            f"`message.key()`. Whoever mends it must know whose it is.{_ANEW}"
        )
    if any(key == other for other, _ in wanted):
        return (
            f"The value of {_name(key)} in `dead` is {value[:40]!r}, which is not what "
            "came. Send `message.value()`, the bytes; the reason goes into a header."
            + _ANEW
        )
    return f"{_name(key)} is in `dead`, though it can be read.{_ANEW}"


def _wrong_headers(dead: list[Record]) -> str:
    # Of those that are there twice the newest counts: a try before may have been wrong.
    for record in {(one.key, one.value): one for one in dead}.values():
        headers = dict(record.headers)
        if HEADER not in headers:
            named = f" Its headers: {', '.join(headers)}." if headers else ""
            return (
                f"{_name(record.key)} in `dead` has no header `{HEADER}`.{named} "
                f'Give `produce` one: `headers=[("why", …)]`.{_ANEW}'
            )
        if not headers[HEADER]:
            return (
                f"The header `{HEADER}` of {_name(record.key)} is empty. What went wrong "
                f"with it?{_ANEW}"
            )
    return ""


def _wrong_checked(good: list[Record], checked: list[Record]) -> str:
    """Return what is wrong with the records that went on; empty if nothing is."""
    wanted, found = _contents(good), _contents(checked)
    if missing := [one for one in wanted if one not in found]:
        changed = any(key == missing[0][0] for key, _ in found)
        if changed:
            return (
                f"{_name(missing[0][0])} in `checked` is not as it came: send its bytes."
            )
        return (
            f"`checked` lacks {len(missing)} of {len(wanted)} records, the first is "
            f"{_name(missing[0][0])}. After a broken one, go on with the next."
        )
    if strangers := found.keys() - wanted.keys():
        return (
            f"`checked` has {_name(min(strangers, key=repr)[0])}, which nobody can read."
            + _ANEW
        )
    return ""


def _wrong_offset(lesson: Lesson, reported: str) -> str:
    found = committed_offsets(lesson.connection, lesson.group(GROUP), reported)
    if found == end_offsets(lesson.connection, reported):
        return ""
    at = f"at {found[0]}" if 0 in found else "nothing"
    return (
        f"All records are where they belong, but `{lesson.group(GROUP)}` has committed "
        f"{at}, and the topic goes on. Its next start would send them again: commit at "
        "the end."
    )


def _contents(records: list[Record]) -> Counter[_Content]:
    return Counter((one.key, one.value) for one in records)


def _name(key: bytes | None) -> str:
    return f"`{(key or b'').decode(errors='replace')}`"
