"""What the system allows a process of this user."""

import resource
import sys
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_NEEDED_FILES = 1024


def too_few_files() -> str | None:
    """Return in a sentence that too few files may be open at once, or None.

    A broker has 90 open when it starts, and one more for each partition and each
    client. Java and Node raise the limit for themselves, up to the hard one.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= _NEEDED_FILES:
        return None
    return (
        f"At most {hard} files may be open at once here, and a broker with many "
        f"partitions needs more: raise it to {_NEEDED_FILES} (`ulimit -n`, or "
        "/etc/security/limits.conf)."
    )


def container_memory(cgroup: Path = _CGROUP) -> int:
    """Return the bytes of memory that a container's limit leaves; a lot without one.

    The machine's own free memory does not tell of it. Source: Linux's cgroup v2.
    """
    try:
        limit = int((cgroup / "memory.max").read_text())
        return limit - int((cgroup / "memory.current").read_text())
    # "max", another version, another system.
    except (OSError, ValueError):
        return sys.maxsize
