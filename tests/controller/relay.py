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
        self._servers: list[asyncio.Server] = []
        #: How many connections there were to each address.
        self.connections: dict[str, int] = {}

    def open(self, public: str, private: str, ports: tuple[int, ...]) -> None:
        """Pass on connections to each port, as soon as something listens behind it."""
        for port in ports:
            asyncio.run_coroutine_threadsafe(self._serve(public, private, port), self._loop)

    def close(self) -> None:
        """End the thread, and all connections with it."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _serve(self, public: str, private: str, port: int) -> None:
        async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections[public] = self.connections.get(public, 0) + 1
            try:
                behind = await asyncio.open_connection(private, port)
            except OSError:
                writer.close()
                return
            await asyncio.gather(_copy(reader, behind[1]), _copy(behind[0], writer))

        # What is refused is tried again; what is taken and closed is not.
        await _wait_for(private, port)
        self._servers.append(await asyncio.start_server(passed, public, port))


async def _wait_for(address: str, port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(address, port)
            writer.close()
            return
        await asyncio.sleep(0.1)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(2**16):
            writer.write(data)
            await writer.drain()
    writer.close()
