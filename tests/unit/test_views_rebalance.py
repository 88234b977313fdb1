"""Who owns what, and what a rebalance cost, from made-up notes of members."""

import re
from html import unescape

import pytest

from helpers.live.ownership import Gap, Hold, changes, holds, pauses, stops
from helpers.live.rebalance_snapshot import MemberFacts, Note, RebalanceSnapshot
from helpers.views import rebalance_phrases as say
from helpers.views.rebalance_render import (
    board_text,
    changes_html,
    header_html,
    timeline_html,
)

EAGER_A = MemberFacts(
    "eager",
    "A",
    (
        Note(0.0, "started"),
        Note(1.0, "assigned", (0, 1, 2, 3)),
        Note(1.1, "reads", (0,)),
        Note(6.0, "revoked", (0, 1, 2, 3)),
        Note(8.0, "assigned", (0, 1)),
        Note(8.5, "reads", (0,)),
    ),
)
EAGER_B = MemberFacts(
    "eager",
    "B",
    (Note(5.0, "started"), Note(8.0, "assigned", (2, 3)), Note(8.2, "reads", (3,))),
)
KIND_A = MemberFacts(
    "kind",
    "A",
    (
        Note(0.0, "started"),
        Note(1.0, "assigned", (0, 1, 2, 3)),
        Note(6.0, "revoked", (2, 3)),
        Note(6.1, "assigned"),
    ),
)
KIND_B = MemberFacts("kind", "B", (Note(5.0, "started"), Note(7.0, "assigned", (2, 3))))


def a_snapshot(*members: MemberFacts, **facts: float) -> RebalanceSnapshot:
    groups = tuple(dict.fromkeys(one.group for one in members)) or ("eager",)
    return RebalanceSnapshot(1e9, facts.get("ticks", 12.0), groups, members)


def with_notes(member: MemberFacts, *more: Note, alive: bool = True) -> MemberFacts:
    notes = (*member.notes, *more)
    return MemberFacts(member.group, member.name, notes, alive)


def test_what_was_held_ends_when_it_is_given_up() -> None:
    assert holds(KIND_A.notes) == [
        Hold(2, 1.0, 6.0),
        Hold(3, 1.0, 6.0),
        Hold(0, 1.0),
        Hold(1, 1.0),
    ]


@pytest.mark.parametrize("what", ["ended", "lost"])
def test_a_crash_and_a_loss_end_what_was_held(what: str) -> None:
    note = Note(9.0, what, (2, 3) if what == "lost" else ())  # type: ignore[arg-type]
    assert {one.end for one in holds(with_notes(KIND_B, note).notes)} == {9.0}


def test_who_gives_up_all_pauses_until_it_has_some_again() -> None:
    assert pauses(EAGER_A) == [Gap("A", 6.0, 8.0, 8.5)]


def test_who_keeps_some_does_not_pause() -> None:
    assert pauses(KIND_A) == []


def test_a_pause_that_lasts_has_no_end_yet() -> None:
    member = with_notes(KIND_B, Note(9.0, "revoked", (2, 3)))
    assert pauses(member) == [Gap("B", 9.0)]
    assert "B 3.0 s so far" in board_text(a_snapshot(KIND_A, member))


def test_to_give_up_after_a_good_bye_is_no_pause() -> None:
    member = with_notes(KIND_B, Note(9.0, "leaves"), Note(9.1, "revoked", (2, 3)))
    assert pauses(member) == []


def test_a_restart_is_no_pause() -> None:
    member = with_notes(
        KIND_B, Note(9.0, "ended"), Note(9.5, "started"), Note(9.9, "assigned", (2, 3))
    )
    assert pauses(member) == []


def test_a_partition_stops_until_anybody_has_it() -> None:
    found = {gap.of: gap.lasted(12.0) for gap in stops([KIND_A, KIND_B])}
    assert found == {"2": 1.0, "3": 1.0}


def test_a_partition_that_goes_from_hand_to_hand_does_not_stop() -> None:
    taker = MemberFacts(
        "kind", "B", (Note(5.0, "started"), Note(6.0, "assigned", (2, 3)))
    )
    assert stops([KIND_A, taker]) == []


def test_what_belongs_to_a_change_is_counted_there_alone() -> None:
    first, second = changes([EAGER_A, EAGER_B])
    assert (first.who, first.pauses, first.stops) == ("A", (), ())
    assert (second.who, second.what) == ("B", "started")
    assert second.pauses == (Gap("A", 6.0, 8.0, 8.5),)
    assert len(second.stops) == 4
    assert second.joined == pytest.approx(3.2)
    assert second.kept == (("A", 0, 4),)


