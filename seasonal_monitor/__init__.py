"""Sources, algorithms and outputs for seasonal monitoring, without JupyterLab."""
