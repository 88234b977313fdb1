"""JupyterLab as the course opens it."""
