"""A cluster is closed to everybody else on the machine (faults 30, 31, 32)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from page import Page
from place import Place

ANSWERED = 7
ATTACK = f"""
import asyncio, sys
from distributed import Client
from distributed.security import Security
async def main():
    kinds = {{"none": None, "own": Security.temporary()}}
    async with Client(sys.argv[1], security=kinds[sys.argv[2]], asynchronous=True, timeout=4) as c:
        await c.run_on_scheduler(lambda: None)
try:
    asyncio.run(main())
except (OSError, TimeoutError, TypeError) as error:
    print(type(error).__name__, error)
    sys.exit(0)
sys.exit({ANSWERED})
"""


def attack(address: str, kind: str) -> int:
    arguments = [sys.executable, "-c", ATTACK, address, kind]
    if kind == "none":
        arguments[3] = address.replace("tls://", "tcp://")
    return subprocess.run(arguments, capture_output=True, timeout=60).returncode


@pytest.mark.parametrize("kind", ["none", "own"])
async def test_a_client_without_the_credentials_is_refused(page: Page, kind: str) -> None:
    cluster = await page.create(workers=1)
    assert cluster["connection"]["address"].startswith("tls://127.0.0.1:")
    for address in [cluster["connection"]["address"], (await page.call("workers"))[0]["address"]]:
        assert attack(address, kind) == 0


CONNECT = """
import socket, ssl, sys
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
if len(sys.argv) > 2:
    context.load_cert_chain(sys.argv[2])
plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
try:
    stream = context.wrap_socket(plain)
    stream.settimeout(20)
    print("answered" if stream.recv(1) else "refused")
except (ssl.SSLError, ConnectionError):
    # An alert; or the end of the connection, when that was noticed first.
    print("refused")
"""


def run(*arguments: str, **changes: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, **changes)


def as_nobody(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, user=65534, group=65534, extra_groups=[])


async def test_another_user_gets_neither_the_file_nor_the_scheduler(
    page: Page, place: Place
) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can run something as another user")
    cluster = await page.create(workers=1)
    place.folder.chmod(0o755)
    pem = cluster["connection"]["credentials"]
    read = as_nobody("/bin/cat", pem)
    assert "Permission denied" in read.stderr
    port = cluster["connection"]["address"].rpartition(":")[2]
    told = as_nobody("/usr/bin/python3", "-c", CONNECT, port)
    assert told.stdout == "refused\n", told.stderr
    allowed = run(sys.executable, "-c", CONNECT, port, pem)
    assert allowed.stdout == "answered\n", allowed.stderr


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


async def test_everything_listens_on_the_loopback_interface(page: Page, place: Place) -> None:
    await page.create(workers=2, threads=1)
    snapshot = await page.snapshot(lambda s: s.get("dashboard"))
    listening = [
        connection.laddr
        for process in place.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 6
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert status(f"{snapshot['dashboard']}/individual-plots.json") == 200
    assert status(f"{snapshot['dashboard']}/proxy/80/127.0.0.1/") == 404


async def test_nothing_beside_a_notebook_is_imported(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    kernel = await new_kernel()
    for name in ("distributed", "dask", "json", "multiprocessing", "numpy", "bokeh", "crick"):
        text = f"open({str(place.folder / 'ran')!r}, 'a').write({name!r} + chr(10))\n"
        (place.work / f"{name}.py").write_text(text)
    page = await kernel.install()
    await page.call("initialize", protocol=1, client="x")
    await page.call("warm", within=60)
    await page.create(workers=1, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await page.call("restart")
    await page.call("stop")
    assert not (place.folder / "ran").exists()


def folder(pid: int) -> Path:
    return Path(f"/proc/{pid}/cwd").readlink()


async def test_workers_work_in_the_folder_of_the_kernel(page: Page, place: Place) -> None:
    await page.create(workers=1)
    pid = (await page.call("workers"))[0]["pid"]
    assert folder(pid) == place.work
    assert folder(page.kernel.pid).parent == place.runtime


def dead_pid() -> int:
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    return process.pid


async def test_files_of_a_killed_controller_are_purged_by_the_next(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    kernel = await new_kernel()
    page = await kernel.install()
    mine = await page.create(workers=1)
    own = Path(mine["connection"]["credentials"]).parent
    dead = own.with_name(own.name.replace(f"-{kernel.pid}-", f"-{dead_pid()}-"))
    dead.mkdir(mode=0o700)
    (dead / "old.pem").write_text("key")
    other = await (await new_kernel()).install()
    await other.create(workers=1)
    assert not dead.exists()
    assert own.exists()


async def test_a_link_in_the_place_of_a_dead_folder_is_not_followed(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    kept = Path(tempfile.mkdtemp(prefix="sm-kept-"))
    try:
        (kept / "data").write_text("of somebody")
        link = place.runtime / f"seasonal-monitor-{os.uname().nodename}-{dead_pid()}-abcdefgh"
        link.symlink_to(kept)
        await (await (await new_kernel()).install()).create(workers=1)
        assert (kept / "data").exists()
        link.unlink()
    finally:
        shutil.rmtree(kept)
