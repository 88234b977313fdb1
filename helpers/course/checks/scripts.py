"""The scripts that an exercise asks for, as they lie in the lesson's folder."""

from pathlib import Path


def wanting(file: Path) -> str:
    """Return what a script lacks: itself, or code; empty if all is well."""
    name = file.name
    if not file.is_file():
        return f"There is no `{name}` in `lesson.folder`: run the cell that writes it."
    lines = map(str.strip, file.read_text("utf-8").splitlines())
    if not [line for line in lines if line and not line.startswith("#")]:
        return f"`{name}` has no code yet. The first line of its cell must stay."
    return ""
