"""The soak shares the fixtures of the servers' tests."""

from tests.servers.conftest import fresh_settings

__all__ = ["fresh_settings"]
