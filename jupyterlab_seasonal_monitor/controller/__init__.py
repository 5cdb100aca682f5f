"""The controller: Python that the page sends into a kernel to own one Dask cluster.

It is sent as source and imported from memory (see ``bootstrap``), so that it
works in environments where this project is not installed. For that reason it
uses only the standard library, ``ipykernel`` with what that brings, and, when a
cluster is asked for, ``dask`` and ``distributed``; imports of its own modules
are relative.
"""

from __future__ import annotations


def start(version: str, begin: bool = False) -> None:
    """Register the comm target in this kernel, and start the controller's thread.

    Parameters
    ----------
    version
        The version of the extension that sent this code.
    begin
        Whether a cluster of this machine is wanted, now or soon.
    """
    from .kernel import start as start_in_kernel

    start_in_kernel(version, begin)
