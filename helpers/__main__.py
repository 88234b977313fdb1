"""``python -m helpers`` is the ``workbook`` command."""

from helpers.cli import main

main()
