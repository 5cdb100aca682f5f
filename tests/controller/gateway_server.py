"""A real dask-gateway-server for tests.

Run as a program, it serves for as long as standard input is open, and prints one
line of JSON: ``address``, and the environment's ``python``. Its argument is the
path before all of the gateway's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import psutil
from place import PYTHONS, wait_until

BIN = PYTHONS["gateway"].parent
CONFIG = """
from dask_gateway_server.options import Integer, Options, Select
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.DaskGateway.address = "127.0.0.1:{api}"
c.Proxy.address = "127.0.0.1:{proxy}"
c.Proxy.prefix = {prefix!r}
c.UnsafeLocalBackend.clusters_directory = {folder!r}
c.UnsafeLocalBackend.sigint_timeout = 3
c.UnsafeLocalBackend.sigterm_timeout = 1
c.ClusterConfig.scheduler_cmd = ["dask", "scheduler"]
c.ClusterConfig.worker_cmd = ["dask", "worker"]
c.ClusterConfig.cluster_max_workers = 2
def handler(chosen):
    return {{"worker_cores": chosen.cores, "scheduler_cmd": chosen.program.split()}}
c.Backend.cluster_options = Options(
    Integer("cores", default=1, min=1, max=2, label="Threads"),
    Select("program", ["dask scheduler", "no-such-program"], label="Program"),
    handler=handler,
)
"""


class Server:
    """A dask-gateway-server that can be killed and started again."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        api, proxy = _free_port(), _free_port()
        self.address = f"http://127.0.0.1:{proxy}{prefix}"
        self._folder = folder
        self._config = folder / "config.py"
        text = CONFIG.format(api=api, proxy=proxy, prefix=prefix, folder=str(folder / "clusters"))
        self._config.write_text(text)
        self.start()

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("DASK_")}
        env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(BIN / "dask-gateway-server"), "-f", str(self._config)],
                env=env,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, 60, "the gateway answers")

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()[-3000:]
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.address}/api/health", timeout=5).status)
        return False

    def made(self) -> int:
        """Return how many clusters the gateway has been asked for, by its log."""
        return (self._folder / "log").read_text().count("201 POST /api/v1/clusters/")

    def end(self, number: int = signal.SIGTERM) -> None:
        """End the gateway, and whatever it has started and left."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        self._process.kill()  # does nothing to what has ended
        self._process.wait(10)
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve until the test closes standard input."""
    with tempfile.TemporaryDirectory(prefix="sm-gateway-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder), *sys.argv[1:2])
        told = {"address": server.address, "python": str(PYTHONS["gateway"])}
        print(json.dumps(told), flush=True)  # noqa: T201
        sys.stdin.read()
        server.end()


if __name__ == "__main__":
    main()
