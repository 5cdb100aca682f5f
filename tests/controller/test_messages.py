"""Bad messages and bad values over a real comm (faults 17 to 22)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from page import Kernel, Page, RefusedError

INVALID, LIMIT = -32602, -32002
NAN = float("nan")
BAD_COUNTS = [-5, 0.5, "3", None, NAN, [], {}, True, 10**9, 10**30]


async def refusal(page: Page, method: str, **params: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        await page.call(method, **params)
    return caught.value


def what_was_asked(description: Any) -> list[Any]:
    cluster = description["cluster"]
    return [cluster[name] for name in ("name", "state", "options", "workers", "since")]


async def test_bad_values_are_refused_by_name_and_change_nothing(page: Page) -> None:
    await page.create(workers=1, threads=1)
    before = what_was_asked(await page.call("describe"))
    for value in BAD_COUNTS:
        error = await refusal(page, "scale", workers=value)
        huge = value in (10**9, 10**30) and value is not True
        assert error.code == (LIMIT if huge else INVALID), value
        assert set(error.data["fields"]) == {"workers"}, value
        for name in ("minimum", "maximum"):
            bounds = {"minimum": 1, "maximum": 2, name: value}
            assert name in (await refusal(page, "adapt", **bounds)).data["fields"], value
    for bounds in ({"minimum": 5, "maximum": 1}, {"minimum": -5, "maximum": -1}, {"minimum": 1}):
        error = await refusal(page, "adapt", **bounds)
        assert error.code == INVALID
        assert set(error.data["fields"]) <= {"minimum", "maximum"}
        assert error.data["fields"]
    assert "8" in (await refusal(page, "scale", workers=100_000)).data["fields"]["workers"]
    for lease in (-1, 1e9, NAN, "5"):
        assert (await refusal(page, "watch", detail="counts", lease=lease)).data["fields"]["lease"]
    assert (await refusal(page, "watch", detail="all", lease=1)).data["fields"]["detail"]
    for lines in (0, -1, 10**9, "5"):
        assert (await refusal(page, "logs", lines=lines, worker=None)).data["fields"]["lines"]
    for name in ("", " ", "a" * 65, "a\nb", "a\u202eb", "\x00", 5):
        assert (await refusal(page, "rename", name=name)).data["fields"]["name"], name
    assert what_was_asked(await page.call("describe")) == before


async def test_bad_options_start_nothing(page: Page) -> None:
    bad: list[tuple[dict[str, Any], str]] = [
        *(({"workers": value}, "workers") for value in BAD_COUNTS),
        *(({"threads": value}, "threads") for value in (0, -1, "2", NAN, 10**6)),
        *(({"memory": value}, "memory") for value in ("", "4 gigs", -1, "1 B", "900 PiB", None)),
        ({"minimum": 2, "maximum": 1}, "minimum"),
        ({"minimum": 1}, "maximum"),
        ({"worker": 1}, "worker"),
    ]
    for options, field in bad:
        with pytest.raises(RefusedError) as caught:
            await page.create(**options)
        assert caught.value.code in (INVALID, LIMIT), options
        assert field in caught.value.data["fields"], options
    assert (await page.call("describe"))["cluster"] is None
    good = await page.create(workers=1, memory="512 MiB")
    assert good["memory"]["limit"] == 512 * 2**20


async def test_an_administrators_limits_hold_while_the_cluster_lives(page: Page) -> None:
    cluster = await page.create(limits={"workers": 1, "threads": 1, "memory": "512 MiB"})
    assert cluster["workers"]["wanted"] == cluster["workers"]["limit"] == 1
    assert cluster["memory"]["limit"] == 512 * 2**20
    error = await refusal(page, "scale", workers=2)
    assert error.code == LIMIT
    assert "1" in error.data["fields"]["workers"]
    assert "maximum" in (await refusal(page, "adapt", minimum=0, maximum=2)).data["fields"]


async def test_a_cluster_id_comes_from_the_controller_only(page: Page) -> None:
    params = {"launcher": "local", "options": {}, "profile": None, "environment": None}
    for identity in ("../../", "<script>", "", "é"):
        error = await refusal(page, "create", key="k", name="n", id=identity, **params)
        assert "id" in error.data["fields"]
    cluster = await page.create(key="<script>", workers=1)
    assert len(cluster["id"]) == 32
    int(cluster["id"], 16)


async def test_malformed_messages_are_refused_and_the_controller_lives(kernel: Kernel) -> None:
    page = await kernel.install()
    malformed: list[Any] = [
        {},
        [],
        "text",
        7,
        None,
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "method": "ping"},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": True, "method": "ping"},
        {"jsonrpc": "2.0", "id": 5000, "method": 5},
        {"jsonrpc": "2.0", "id": 5001, "method": "ping", "params": [1]},
        {"jsonrpc": "2.0", "id": 5002, "method": "__init__"},
        {"jsonrpc": "2.0", "id": 5003, "method": "rename", "params": {"name": "x" * 5_000_000}},
    ]
    for message in malformed:
        known = len(page.received)
        started = time.monotonic()
        page.raw(message)
        await page.until(lambda p, known=known: len(p.received) > known, within=5)
        assert "error" in page.received[-1], message if len(str(message)) < 100 else "long"
        assert time.monotonic() - started < 2
        assert await page.call("ping") == {}
    assert [m["error"]["code"] for m in page.received if "error" in m][-2:] == [-32601, INVALID]


async def test_what_is_not_even_a_message_is_survived(kernel: Kernel) -> None:
    page = await kernel.install()
    session, socket = kernel.client.session, kernel.client.shell_channel.socket
    header = session.msg_header("comm_msg")
    for content in (b"\xff\xfe", b"{", b"", b"[" * 100_000 + b"]" * 100_000):
        parts = [json.dumps(header, default=str).encode(), b"{}", b"{}", content]
        socket.send_multipart([b"<IDS|MSG>", session.sign(parts), *parts])
        assert await page.call("ping") == {}
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    page.raw({"jsonrpc": "2.0", "id": 9, "method": "ping", "params": {"x": deep}})
    await page.until(lambda p: p.received and "error" in p.received[-1])
    assert await page.call("ping") == {}


async def test_versions_that_cannot_talk_are_told_apart(page: Page) -> None:
    error = await refusal(page, "initialize", protocol=99, client="x")
    assert error.code == -32005
    assert "Restart" in error.data["hint"]
    assert (await refusal(page, "scal")).code == -32601
    for method in ("scale", "watch", "rename"):
        good = {"scale": {"workers": 1}, "watch": {"detail": "none", "lease": 1}}
        params = good.get(method, {"name": "n"})
        assert (await refusal(page, method, **params)).code == -32004
