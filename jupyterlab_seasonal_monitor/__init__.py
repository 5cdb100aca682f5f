"""JupyterLab sidebar for Dask clusters and Seasonal Monitor templates."""

from __future__ import annotations

try:
    from ._version import __version__
except ImportError:  # a checkout that was never built
    __version__ = "0.0.0.dev0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the prebuilt front end is."""
    return [{"src": "labextension", "dest": "jupyterlab-seasonal-monitor"}]
