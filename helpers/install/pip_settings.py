"""What of a caller's own settings of pip leads to packages: all else stays out.

The standard library only: the set-up asks it before anything is installed.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Sequence

# Of a caller's settings of pip, what leads to the packages; the lock's hashes check them.
# The rest could send them elsewhere, build them, or refuse them.
KEPT = tuple(
    "PIP_" + name
    for name in (
        *("INDEX_URL", "EXTRA_INDEX_URL", "FIND_LINKS", "TRUSTED_HOST", "PROXY", "CERT"),
        *("CLIENT_CERT", "KEYRING_PROVIDER", "TIMEOUT", "DEFAULT_TIMEOUT", "RETRIES"),
    )
)


def own(pip: Sequence[str]) -> dict[str, str]:
    """Return the variables by which pip goes where the caller's own pip would go.

    Args:
        pip: the command that is pip.
    """
    said = {key: value for key, value in os.environ.items() if key[:4] == "PIP_"}
    files = {key: said[key] for key in ("PIP_CONFIG_FILE",) if key in said}
    # A file that pip cannot read is told by pip, and counts for nothing.
    answer = subprocess.run(
        [*pip, "config", "list"],
        env={**without(), **files},
        stdout=subprocess.PIPE,
        check=False,
    ).stdout.decode()
    found = {
        "PIP_" + name.upper().replace("-", "_"): str(ast.literal_eval(value))
        # Those for all commands come first, and then those for this one.
        for section in ("global", "install")
        for name, value in re.findall(r"^%s\.([\w-]+)=(.*)$" % section, answer, re.M)
    }
    found.update(said)
    # Where there is no index there is a folder of wheels, or there is nothing.
    kept = (*KEPT, "PIP_NO_INDEX") if "PIP_FIND_LINKS" in found else KEPT
    chosen = {key: value for key, value in found.items() if key in kept}
    return {"PIP_CONFIG_FILE": os.devnull, **chosen}


def without() -> dict[str, str]:
    """Return the environment without any setting of pip."""
    return {key: value for key, value in os.environ.items() if key[:4] != "PIP_"}