def test_the_table_says_who_stopped_and_who_kept_reading() -> None:
    table = say.rows(a_snapshot(EAGER_A, EAGER_B, KIND_A, KIND_B))
    eager, kind = table[1], table[3]
    assert eager[2:] == (
        "B joins, reads after 3.2 s",
        "A 2.5 s",
        "nobody",
        "4 of 4, up to 2.0 s",
    )
    assert kind[2:] == ("B joins", "nobody", "A (2 of 4)", "2 of 4, up to 1.0 s")


def test_picture_and_text_have_the_same_facts() -> None:
    shown = a_snapshot(EAGER_A, EAGER_B, KIND_A, KIND_B)
    text = board_text(shown)
    markup = timeline_html(shown) + changes_html(shown)
    page = unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\xa0", " ")
    for row in say.rows(shown):
        assert all(cell in text and cell in page for cell in row)
    assert "1.0 to 6.0 s: 0–3; 8.0 to now s: 0–1" in text
    assert "A of eager: 1.0 to 6.0 s: 0–3" in timeline_html(shown)


def test_one_name_has_one_colour_in_every_group() -> None:
    page = timeline_html(a_snapshot(EAGER_A, KIND_B, KIND_A))
    rows = re.findall(r'wb-time-row (wb-own-\w+)"><span class="wb-time-name">(\w)', page)
    assert [name for _, name in rows] == ["A", "B", "A"]
    assert rows[0] == rows[2] != rows[1]


def test_bars_of_neighbours_are_one_and_a_pause_is_hatched() -> None:
    page = timeline_html(a_snapshot(EAGER_A, EAGER_B))
    assert page.count('class="wb-hold"') == 3
    assert page.count('class="wb-hatch"') == 1
    assert "<b>2.0 s</b>" in page


def test_marks_say_who_came_and_went_without_colour() -> None:
    gone = with_notes(EAGER_B, Note(9.0, "ended"), alive=False)
    page = timeline_html(a_snapshot(EAGER_A, gone))
    assert [sign in page for sign in (">+A<", ">+B<", ">×B<")] == [True] * 3
    assert "B (ended)" in page


def test_changes_that_are_close_share_a_mark() -> None:
    def page(at: float) -> str:
        other = MemberFacts("eager", "B", (Note(at, "started"),))
        return timeline_html(a_snapshot(EAGER_A, other))

    assert ">+A +B<" in page(1.4)
    assert ">+A<" in page(1.6)


def test_signs_that_would_lie_on_each_other_have_rows_of_their_own() -> None:
    first = MemberFacts("eager", "A", (Note(0.0, "started"),))
    others = [MemberFacts("eager", name, (Note(0.1, "started"),)) for name in "BC"]
    near, far = (MemberFacts("eager", "D", (Note(at, "started"),)) for at in (2.0, 9.0))
    for later, row in ((near, "1.4em"), (far, "0.0em")):
        page = timeline_html(a_snapshot(first, *others, later))
        assert f"top:{row}" in re.findall(r'style="([^"]*)">\+D<', page)[0]
        assert f'wb-marks" style="height:{"2.8" if later is near else "1.4"}em"' in page


def test_only_the_window_is_drawn() -> None:
    late = a_snapshot(EAGER_A, ticks=100.0)
    assert timeline_html(late).count('class="wb-hold"') == 1
    assert ">+A<" not in timeline_html(late)


def test_time_stands_still_when_all_have_ended() -> None:
    gone = with_notes(EAGER_A, Note(9.0, "leaves"), alive=False)
    assert timeline_html(a_snapshot(gone)) == timeline_html(a_snapshot(gone, ticks=99.0))


def test_no_member_yet() -> None:
    empty = a_snapshot()
    assert say.NOBODY in header_html(empty)
    assert say.NOBODY in board_text(empty)
    assert timeline_html(empty) == changes_html(empty) == ""


def test_names_are_escaped() -> None:
    odd = MemberFacts("eager", "<b>", EAGER_A.notes)
    assert "<b><" not in timeline_html(a_snapshot(odd))


def test_a_stopped_view_says_so() -> None:
    assert "○ It stopped." in board_text(a_snapshot(EAGER_A), "It stopped.")


def test_spans_of_numbers() -> None:
    assert say.spans([5, 0, 2, 1]) == "0–2, 5"
