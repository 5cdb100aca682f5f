"""Public addresses for tests: what connects to one of them is passed on to the private one."""

from __future__ import annotations

import asyncio
import contextlib
import threading


class Relay:
    """Listens on addresses of this machine only, in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        #: How many connections there were to each address.
        self.connections: dict[str, int] = {}

    def open(self, public: str, private: str, ports: tuple[int, ...]) -> None:
        """Pass on connections from now on, also where nothing listens behind yet."""
        serving = self._serve(public, private, ports)
        asyncio.run_coroutine_threadsafe(serving, self._loop).result(30)

    def close(self) -> None:
        """End the thread, and all connections with it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    async def _serve(self, public: str, private: str, ports: tuple[int, ...]) -> None:
        for port in ports:

            async def passed(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port
            ) -> None:
                self.connections[public] = self.connections.get(public, 0) + 1
                try:
                    behind = await asyncio.open_connection(private, port)
                except OSError:
                    writer.close()
                    return
                await asyncio.gather(_copy(reader, behind[1]), _copy(behind[0], writer))

            await asyncio.start_server(passed, public, port)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(2**16):
            writer.write(data)
            await writer.drain()
    writer.close()
