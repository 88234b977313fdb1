"""The figures: drawn by the scripts beside them, small, and told in words."""

import base64
import io
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy
import pytest
from PIL import Image

from helpers.course.figures import IMAGES, NoAltText, alt_text, with_figures
from helpers.settings import PROJECT_ROOT

LARGEST_BYTES = 300_000
PICTURES = sorted(IMAGES.glob("*.png"))
DRAWN = (
    "Kafka_partitions",
    "cluster_roles",
    "offsets",
    "producer",
    "shards",
    "topic_ordering",
)
# Of 255. Another machine's rounding may shade the edge of a letter differently.
SHADE = 40
SHARE_OF_PIXELS = 0.002


def pixels(picture: Path) -> numpy.ndarray:
    return numpy.asarray(Image.open(picture).convert("RGB")).astype(int)


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_what_its_script_draws(name: str, tmp_path: Path) -> None:
    again = tmp_path / "again.png"
    script = IMAGES / f"draw_{name.lower()}.py"
    env = {"PYTHONPATH": str(PROJECT_ROOT), "MPLCONFIGDIR": str(tmp_path)}
    subprocess.run([sys.executable, str(script), str(again)], env=env, check=True)
    kept, drawn = pixels(IMAGES / f"{name}.png"), pixels(again)
    assert kept.shape == drawn.shape == (900, 1600, 3)
    differing = (abs(kept - drawn).max(axis=2) > SHADE).mean()
    assert differing < SHARE_OF_PIXELS, f"run python Images/{script.name}"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_told_in_words(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST_BYTES
    assert len(alt_text(picture.name)) > 100
    assert "]" not in alt_text(picture.name)
    assert "\n" not in alt_text(picture.name)


def test_a_lesson_carries_its_figure() -> None:
    cell = nbformat.v4.new_markdown_cell("See:\n\n![](../Images/topic_ordering.png)")
    lesson = nbformat.v4.new_notebook(cells=[cell])
    with_figures(lesson)
    (shown,) = lesson.cells
    assert shown.source.startswith("See:\n\n![Eight records")
    assert shown.source.endswith("](attachment:topic_ordering.png)")
    nbformat.validate(lesson)
    picture = base64.b64decode(shown.attachments["topic_ordering.png"]["image/png"])
    assert Image.open(io.BytesIO(picture)).size == (1600, 900)


def test_a_figure_without_words_is_refused() -> None:
    cell = nbformat.v4.new_markdown_cell("![](../Images/nothing.png)")
    with pytest.raises(NoAltText, match=r"what nothing\.png shows"):
        with_figures(nbformat.v4.new_notebook(cells=[cell]))
