"""What the rebalance timeline says, for a picture and a text alike."""

from collections.abc import Iterable, Sequence

from helpers.live.ownership import Change, Gap, changes, holds
from helpers.live.rebalance_snapshot import MemberFacts, RebalanceSnapshot
from helpers.live.words import count, listed, measured
from helpers.wording import plain

TITLE = "Who owns what"
NOBODY = "no member of these groups has told anything yet"
LEGEND = "+ joins · − leaves · × gone without good-bye · hatched: stopped, holds nothing"
HEADS = (
    "At",
    "Group",
    "What",
    "Stopped, until its next record",
    "Kept reading",
    "Partitions nobody held",
)
CHANGES_SHOWN = 2
"""How many changes of each group the table shows, the last ones."""

SIGNS = {"started": "+", "leaves": "−", "ended": "×"}
_VERBS = {"started": "joins", "leaves": "leaves", "ended": "is gone"}


def summary(snapshot: RebalanceSnapshot) -> list[str]:
    """Return what is said beside the title."""
    if not snapshot.members:
        return [NOBODY]
    alive = sum(one.alive for one in snapshot.members)
    return [
        count(len(snapshot.groups), "group"),
        f"{count(alive, 'member')} running",
        f"the last {plain(snapshot.window)} s",
    ]


def holding(member: MemberFacts) -> str:
    """Return what a member holds now."""
    now = sorted(one.partition for one in holds(member.notes) if one.end is None)
    if now:
        return spans(now)
    return "nothing" if member.alive else "ended"


def spans(numbers: Sequence[int]) -> str:
    """Return numbers in short, neighbours as a span."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


def history(member: MemberFacts, since: float) -> str:
    """Return what a member has held when, in seconds since the first start."""
    times: dict[tuple[float, float | None], list[int]] = {}
    for one in holds(member.notes):
        times.setdefault((one.begin, one.end), []).append(one.partition)
    told = (
        f"{begin - since:.1f} to {'now' if end is None else f'{end - since:.1f}'} s: "
        f"{spans(numbers)}"
        for (begin, end), numbers in sorted(times.items(), key=lambda one: one[0][0])
    )
    return "; ".join(told) or "nothing yet"


def rows(snapshot: RebalanceSnapshot) -> list[tuple[str, ...]]:
    """Return the last changes of each group and what each cost, as cells of text."""
    return [
        _row(snapshot, group, one)
        for group in snapshot.groups
        for one in changes(snapshot.of(group))[-CHANGES_SHOWN:]
    ]


def short(seconds: float) -> str:
    """Return a measured time, below a second in milliseconds."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else measured(seconds)


def _row(snapshot: RebalanceSnapshot, group: str, one: Change) -> tuple[str, ...]:
    until = snapshot.until
    partitions = {
        hold.partition for member in snapshot.of(group) for hold in holds(member.notes)
    }
    return (
        f"{one.at - snapshot.first:.1f} s",
        group,
        _what(one),
        _stopped(one.pauses, until),
        _kept(one),
        _nobody(one.stops, len(partitions), until),
    )


def _what(one: Change) -> str:
    late = f", reads after {short(one.joined)}" if one.joined is not None else ""
    return f"{one.who} {_VERBS[one.what]}{late}"


def _stopped(gaps: Iterable[Gap], until: float) -> str:
    told = [
        f"{gap.of} {short((gap.reads or gap.end or until) - gap.begin)}"
        + ("" if gap.reads else " so far" if gap.end is None else ", no record yet")
        for gap in gaps
    ]
    return " · ".join(told) or "nobody"


def _kept(one: Change) -> str:
    told = [f"{who} ({kept} of {of})" for who, kept, of in one.kept if kept]
    return listed(told) if told else "nobody"


def _nobody(gaps: Sequence[Gap], partitions: int, until: float) -> str:
    if not gaps:
        return f"0 of {partitions}"
    longest = max(gap.lasted(until) for gap in gaps)
    number = len({gap.of for gap in gaps})
    return f"{number} of {partitions}, up to {short(longest)}"
