"""Cards: the same content as a widget, as HTML and as text.

A card has a title, a paragraph, and buttons that add to it. Whatever the widget
shows, the text shows too: for tests, for screen readers, and for a notebook
whose kernel is gone.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import ipywidgets

from helpers.inputs import InputError, public_methods
from helpers.views.still import mimebundle
from helpers.wording import shown

Tone = Literal["good", "not yet", "info"]

# A sign and a word as well as a colour: no meaning by colour alone. The colours
# are Okabe and Ito's, which the colour-blind can tell apart.
_SIGNS: dict[Tone, tuple[str, str]] = {
    "good": ("✔", "#009E73"),
    "not yet": ("▷", "#D55E00"),
    "info": ("i", "#0072B2"),
}
_FOREGROUND = "var(--jp-ui-font-color1, #1c2733)"
_BACKGROUND = "var(--jp-layout-color1, #fff)"
_CODE_BACKGROUND = "var(--jp-layout-color2, #f4f6f8)"


@dataclass(frozen=True)
class Content:
    """What a card says.

    Attributes:
        tone: how it went.
        title: a word or two.
        paragraphs: sentences.
        code: code to read or copy; empty if there is none.
    """

    tone: Tone
    title: str
    paragraphs: tuple[str, ...]
    code: str = ""

    def text(self) -> str:
        """Return the content as lines of text."""
        head = f"{_SIGNS[self.tone][0]} {self.title}"
        return "\n".join(filter(None, [head, *self.paragraphs, self.code]))

    def html(self) -> str:
        """Return the content as HTML that follows JupyterLab's theme."""
        sign, colour = _SIGNS[self.tone]
        paragraphs = "".join(
            f'<p style="margin:4px 0">{_marked(text)}</p>' for text in self.paragraphs
        )
        code = f'<pre style="{_CODE_STYLE}">{html.escape(self.code)}</pre>{_COPY}'
        return (
            f'<div role="status" style="{_CARD_STYLE};border-left:5px solid {colour}">'
            f'<b><span aria-hidden="true">{sign}</span> {html.escape(self.title)}</b>'
            f"{paragraphs}{code if self.code else ''}</div>"
        )


_STRESSED = re.compile(r"\*(\w[^*]*)\*")
_CARD_STYLE = (
    f"padding:8px 12px;color:{_FOREGROUND};background:{_BACKGROUND};"
    "line-height:1.45;overflow-wrap:anywhere;"
    "border:1px solid var(--jp-border-color2, #d9dfe5);border-radius:4px"
)
_CODE_STYLE = (
    f"padding:8px;margin:6px 0;background:{_CODE_BACKGROUND};color:{_FOREGROUND};"
    "white-space:pre-wrap;user-select:text"
)

# Not by navigator.clipboard: where a class's server has no https, there is none. If the
# browser does not copy, the code is selected. What is not trusted loses the handler.
_COPY = (
    '<button class="jupyter-button" title="Copy" onclick="'
    "getSelection().selectAllChildren(this.previousElementSibling);"
    "this.textContent = document.execCommand('copy')"
    " ? 'Copied' : 'Press Ctrl+C or ⌘C to copy'\">Copy</button>"
)


def _marked(text: str) -> str:
    """Return escaped text in which `this` is code and *this* has stress."""
    parts = html.escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else _STRESSED.sub(r"<em>\1</em>", part)
        for number, part in enumerate(parts)
    )


@dataclass(frozen=True)
class Action:
    """A button of a card.

    Attributes:
        label: what it says.
        act: called when it is pressed; returns what the card says next, and with
            which buttons.
    """

    label: str
    act: Callable[[], "Face"]


@dataclass(frozen=True)
class Face:
    """What a card shows at one time: its content and its buttons."""

    content: Content
    actions: tuple[Action, ...] = field(default=())


@public_methods
class Card(ipywidgets.VBox):  # type: ignore[misc]
    """A card that can be looked at and worked with the keyboard alone."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._text = ""
        self._actions: tuple[Action, ...] = ()
        self._body = ipywidgets.HTML()
        self._buttons = ipywidgets.HBox(layout={"flex_flow": "row wrap"})
        self.children: tuple[ipywidgets.Widget, ...] = (self._body, self._buttons)
        self.show(face)

    def show(self, face: Face) -> None:
        """Show another face."""
        labels = "  ".join(f"[ {action.label} ]" for action in face.actions)
        self._text = "\n".join(filter(None, [face.content.text(), labels]))
        self._body.value = face.content.html()
        self._actions = face.actions
        # Buttons that stay are changed, not replaced: a new one would take the
        # keyboard's focus from whoever has just pressed the old one.
        kept = self._buttons.children[: len(face.actions)]
        added = [self._button(number) for number in range(len(kept), len(face.actions))]
        for button, action in zip([*kept, *added], face.actions, strict=True):
            button.description = button.tooltip = action.label
        if len(self._buttons.children) != len(face.actions):
            self._buttons.children = (*kept, *added)

    def press(self, label: str) -> None:
        """Press the button of that label, as a click or the Enter key does.

        Raises:
            InputError: this card has no such button.
        """
        found = {one.description: one for one in self._buttons.children}
        if label not in found:
            there = ", ".join(map(shown, found)) or "it has none"
            raise InputError(f"This card has no button {shown(label)}: {there}.")
        found[label].click()

    def _button(self, number: int) -> ipywidgets.Button:
        button = ipywidgets.Button(layout={"width": "auto", "min_width": "9ch"})
        button.on_click(lambda _: self.show(self._actions[number].act()))
        return button

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Return the widget, and its picture for whoever cannot show one."""
        return mimebundle(self, self._text)
