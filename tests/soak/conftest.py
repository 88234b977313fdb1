"""The soak shares the fixtures of the servers' tests and of the browser's."""

from tests.browser.conftest import browser, lab, open_page
from tests.servers.conftest import fresh_settings

__all__ = ["browser", "fresh_settings", "lab", "open_page"]
