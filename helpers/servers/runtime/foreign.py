"""What the environment holds for other programs, and would steer ours unseen."""

import os

# The wheels bring their own libraries, and a namesake would come before these.
_LOADER = ("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_")


def without(*beginnings: str) -> dict[str, str]:
    """Return this process's environment without the names that begin like these."""
    hidden = (*beginnings, *_LOADER)
    return {k: v for k, v in os.environ.items() if not k.startswith(hidden)}


def only(*names: str) -> dict[str, str]:
    """Return of this process's environment what has one of these names."""
    return {name: os.environ[name] for name in names if name in os.environ}
