"""The soak shares the fixtures of the other tests."""

from tests.attached.conftest import student
from tests.localstack.conftest import localstack
from tests.servers.conftest import fresh_settings

__all__ = [
    "fresh_settings",
    "localstack",
    "student",
]
