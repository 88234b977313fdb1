"""A board of windows as HTML and as text, with the same facts; pure functions."""

from helpers.live.windows_snapshot import WindowsSnapshot
from helpers.views import windows_phrases as say
from helpers.views.marks import with_note
from helpers.views.nodes_render import aligned, header, headline, log_html, log_text
from helpers.views.style import span

_ABOUT = "windows"
_HEADS = ("Window", "State", "Reports", "Late")
_NONE = "–"


def header_html(snapshot: WindowsSnapshot, note: str = "") -> str:
    """Return the lines above the picture: how it stands, and where the watermark is.

    Args:
        snapshot: what to show.
        note: what else to say, such as that the view has stopped.
    """
    marks = with_note(say.warnings(snapshot), note)
    css = "wb-wait" if snapshot.reports else "wb-note"
    return (
        f"{header(_title(snapshot), say.summary(snapshot), marks)}"
        f'<div class="wb-next">{span(css, say.watermark(snapshot))}</div>'
    )


def windows_log_html(snapshot: WindowsSnapshot) -> str:
    """Return what happened, the last lines of it."""
    return log_html(snapshot.about.nodes, _ABOUT)


def board_text(snapshot: WindowsSnapshot, note: str = "") -> str:
    """Return the whole board as lines of text."""
    marks = with_note(say.warnings(snapshot), note)
    lines = [
        headline(_title(snapshot), say.summary(snapshot), marks),
        say.watermark(snapshot),
        *_table(snapshot),
        *log_text(snapshot.about.nodes, _ABOUT),
    ]
    return "\n".join(lines)


def _title(snapshot: WindowsSnapshot) -> str:
    return f"Windows of {snapshot.about.topic}"


def _table(snapshot: WindowsSnapshot) -> list[str]:
    """Return the windows that have anything to tell, and how many others there are."""
    reports = snapshot.reports
    if reports is None:
        return []
    rows = [
        (
            say.window(one, snapshot),
            one.state,
            f"{one.taken:,}",
            f"{one.late:,}" if one.late else _NONE,
        )
        for one in reports.windows
        if say.is_told(one)
    ]
    return [*aligned([_HEADS, *rows]), *say.left_out(reports)]
