"""Lesson 13: a key for each shard, a retry that loses nothing, the right split."""

from helpers.course.checks import lesson_13_sent as sent
from helpers.course.checks.lesson_13_look import client, records, shards
from helpers.course.exercises import Exercise, Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kinesis.shards import Shard, hash_key, open_shard

EACH, BY_CARRIER = "nyc.each.shard", "by.carrier"
SHARDS = 4
HOT = 1
# Endpoints differ by a few hash keys in how they share the range out.
_NEARLY = 2**100
_AGAIN = f'Begin your cell with `each = create("{EACH}", {SHARDS})`, to try again.'


def key_for_each_shard(lesson: Lesson) -> Verdict:
    """Judge exercise 13.1: one record in each shard, led there by its key."""
    name = lesson.stream(EACH)
    kinesis = client()
    known = shards(kinesis, name)
    if known is None:
        return not_yet(f"There is no stream `{name}` yet. {_AGAIN}")
    if len(known) != SHARDS:
        return not_yet(f"`{name}` has {len(known)} shards, and 4 are asked for. {_AGAIN}")
    found = records(kinesis, name)
    if not found:
        return not_yet(f"No record is in `{name}` yet.")
    counts = {one.id: sum(r.shard == one.id for r in found) for one in known}
    if wrong := _uneven(counts):
        return not_yet(f"`{name}`: {wrong} {_AGAIN}")
    for one in found:
        home = open_shard(known, hash_key(one.key))
        if home is None or home.id != one.shard:
            return not_yet(
                f"`{one.key}` lies in shard {_number(one.shard)}, and its MD5 in another "
                f"one's range, so `ExplicitHashKey` was used. Let the key do it. {_AGAIN}"
            )
    keys = ", ".join(f"`{one.key}` in shard {_number(one.shard)}" for one in found)
    return passed(f"One record in each: {keys}. The MD5 of each key led it there.")


def _uneven(counts: dict[str, int]) -> str:
    empty = [_number(one) for one, number in counts.items() if not number]
    full = [_number(one) for one, number in counts.items() if number > 1]
    if empty:
        said = f"shard {' and '.join(empty)} of {SHARDS} holds nothing."
        if full:
            said += (
                " Four keys do not fill four shards by themselves: MD5 puts some of them "
                "side by side. Compute where each key lies before you choose it."
            )
        return said
    if full:
        return f"shard {full[0]} holds more than one record; one in each is asked for."
    return ""


def right_split(lesson: Lesson) -> Verdict:
    """Judge exercise 13.3: UA and AA in two shards."""
    name = lesson.stream(BY_CARRIER)
    known = shards(client(), name)
    if known is None:
        return not_yet(f"There is no stream `{name}`: run the cells of this section.")
    hot = next((one for one in known if int(_number(one.id)) == HOT), None)
    homes = [open_shard(known, hash_key(carrier)) for carrier in ("UA", "AA")]
    if hot is None or None in homes:
        return not_yet(f"`{name}` is not what this section made: run its cells again.")
    if homes[0] != homes[1]:
        return passed(
            f"UA is in shard {_said(homes[0])} now, AA in shard {_said(homes[1])}. "
            "Run `refused(by_carrier, carrier)` again: nothing is refused."
        )
    return not_yet(_same_shard(known, hot, homes[0]))


def _same_shard(known: tuple[Shard, ...], hot: Shard, home: Shard | None) -> str:
    where = f"UA and AA are still in one shard, {_said(home)}. "
    if not hot.closed:
        closed = [_number(one.id) for one in known if one.closed]
        others = [one for one in closed if one != "3"]
        if others:
            return (
                where + f"You split or merged shard {others[0]}; shard 1 is the hot one."
            )
        return where + "Shard 1 is open as before: it was not split yet."
    first = min(one.first for one in known if hot.id in one.parents)
    last = max(one.first for one in known if hot.id in one.parents)
    middle = (hot.first + hot.last + 1) // 2
    if abs(last - middle) < _NEARLY and first != last:
        return where + (
            "You split shard 1 in its middle, at 18.75 %. All its airlines lie above "
            "that, so one child has them all. Split that child between the two keys."
        )
    return where + (
        "The new border lies on one side of both. Compute the two hash keys, and split "
        "the shard that holds them between these two."
    )


def _said(shard: Shard | None) -> str:
    return _number(shard.id) if shard else "none"


def _number(shard_id: str) -> str:
    return str(int(shard_id.rpartition("-")[2]))


EXERCISES = (
    Exercise(
        "13.1",
        key_for_each_shard,
        (
            "`place(key)` divided by 2**126 and rounded down is the number of the shard, "
            "when four shards share the range evenly. Try keys until you have all four.",
            "Collect them: `found = {}`, then for each flight of `day`: "
            "`found.setdefault(place(flight.carrier) // 2**126, flight.carrier)`. "
            "Put a record for each of "
            "`found.values()`.",
        ),
    ),
    Exercise(
        "13.2",
        sent.complete_storm,
        (
            'Each answer in `told["Records"]` stands at the place of its record. Which '
            "records of the call have an `ErrorCode` there?",
            'With `zip(records, told["Records"])`, keep the records whose answer has an '
            "`ErrorCode`. Wait a little, and go on with those and with what was not sent "
            "yet, until nothing is left.",
        ),
    ),
    Exercise(
        "13.3",
        right_split,
        (
            '`place("UA")` and `place("AA")` are two numbers within the range of shard '
            "1. Where must the border be?",
            "`NewStartingHashKey` is the lowest hash key of the upper child, as text: "
            '`str((place("UA") + place("AA")) // 2)`. Then wait for the stream.',
        ),
    ),
    Exercise(
        "13.4",
        sent.salted_storm,
        (
            "How many different keys does each airport need, so that eight shards share "
            "them about evenly? Three airports with two keys each make six.",
            'A key such as `f"{flight.origin}-{number % 16}"`, with the number of the '
            "flight from `enumerate`, has 48 values.",
        ),
    ),
)
