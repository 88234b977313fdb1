"""What clients say of lost brokers, as one line that unfolds to theirs."""

import re
from collections import deque
from html import escape

from helpers.live.words import count, listed

KEPT = 100
"""Lines that can be read; all are counted."""

# A connection that broke or did not come about, and a request that it took with it.
_LOST = re.compile(r"(FAIL|REQTMOUT) ")
# A broker that answers but does not let this client in; a name that leads nowhere.
_REFUSED = re.compile("authentication|SSL handshake|certificate|resolve", re.IGNORECASE)
_BROKER = re.compile(r"(?P<address>[^\s/]+:\d+)(/(?P<id>\d+|bootstrap))?: ")
_MEANING = (
    "A connection broke or did not come about, mostly because the broker is down. The "
    "client tries again by itself, and says so each time. Your code is hardly ever the "
    "cause."
)
_GREY = "color:var(--jp-ui-font-color2,#616161);padding-left:6px"
_LINES = "color:inherit;font-size:12px;margin:4px 0;white-space:pre-wrap"


def tells_of_lost_broker(line: str) -> bool:
    """Tell whether a line of librdkafka's log says no more than that."""
    return bool(_LOST.match(line)) and not _REFUSED.search(line)


class LostBrokers:
    """The lines of one cell, in their order.

    Args:
        ids: each broker's number by its address; learns from the lines.

    Attributes:
        number: how many lines there were.
    """

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._lost: set[str] = set()
        self.number = 0

    def add(self, line: str) -> None:
        """Take in a line."""
        self._lines.append(line)
        self.number += 1
        if found := _BROKER.search(line):
            self._lost.add(found["address"])
            if (found["id"] or "").isdigit():
                self._ids[found["address"]] = found["id"]

    def __repr__(self) -> str:
        return "\n".join([self._summary(), self._meaning(), *self._lines])

    def _repr_html_(self) -> str:
        """Return the line; the browser unfolds it."""
        lines = escape("\n".join(self._lines))
        return (
            f'<details style="{_GREY}"><summary style="cursor:pointer">'
            f"{escape(self._summary())}</summary>{self._meaning()}"
            f'<pre style="{_LINES}">{lines}</pre></details>'
        )

    def _summary(self) -> str:
        return f"The client lost {self._who()}, {count(self.number, 'line')}"

    def _who(self) -> str:
        known = sorted({self._ids[one] for one in self._lost & self._ids.keys()})
        others = sorted(self._lost - self._ids.keys())
        brokers = [f"broker{'s' * (len(known) > 1)} {listed(known)}"] if known else []
        return listed([*brokers, *others]) if self._lost else "a broker"

    def _meaning(self) -> str:
        shown = f" These are the last {KEPT} lines." if self.number > KEPT else ""
        return _MEANING + shown
