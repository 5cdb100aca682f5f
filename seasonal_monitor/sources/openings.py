"""Fewer tasks for reading: one opens all files of a band, in place of one for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dask.array as da
    import xarray as xr


def open_at_once(stored: xr.Dataset) -> xr.Dataset:
    """Let one task open all files of a band.

    odc-loader makes a task for each file and lets every chunk wait for each of them. To open is
    only to remember the address here, so that a long series costs a scheduler more than it reads.

    Parameters
    ----------
    stored : Dataset
        As odc-stac or datacube loaded it, lazy.

    Returns
    -------
    Dataset
        The same. Where the graph is not as this project knows it, it stays as it is.
    """
    try:
        from dask import task_spec as spec
    except ImportError:  # before dask 2025.1
        return stored
    return stored.assign(
        {
            name: band.copy(data=_joined(band.data, spec))
            for name, band in stored.data_vars.items()
            if band.chunks is not None
        }
    )


def _joined(array: da.Array, spec: Any) -> da.Array:  # noqa: ANN401 - a module
    import dask.array as da
    from dask.highlevelgraph import HighLevelGraph

    layers = dict(array.dask.layers)
    name = next((each for each in layers if each.startswith("open-")), "")
    if not name or array.name not in layers:
        return array
    files = {key[1]: call for key, call in layers[name].items()}
    if not all(isinstance(call, tuple) and callable(call[0]) for call in files.values()):
        return array
    single = f"opened-{name.removeprefix('open-')}"
    reading = {}
    for key, task in layers[array.name].items():
        numbers = _numbers(task, name, spec)
        if numbers is None:
            return array
        chosen = spec.Task(None, _choose, spec.TaskRef(single), numbers)
        reading[key] = spec.Task(
            key, task.func, chosen, *task.args[1:], _data_producer=True, **task.kwargs
        )
    layers[name] = {single: spec.Task(single, _open_all, files)}
    layers[array.name] = reading
    graph = HighLevelGraph(layers, array.dask.dependencies)
    return da.Array(graph, array.name, array.chunks, meta=array)


def _numbers(task: Any, name: str, spec: Any) -> list[list[int]] | None:  # noqa: ANN401
    """Give the files that a chunk reads at each time; None when the task is of another kind."""
    if not isinstance(task, spec.Task) or not task.args or not isinstance(task.args[0], spec.List):
        return None
    numbers = []
    for layer in task.args[0]:
        references: list[Any] = list(layer) if isinstance(layer, spec.List) else [None]
        if not all(isinstance(one, spec.TaskRef) and one.key[0] == name for one in references):
            return None
        numbers.append([one.key[1] for one in references])
    return numbers


def _open_all(files: dict[int, tuple[Any, ...]]) -> dict[int, Any]:
    return {number: call(*given) for number, (call, *given) in files.items()}


def _choose(files: dict[int, Any], numbers: list[list[int]]) -> list[list[Any]]:
    return [[files[number] for number in layer] for layer in numbers]
