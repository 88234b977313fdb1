"""The soak shares the fixtures of the other tests."""

from tests.attached.conftest import student
from tests.browser.conftest import browser, lab, open_page, running
from tests.localstack.conftest import localstack
from tests.servers.conftest import fresh_settings

__all__ = [
    "browser",
    "fresh_settings",
    "lab",
    "localstack",
    "open_page",
    "running",
    "student",
]
