"""A class, run as a participant does: with the answers of the trainer's notes, or without."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from seasonal_monitor.workshop import MIME


def answers(notes: Path) -> dict[str, str]:
    """What the notes say that a participant writes, by the exercise."""
    sections = re.split(r"(?m)^### ", notes.read_text(encoding="utf-8"))[1:]
    found = {}
    for section in sections:
        (code,) = re.findall(r"(?s)```python\n(.*?)```", section)
        found[section.split("\n", 1)[0]] = code
    return found


def exercises(notebook: nbformat.NotebookNode) -> set[str]:
    return {cell.id for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])}


def checked(notebook: nbformat.NotebookNode) -> set[str]:
    """The steps that the cells check."""
    return {
        step
        for cell in notebook.cells
        for step in re.findall(r'check\(\s*"([a-z-]+)"', cell.source)
    }


def run(
    notebook: nbformat.NotebookNode,
    folder: Path,
    address: str,
    written: dict[str, str] | None = None,
    at: Callable[[str], None] | None = None,
    *,
    goes_wrong: bool = False,
) -> dict[str, bool]:
    """Run a notebook and give what its checks say.

    `written` are answers by the id of their cell, `at` is called with the id of each cell that
    starts, and with `goes_wrong` a cell may raise, as without answers most do.
    """
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        cell.source = (written or {}).get(cell.id, cell.source)

    def started(cell: nbformat.NotebookNode, cell_index: int) -> None:
        if at is not None:
            at(cell.id)

    client = NotebookClient(
        notebook,
        timeout=240,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        allow_errors=goes_wrong,
        on_cell_start=started,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_SCHEDULER_ADDRESS", address)
        patch.setenv("MPLBACKEND", "agg")
        client.execute()
    return {
        output.data[MIME]["step"]: output.data[MIME]["passed"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    }
