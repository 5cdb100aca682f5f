"""Runs the cells of a template: in this process, or with papermill in a kernel of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import papermill

from jupyterlab_seasonal_monitor.templates import template_path
from seasonal_monitor.notebook.measure import MIME

Namespace = dict[str, Any]
RAINFALL = "rainfall-anomaly"


def read_template(template: str = RAINFALL) -> nbformat.NotebookNode:
    return nbformat.read(template_path(template), as_version=4)


def parameters_cell(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    return cell


def run_cells(last_cell: str, /, template: str = RAINFALL, **parameters: object) -> Namespace:
    """Run the template's own code up to a cell, without a kernel; give its variables."""
    matplotlib.use("agg")
    notebook = read_template(template)
    namespace: Namespace = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, cell.id, "exec"), namespace)
        if cell is parameters_cell(notebook):
            unknown = parameters.keys() - namespace.keys()
            assert not unknown, f"not parameters: {unknown}"
            namespace |= parameters
        if cell.id == last_cell:
            return namespace
    raise LookupError(last_cell)


def run_unattended(
    folder: Path, /, template: str = RAINFALL, **parameters: object
) -> nbformat.NotebookNode:
    """Run the whole notebook with papermill in `folder`; give it with its outputs."""
    return papermill.execute_notebook(
        template_path(template),
        folder / "executed.ipynb",
        parameters=parameters,
        kernel_name="python3",
        cwd=folder,
        progress_bar=False,
    )


def printed(notebook: nbformat.NotebookNode, cell_id: str) -> str:
    """All that a cell printed."""
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def measured(notebook: nbformat.NotebookNode, cell_id: str) -> list[dict[str, Any]]:
    """What a cell says that its computation took."""
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
