"""Where lessons and notebooks lie, and what the kernel that runs them is called.

Apart from what reads and writes notebooks: that takes seconds to import, and a lesson's
first cell needs none of it.
"""

from helpers.settings import PROJECT_ROOT

KERNEL_NAME = "streaming-workbook"
KERNEL_TITLE = "Streaming workbook"
LESSONS = PROJECT_ROOT / "lessons"
NOTEBOOKS = PROJECT_ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"
