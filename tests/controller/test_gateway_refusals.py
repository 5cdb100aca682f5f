"""What a hub's gateway refuses, by answers that were recorded from one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import pytest_asyncio
from page import Kernel, Page, RefusedError
from place import PYTHONS

TOKEN = "0123456789abcdef0123456789abcd"
PYTHON = PYTHONS["gateway"]
pytestmark = [
    pytest.mark.skipif(not PYTHON.exists(), reason="needs the environment of environments/gateway"),
    pytest.mark.timeout(120),
]


class Gateway(ThreadingHTTPServer):
    """Answers whoever signs in with what a test has set; others with 401."""

    daemon_threads = True
    answer: tuple[int, str] = (200, "{}")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str | None, str | None]] = []


class Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_GET(self) -> None:
        sent = self.headers.get("Authorization")
        self.server.asked.append((sent, self.headers.get("Cookie")))
        status, text = self.server.answer if sent else (401, '{"error":"Authentication required"}')
        self.send_response(status)
        self.send_header("Set-Cookie", "dask-gateway-1=alice; Path=/")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    thread = threading.Thread(target=gateway.serve_forever, daemon=True)
    thread.start()
    yield gateway
    gateway.shutdown()
    gateway.server_close()
    thread.join()


@pytest.fixture
def python() -> str:
    return str(PYTHON)


@pytest_asyncio.fixture
async def page(new_kernel: Callable[..., Any], gateway: Gateway) -> Page:
    kernel: Kernel = await new_kernel(
        DASK_GATEWAY__ADDRESS=f"http://127.0.0.1:{gateway.server_port}",
        DASK_GATEWAY__AUTH__TYPE="jupyterhub",
        JUPYTERHUB_API_TOKEN=TOKEN,
    )
    return await kernel.install()


ANSWERS = [
    (401, {"error": "Authentication required"}, "does not let this kernel use", -32006),
    (
        500,
        {"error": "Permission failure verifying user's JupyterHub API token"},
        "does not know this kernel's token any more",
        -32006,
    ),
    (500, {"error": "Something broke"}, "could not do that", -32001),
    (502, {"error": "Bad gateway"}, "The hub or its gateway is down", -32007),
    (503, None, "The hub or its gateway is down", -32007),
    (404, None, "is no Dask Gateway", -32006),
    (302, None, "is no Dask Gateway", -32006),
    (200, None, "is no Dask Gateway", -32006),
]


async def test_each_answer_that_is_no_success_has_words_and_a_next_step(
    page: Page, gateway: Gateway
) -> None:
    for status, body, words, code in ANSWERS:
        gateway.answer = (status, json.dumps(body) if body else "<html>Sign in</html>")
        with pytest.raises(RefusedError, match=words) as refusal:
            await page.call("gatewayList")
        assert refusal.value.code == code, (status, body)
        assert refusal.value.data["hint"]
        assert refusal.value.data["cause"]
    assert TOKEN not in str(page.received)


async def test_the_token_goes_in_the_header_and_the_gateways_cookie_is_never_sent(
    page: Page, gateway: Gateway
) -> None:
    assert await page.call("gatewayList") == []
    assert await page.call("gatewayList") == []
    assert {sent for sent, _ in gateway.asked} == {None, f"jupyterhub {TOKEN}"}
    assert {cookie for _, cookie in gateway.asked} == {None}


async def test_keys_of_a_running_cluster_stay_in_the_kernel(page: Page, gateway: Gateway) -> None:
    cluster = {
        "name": "abc",
        "status": "RUNNING",
        "start_time": 1,
        "stop_time": None,
        "options": {},
        "dashboard_route": "/clusters/abc/status",
    }
    secret = {"tls_cert": "CERTIFICATE", "tls_key": "PRIVATE KEY"}
    gateway.answer = (200, json.dumps({"abc": {**cluster, **secret}}))
    assert await page.call("gatewayList") == [cluster]
    assert "PRIVATE KEY" not in str(page.kernel.messages)


async def test_an_answer_that_is_too_large_is_refused_in_words(
    page: Page, gateway: Gateway
) -> None:
    gateway.answer = (200, json.dumps({"a": " " * (4 * 2**20)}))
    with pytest.raises(RefusedError, match="too large to be read") as refusal:
        await page.call("gatewayList")
    assert refusal.value.code == -32005
    assert refusal.value.data["cause"][0]["message"] == "It is larger than 4 MiB."
    assert refusal.value.data["hint"]


async def test_a_kernel_without_a_token_is_told_what_to_set(
    new_kernel: Callable[..., Any], gateway: Gateway
) -> None:
    kernel: Kernel = await new_kernel(DASK_GATEWAY__AUTH__TYPE="jupyterhub")
    page = await kernel.install()
    with pytest.raises(RefusedError, match="does not know how to reach") as refusal:
        await page.call("gatewayList")
    assert "DASK_GATEWAY__ADDRESS" in refusal.value.data["hint"]
