"""A widget's picture as HTML: what stands beside it where no widget can be shown."""

from html import escape
from typing import Any

from ipywidgets import HTML, Box, Button, Widget


def mimebundle(widget: Widget, text: str) -> dict[str, Any]:
    """Return a widget with its text and its HTML, for whoever cannot show a widget.

    Args:
        widget: what is shown.
        text: the same facts.
    """
    shown: dict[str, Any] = Widget._repr_mimebundle_(widget)
    return {**shown, **picture(widget, text)}


def picture(widget: Widget, text: str) -> dict[str, str]:
    """Return what a widget shows now, as HTML and as text.

    Args:
        widget: what is shown.
        text: the same facts.
    """
    return {"text/plain": text, "text/html": html(widget)}


def html(widget: Widget) -> str:
    """Return what a widget shows now; nothing in it can be worked."""
    if isinstance(widget, HTML):
        return str(widget.value).replace("<button ", "<button disabled ")
    if isinstance(widget, Box):
        return _box(widget)
    if isinstance(widget, Button):
        return f"<button disabled>{escape(widget.description)}</button>"
    value = getattr(widget, "label", None) or getattr(widget, "value", "")
    return f"<span>{escape(f'{widget.description} {value}'.strip())}</span>"


def _box(box: Box) -> str:
    if box.layout.display == "none":
        return ""
    names = escape(" ".join(box._dom_classes))
    inside = "".join(map(html, box.children))
    return f'<div class="{names}" style="{_style(box)}">{inside}</div>'


def _style(box: Box) -> str:
    layout = box.layout
    if layout.grid_template_columns:
        columns = escape(layout.grid_template_columns)
        return f"display:grid;grid-template-columns:{columns};gap:{layout.grid_gap}"
    return "display:flex;flex-wrap:wrap;gap:4px" if box._model_name == "HBoxModel" else ""
