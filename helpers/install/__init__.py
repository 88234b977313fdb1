"""Scripts that set the workbook up before anything is installed."""
