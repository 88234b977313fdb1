"""Exercise 5.2: a month of departures in few bytes on the disk."""

from helpers import flights
from helpers.course.checks.produced import EMPTY_IT, found_in, no_topic
from helpers.course.exercises import Verdict, not_yet, passed
from helpers.course.lesson import Lesson
from helpers.kafka.batches import batches

TIGHT = "nyc.flight.tight"
TIGHT_PERCENT = 17
OPENING = b"open"
"""What the lesson's own ``send`` puts first, which may well be used here."""
_FEW_IN_A_BATCH = 100


def tight_month(lesson: Lesson) -> Verdict:
    """Judge exercise 5.2: the whole month, in few bytes on the leader's disk."""
    topic = lesson.topic(TIGHT)
    found = found_in(lesson, topic)
    if found is None:
        return not_yet(no_topic(topic))
    wanted = [flight.to_json() for flight in flights.all_flights()]
    opened = bool(found) and found[0].value == OPENING
    found = [one for one in found if one.value != OPENING]
    there = {one.value for one in found}
    if not there:
        return not_yet(f"`{topic}` is empty. Did you send `month`, and `flush`?")
    if missing := sum(value not in there for value in wanted):
        return not_yet(
            f"`{topic}` lacks {missing:,} of {len(wanted):,} departures. Did you send "
            f"all of `month`, and `flush` long enough? {EMPTY_IT}send anew."
        )
    if len(found) > len(wanted):
        return not_yet(
            f"`{topic}` has {len(found):,} records, and {len(wanted):,} are asked for: "
            f"it holds an earlier try, too. {EMPTY_IT}send the month once."
        )
    return _judged_size(lesson, topic, wanted, opened)


def _judged_size(
    lesson: Lesson, topic: str, wanted: list[bytes], opened: bool
) -> Verdict:
    # The opening record is a batch by itself, and stays unpacked: it says nothing.
    written = batches(lesson.cluster, topic)[int(opened) :]
    share = 100 * sum(one.size for one in written) / sum(map(len, wanted))
    each = len(wanted) / len(written)
    codecs = {one.codec for one in written}
    said = (
        f"`{topic}` takes {share:.1f} % of the departures' bytes, in {len(written):,} "
        f"batches of {each:,.0f} records, {_packed(codecs)}"
    )
    if share <= TIGHT_PERCENT:
        return passed(f"{said}.")
    # A last batch of one record stays unpacked: no codec makes it smaller.
    small = each < _FEW_IN_A_BATCH and codecs != {"none"}
    if "none" in codecs and not small:
        why = "Not all of it is compressed: set `compression.type`."
    elif small:
        why = (
            "A batch is packed by itself, so what repeats in the next one saves nothing. "
            "Let a batch hold more, and give it time to fill."
        )
    elif codecs & {"lz4", "snappy"}:
        why = "These are made to be quick. Which ones left less on disk in your chart?"
    else:
        why = "Larger batches pack better: give them time to fill."
    return not_yet(f"{said}; {TIGHT_PERCENT} % is the limit. {why} {EMPTY_IT}try again.")


def _packed(codecs: set[str]) -> str:
    used = " and ".join(sorted(codecs - {"none"}))
    if not used:
        return "not packed"
    # A producer sends a batch as it is where packing makes it no smaller.
    return f"packed with {used}{' where that helps' if 'none' in codecs else ''}"
