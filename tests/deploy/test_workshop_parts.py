"""The parts of the workshop service that need no hub: bounds, limits, and what it reads."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pytest
from hub import ROOT

sys.path.insert(0, str(ROOT / "deploy"))

from workshop_service.limits import Limit
from workshop_service.messages import (
    Order,
    Status,
    read_announcement,
    read_bundle,
    read_order,
    read_people,
    read_status,
)
from workshop_service.orders import HOLDS, Orders
from workshop_service.orders import MAX_CLASSES as MAX_ORDERED
from workshop_service.refusals import RefusalError
from workshop_service.room import MAX_ANNOUNCEMENTS, MAX_PEOPLE, Room
from workshop_service.shelf import MAX_CLASSES, Shelf


def test_a_limit_refuses_after_the_burst_and_allows_again_with_time() -> None:
    now = 0.0
    limit = Limit(burst=3, rate=0.5, clock=lambda: now)
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    assert limit.allows("b")
    now = 2.0
    assert [limit.allows("a") for _ in range(2)] == [True, False]


def test_a_limit_remembers_only_so_many_names() -> None:
    limit = Limit(burst=1, rate=0, names=10)
    for number in range(1000):
        limit.allows(str(number))
    assert len(limit) == 10


def test_a_status_is_read_as_it_was_said() -> None:
    told = {"step": 2, "of": 5, "help": True, "note": "<b>Hé</b>\n", "environment": {"dask": "1"}}
    assert read_status(json.dumps(told).encode()) == Status(**told)
    more = {**told, "cluster": "running", "workers": 2, "spent": {"EUR": 0.5, "USD": 1}}
    assert read_status(json.dumps(more).encode()) == Status(**more)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 16_000,
        b'{"step": -1, "of": 2}',
        b'{"step": 3, "of": 2}',
        b'{"step": 1.5, "of": 2}',
        b'{"step": true, "of": 2}',
        b'{"step": 1e400, "of": 2}',
        b'{"step": NaN, "of": 2}',
        b'{"of": 100000000000000000000}',
        b'{"help": "yes"}',
        b'{"note": 1}',
        b'{"note": "\\u0000"}',
        b'{"note": "\\u202e"}',
        b'{"note": "\\ud800"}',
        b'{"note": "' + b"x" * 501 + b'"}',
        b'{"environment": []}',
        b'{"environment": {"dask": {"a": 1}}}',
        b'{"name": "bob", "step": 1, "of": 1}',
        b'{"__proto__": {}}',
        b'{"cluster": "running for a very long time"}',
        b'{"workers": -1}',
        b'{"workers": 1e9}',
        b'{"spent": [1]}',
        b'{"spent": {"euros": 1}}',
        b'{"spent": {"EUR": "1"}}',
        b'{"spent": {"EUR": -1}}',
        b'{"spent": {"EUR": 1e400}}',
        b'{"spent": {"EUR": true}}',
        json.dumps({"environment": {str(n): "1" for n in range(21)}}).encode(),
    ],
)
def test_a_status_that_is_none_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(RefusalError) as refused:
        read_status(body)
    assert refused.value.status_code == 400
    assert refused.value.words.endswith(".")


@pytest.mark.parametrize(
    "body", [b'{"text": " "}', b'{"text": 1}', b"{}", b'{"text": "a", "users": []}']
)
def test_an_empty_announcement_is_refused(body: bytes) -> None:
    with pytest.raises(RefusalError):
        read_announcement(body)


def test_an_order_is_read_as_it_was_said() -> None:
    told = {"workshop": "rain-1", "text": "Until noon", "end": 4_000_000_000, "workers": None}
    assert read_order(json.dumps(told).encode()) == Order(
        "rain-1", "Until noon", [], {"end": 4_000_000_000, "workers": None}, fresh=False
    )
    wish = {"workshop": "rain", "text": "Anew", "fresh": True, "users": ["bob", "bob"]}
    assert read_order(json.dumps(wish).encode()) == Order("rain", "Anew", ["bob"], {}, fresh=True)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"workshop": "rain"},
        {"workers": 1},
        {"workshop": "../rain", "workers": 1},
        {"workshop": "rain\n", "workers": 1},
        {"workshop": 7, "workers": 1},
        {"workshop": "rain", "workers": 0},
        {"workshop": "rain", "workers": -1},
        {"workshop": "rain", "workers": 1.5},
        {"workshop": "rain", "workers": True},
        {"workshop": "rain", "workers": 10**9},
        {"workshop": "rain", "end": "2026-11-27T10:00Z"},
        {"workshop": "rain", "end": 10**12},
        {"workshop": "rain", "fresh": "yes", "text": "Anew"},
        {"workshop": "rain", "fresh": True},
        {"workshop": "rain", "fresh": False},
        {"workshop": "rain", "workers": 1, "users": []},
        {"workshop": "rain", "workers": 1, "text": "x" * 1001},
        {"workshop": "rain", "workers": 1, "command": "rm"},
    ],
)
def test_an_order_that_is_none_is_refused_in_words(told: dict[str, Any]) -> None:
    with pytest.raises(RefusalError) as refused:
        read_order(json.dumps(told).encode())
    assert refused.value.status_code == 400
    assert refused.value.words.endswith(".")


def order(workshop: str = "rain", people: tuple[str, ...] = (), **rules: int | None) -> Order:
    return Order(workshop, "", list(people), rules, fresh=False)


def test_what_is_set_for_all_holds_for_those_too_of_whom_something_else_was_set() -> None:
    orders = Orders()
    orders.take(order(end=100, workers=4))
    orders.take(order(people=("bob",), workers=1, end=200))
    assert orders.of("alice") == {"rain": {"end": 100, "workers": 4}}
    assert orders.of("bob") == {"rain": {"end": 200, "workers": 1}}
    orders.take(order(workers=2))
    assert orders.of("bob") == {"rain": {"end": 200, "workers": 2}}
    assert orders.told() == {
        "rain": {"all": {"end": 100, "workers": 2}, "people": {"bob": {"end": 200}}}
    }


def test_orders_are_kept_within_bounds_and_for_a_day() -> None:
    now = 0.0
    orders = Orders(clock=lambda: now)
    for number in range(MAX_ORDERED + 1):
        orders.take(order(f"class-{number}", workers=1))
    assert "class-0" not in orders.told()
    assert len(orders.told()) == MAX_ORDERED
    now = 1.0
    orders.take(order("late", tuple(str(number) for number in range(600)), workers=1))
    assert len(orders.told()["late"]["people"]) == 500
    now = HOLDS + 0.5
    assert list(orders.told()) == ["late"]


@pytest.mark.parametrize("users", [[], "alice", [1], ["x"] * 101, [{"name": "alice"}]])
def test_a_list_of_people_that_is_none_is_refused(users: Any) -> None:
    with pytest.raises(RefusalError):
        read_people(json.dumps({"users": users}).encode())


def test_somebody_is_named_once_however_often_asked() -> None:
    assert read_people(b'{"users": ["bob", "alice", "bob"]}') == ["bob", "alice"]


def test_a_room_tells_since_when_the_step_is_the_same() -> None:
    now = 100.0
    room = Room(clock=lambda: now)
    room.report("alice", Status(step=1, of=3))
    now = 160.0
    room.report("alice", Status(step=1, of=3, help=True))
    told = room.status_of("alice")
    assert told is not None
    assert (told["since"], told["reported"], told["help"]) == (100.0, 160.0, True)
    now = 170.0
    room.report("alice", Status(step=2, of=3))
    told = room.status_of("alice")
    assert told is not None
    assert told["since"] == 170.0


def test_a_room_forgets_who_was_silent_for_longest_and_old_announcements() -> None:
    room = Room()
    for number in range(MAX_PEOPLE + 1):
        room.report(str(number), Status())
    assert room.status_of("0") is None
    assert room.status_of("1") is not None
    for number in range(MAX_ANNOUNCEMENTS + 5):
        room.announce("trainer", str(number))
    told = room.announcements(0)
    assert len(told) == MAX_ANNOUNCEMENTS
    assert told[-1]["text"] == str(MAX_ANNOUNCEMENTS + 4)


async def test_everybody_who_waits_hears_an_announcement() -> None:
    room = Room()
    waiting = [asyncio.create_task(room.wait_for_announcements(0, 60)) for _ in range(30)]
    await asyncio.sleep(0)
    room.announce("trainer", "Lunch")
    heard = await asyncio.gather(*waiting)
    assert [told[0]["text"] for told in heard] == ["Lunch"] * 30


async def test_somebody_who_waits_is_not_woken_by_what_is_for_another() -> None:
    room = Room()
    waiting = asyncio.create_task(room.wait_for_announcements(0, 60, "alice"))
    await asyncio.sleep(0)
    room.announce("trainer", "Only for bob", ["bob"])
    await asyncio.sleep(0)
    room.announce("trainer", "For alice and bob", ["alice", "bob"])
    assert [told["text"] for told in await waiting] == ["For alice and bob"]
    assert [told["id"] for told in room.announcements(0, "bob")] == [1, 2]


async def test_nothing_is_heard_where_nothing_is_announced() -> None:
    assert await Room().wait_for_announcements(0, 0.01) == []


def bundle(**fields: object) -> bytes:
    told = {"workshop": "{}", "notebooks": {"day/one.ipynb": "{}"}, **fields}
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        bundle(workshop=None),
        bundle(workshop="[1]"),
        bundle(workshop="{" * 9999),
        bundle(workshop='{"a": "' + "x" * 300_000 + '"}'),
        bundle(code="abc"),
        bundle(code=7),
        bundle(notebooks=[]),
        bundle(notebooks={"../one.ipynb": "{}"}),
        bundle(notebooks={"/etc/one.ipynb": "{}"}),
        bundle(notebooks={"one.py": "{}"}),
        bundle(notebooks={"one.ipynb": "\ud800"}),
        bundle(notebooks={f"{n}.ipynb": "{}" for n in range(51)}),
        bundle(notebooks={f"{n}.ipynb": json.dumps({"a": "x" * 600_000}) for n in range(2)}),
        bundle(scheduler="tcp://x"),
    ],
)
def test_a_class_that_is_none_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(RefusalError) as refused:
        read_bundle(body)
    assert refused.value.status_code == 400
    assert refused.value.words.endswith(".")


def test_a_code_is_kept_by_its_author_and_taken_from_nobody() -> None:
    shelf = Shelf()
    code = shelf.put("ada", read_bundle(bundle()))
    mine = read_bundle(bundle(code=code, workshop='{"new": 1}'))
    assert shelf.put("ada", mine) == code
    assert shelf.put("eve", mine) != code
    found = shelf.get(code)
    assert found is not None
    assert (found.author, found.told()["workshop"]) == ("ada", '{"new": 1}')


def test_only_so_many_classes_are_kept() -> None:
    shelf = Shelf()
    codes = [shelf.put("ada", read_bundle(bundle())) for _ in range(MAX_CLASSES + 1)]
    assert shelf.get(codes[0]) is None
    assert all(shelf.get(code) for code in codes[1:])
