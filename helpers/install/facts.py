"""What ``clean`` asks of the installed workbook, told as JSON."""

import json
from pathlib import Path

import psutil

from helpers.servers.embedded.processes import OWNER_VARIABLE, mark
from helpers.settings import PROJECT_ROOT, Settings, SettingsError


def main() -> None:
    """Print the folders of this clone, and whether others run what is in the cache."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(json.dumps({"error": str(error)}))
        return
    ours = (settings.state_dir, PROJECT_ROOT / ".workbook")
    facts = {
        "state": str(settings.state_dir),
        "cache": str(settings.cache_dir),
        "shared": runs_for_others(ours, settings.cache_dir),
    }
    print(json.dumps(facts))


def runs_for_others(state_dirs: tuple[Path, ...], cache_dir: Path) -> bool:
    """Return whether servers of another clone run that are made of these downloads."""
    mine = {mark(state_dir)[OWNER_VARIABLE] for state_dir in state_dirs}
    cache = cache_dir.resolve()
    for process in psutil.process_iter():
        try:
            owner = process.environ().get(OWNER_VARIABLE)
            places = [process.cwd(), *(part.rstrip("*") for part in process.cmdline())]
        except (psutil.Error, OSError):
            continue
        # Java names the folder of the jars; Kinesis works in that of its package.
        others = owner and owner not in mine
        if others and any(cache in (Path(one) / "x").resolve().parents for one in places):
            return True
    return False


if __name__ == "__main__":
    main()
