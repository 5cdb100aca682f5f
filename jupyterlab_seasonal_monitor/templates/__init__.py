"""The bundled templates: notebooks with a cell of parameters, run by people and by papermill.

The front end lists them and fills their parameters in; unattended production runs the same files::

    papermill "$(python -m jupyterlab_seasonal_monitor.templates rainfall-anomaly)" out.ipynb \
        -p start 202403d1 -p end 202405d3
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def template_ids() -> list[str]:
    """Give the ids of all bundled templates, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.ipynb"))


def template_path(template_id: str) -> Path:
    """Give the notebook of a template.

    Parameters
    ----------
    template_id : str
        Such as ``rainfall-anomaly``.

    Raises
    ------
    LookupError
        Names the templates that exist.
    """
    if template_id not in template_ids():
        raise LookupError(f"No template {template_id!r}; there is {', '.join(template_ids())}.")
    return FOLDER / f"{template_id}.ipynb"
