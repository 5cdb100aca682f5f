"""A service that answers statistics of polygons from a Dask cluster, over HTTP.

Requests are queued, within bounds. Whoever asks sees the progress and can cancel. Its interface is
described at ``/docs``, which loads nothing from other machines. It needs the extra ``service``.
"""

from __future__ import annotations

from .limits import Limits
from .server import Server, serve

__all__ = ["Limits", "Server", "serve"]
