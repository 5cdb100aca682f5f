"""A Jupyter server that dies takes every cluster with it (faults 3 and 4)."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from jupyter_client import BlockingKernelClient
from page import TARGET, bootstrap_code
from place import Place, wait_until

TOKEN = secrets.token_hex(16)


class Server:
    """A Jupyter server without any extension."""

    def __init__(self, place: Place) -> None:
        self.place = place
        command = [
            sys.executable,
            "-m",
            "jupyter_server",
            "--allow-root",
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.jpserver_extensions={}",
        ]
        self.process = subprocess.Popen(
            command, cwd=place.work, env=place.env, stderr=subprocess.DEVNULL
        )
        wait_until(lambda: bool(list(place.runtime.glob("jpserver-*.json"))), 30, "the server")
        self._url = json.loads(next(place.runtime.glob("jpserver-*.json")).read_text())["url"]
        wait_until(self._answers, 30, "the server's answer")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._url}api", timeout=5):
                return True
        except OSError:
            return False

    def start_cluster(self) -> None:
        """Start a kernel with a controller and a cluster of one worker."""
        request = urllib.request.Request(
            f"{self._url}api/kernels",
            method="POST",
            data=b'{"name": "python3"}',
            headers={"Authorization": f"token {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            number = json.load(answer)["id"]
        client = BlockingKernelClient()
        client.load_connection_file(str(self.place.runtime / f"kernel-{number}.json"))
        client.start_channels()
        # Without its manager a client takes a kernel that is slow to come for a dead one.
        wait_until(lambda: is_ready(client), 90, "a kernel of the server")
        client.execute(bootstrap_code(), silent=True, reply=True, timeout=60)
        send(client, "comm_open", target_name=TARGET, data={})
        options = {"workers": 1, "threads": 1}
        params = {"launcher": "local", "options": options, "profile": None, "environment": None}
        call = {"method": "create", "params": {"key": "k", "name": "n", **params}}
        send(client, "comm_msg", data={"jsonrpc": "2.0", "id": 1, **call})
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["content"].get("data", {}).get("id") == 1:
                assert "result" in message["content"]["data"], message["content"]
                break
        client.stop_channels()


def is_ready(client: BlockingKernelClient) -> bool:
    try:
        client.wait_for_ready(timeout=10)
    except RuntimeError:
        return False
    return True


def send(client: BlockingKernelClient, kind: str, **content: Any) -> None:
    message = client.session.msg(kind, {"comm_id": "test", **content})
    client.shell_channel.send(message)


@pytest.fixture
def server(place: Place) -> Iterator[Server]:
    server = Server(place)
    yield server
    if server.process.poll() is None:
        server.process.kill()
    server.process.wait()


async def prepared(server: Server, clusters: int) -> list[psutil.Process]:
    loop = asyncio.get_running_loop()
    starts = (loop.run_in_executor(None, server.start_cluster) for _ in range(clusters))
    await asyncio.gather(*starts)
    processes = server.place.processes()
    assert len(processes) >= 1 + clusters * 4
    return processes


async def test_a_killed_server_leaves_no_process(server: Server) -> None:
    processes = await prepared(server, 3)
    server.process.kill()
    _, alive = psutil.wait_procs(processes, timeout=5)
    assert alive == []


@pytest.mark.parametrize("clusters", [1, 6])
async def test_a_server_that_is_told_to_end_does_so_quickly(server: Server, clusters: int) -> None:
    processes = await prepared(server, clusters)
    server.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []
    # Six take three on two busy cores; the goal is five, and a machine may be slower.
    # The peer takes 36 for three clusters, and 13 for one.
    assert time.monotonic() - started < 10
