"""Ready classes: workshop files with their notebooks, and notes for the trainer.

``python -m jupyterlab_seasonal_monitor.workshops first-steps my-class`` copies one into a folder of
the Jupyter server. Opening its ``.workshop.json`` there shows the page of the class.
"""

from __future__ import annotations

import shutil
from pathlib import Path

FOLDER = Path(__file__).parent
ENDING = ".workshop.json"


def workshop_ids() -> list[str]:
    """Give the ids of the ready classes, sorted."""
    return sorted(path.name.removesuffix(ENDING) for path in FOLDER.glob(f"*/*{ENDING}"))


def workshop_folder(workshop_id: str) -> Path:
    """Give the folder of a class: its file, notebooks and ``trainer.md``.

    Raises
    ------
    LookupError
        Names the classes that exist.
    """
    if workshop_id not in workshop_ids():
        raise LookupError(f"No class {workshop_id!r}; there is {', '.join(workshop_ids())}.")
    return FOLDER / workshop_id


def copy_workshop(workshop_id: str, target: Path) -> Path:
    """Copy a class to where participants can open it.

    Parameters
    ----------
    workshop_id : str
        Such as ``first-steps``.
    target : Path
        A folder, which is made. Files that are there already are never replaced.

    Returns
    -------
    Path
        The workshop file.

    Raises
    ------
    LookupError
        When there is no such class.
    FileExistsError
        Names a file that is there already; then nothing is copied.
    """
    files = sorted(path for path in workshop_folder(workshop_id).iterdir() if path.is_file())
    there = [target / file.name for file in files if (target / file.name).exists()]
    if there:
        raise FileExistsError(f"{there[0]} is there already. Choose another folder.")
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, target / file.name)
    return target / f"{workshop_id}{ENDING}"
