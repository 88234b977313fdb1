"""What the workbook takes in time and memory, measured: ``make bench``."""
