"""Run the service as the hub starts it: it tells the addresses in the environment."""

from __future__ import annotations

import asyncio
import os
from urllib.parse import urlparse

from tornado.httpserver import HTTPServer

from .app import make_app
from .hub import Hub
from .room import Room

#: What a request may have, in bytes: a status is the largest.
MAX_BODY = 16_384


async def main() -> None:
    """Listen until the hub ends the process."""
    hub = Hub(
        url=os.environ["JUPYTERHUB_API_URL"],
        token=os.environ["JUPYTERHUB_API_TOKEN"],
        service=os.environ["JUPYTERHUB_SERVICE_NAME"],
        group=os.environ["WORKSHOP_GROUP"],
        gateway=os.environ.get("WORKSHOP_GATEWAY", ""),
    )
    app = make_app(hub, Room(), os.environ["JUPYTERHUB_SERVICE_PREFIX"])
    where = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
    # The hub's proxy says from where somebody asks.
    server = HTTPServer(app, max_body_size=MAX_BODY, xheaders=True)
    server.listen(where.port or 80, where.hostname or "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
