"""The faults are done to servers of a test's own."""

from tests.servers.conftest import fresh_settings

__all__ = ["fresh_settings"]
