"""Controls that a view's thread moves while the student may work them."""

import threading
from typing import Any

from ipywidgets import Dropdown, IntSlider, Widget


class _Moved(Widget):  # type: ignore[misc]  # ipywidgets has no types
    """A control that is moved by one at a time.

    While a widget takes over what the browser sent, it bundles all its changes: one
    that another thread makes meanwhile would replace the student's, which is lost then.

    Attributes:
        moving: held by whoever changes the control from another thread.
    """

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        self.moving = threading.RLock()
        super().__init__(**kwargs)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the browser sent, undisturbed."""
        with self.moving:
            super().set_state(sync_data)


class MovedSlider(_Moved, IntSlider):  # type: ignore[misc]
    """A slider of whole numbers.

    The browser sends a fraction that it was given back as its own sum of steps (5.7 as
    5.699999999999999), and that replaces a move of the student which is still to be
    sent; whole numbers come back as they are.
    """


class MovedList(_Moved, Dropdown):  # type: ignore[misc]
    """A list to choose from."""
