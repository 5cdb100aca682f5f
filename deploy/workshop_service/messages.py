"""What people send, read strictly: a field that is unknown or too long is refused."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from .refusals import RefusalError

MAX_STEPS = 200
MAX_NOTE = 500
MAX_TEXT = 1000
MAX_NAMES = 100
MAX_PACKAGES = 20
MAX_WORKERS = 100_000
MAX_CURRENCIES = 5
CURRENCY = re.compile("[A-Z]{3}")
MAX_WORKSHOP = 256 * 1024
MAX_NOTEBOOKS = 50
#: Of all notebooks of a class together, in characters.
MAX_BUNDLED = 1024 * 1024

#: What names a class in its file.
WORKSHOP = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
#: The latest end of a class: the year 2100, in seconds since the epoch.
LAST_END = 4_102_444_800

#: Those that are told apart when they are read out.
CODE_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
CODE = re.compile(f"^[{CODE_CHARACTERS}]{{{CODE_LENGTH}}}$")
#: A notebook below the folder of the class: no way up, no drive, no root.
NOTEBOOK = re.compile(r"^(?!.*(?:^|/)\.{1,2}(?:/|$))[^/\\:\x00-\x1f][^\\:\x00-\x1f]{0,250}\.ipynb$")


@dataclass(frozen=True)
class Status:
    """What a participant says: step ``step`` of ``of``, and whether help is wanted.

    ``cluster`` is the state of their cluster as a word, ``workers`` how many it has, and
    ``spent`` what it has cost, by currency; what is not known is absent.
    """

    step: int = 0
    of: int = 0
    help: bool = False
    note: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    cluster: str | None = None
    workers: int | None = None
    spent: dict[str, float] | None = None


@dataclass(frozen=True)
class Bundle:
    """The file of a class and its notebooks by path, as texts, and the code that is wanted."""

    code: str
    workshop: str
    notebooks: dict[str, str]


@dataclass(frozen=True)
class Order:
    """What a trainer sets for a class, or for these people of it only.

    ``rules`` has the ``end`` of the class, in seconds since the epoch, and how many
    ``workers`` a participant's cluster may have; None takes back what was set, and what is
    absent stays. ``fresh`` asks for another cluster. ``words`` is what people are told.
    """

    workshop: str
    words: str
    people: list[str]
    rules: dict[str, int | None]
    fresh: bool


def read_object(body: bytes, *names: str) -> dict[str, Any]:
    """Return the JSON object in a request, which has no other fields than these.

    Raises
    ------
    RefusalError
        The body is no such object.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusalError(400, "The request is not JSON.") from None
    if not isinstance(value, dict):
        raise RefusalError(400, "The request is not a JSON object.")
    if any(name not in names for name in value):
        raise RefusalError(400, f"The request may have these fields: {', '.join(names)}.")
    return value


def text(value: object, name: str, longest: int) -> str:
    """Return a text without control characters and lone surrogates, or refuse it."""
    if not isinstance(value, str):
        raise RefusalError(400, f"“{name}” is not a text.")
    if len(value) > longest:
        raise RefusalError(400, f"“{name}” is longer than {longest} characters.")
    if not all(one.isprintable() or one == "\n" for one in value):
        raise RefusalError(400, f"“{name}” has characters that cannot be shown.")
    return value


def count(value: object, name: str, most: int, least: int = 0) -> int:
    """Return a whole number from ``least`` to ``most``, or refuse it."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RefusalError(400, f"“{name}” is not a whole number from {least} to {most}.")
    return value


def read_status(body: bytes) -> Status:
    """Read what a participant says."""
    told = read_object(body, *Status.__dataclass_fields__)
    step = count(told.get("step", 0), "step", MAX_STEPS)
    of = count(told.get("of", 0), "of", MAX_STEPS)
    if step > of:
        raise RefusalError(400, "“step” is more than “of”.")
    wanted = told.get("help", False)
    if not isinstance(wanted, bool):
        raise RefusalError(400, "“help” is neither true nor false.")
    packages = told.get("environment", {})
    if not isinstance(packages, dict) or len(packages) > MAX_PACKAGES:
        raise RefusalError(400, f"“environment” is not an object of up to {MAX_PACKAGES} versions.")
    return Status(
        step=step,
        of=of,
        help=wanted,
        note=text(told.get("note", ""), "note", MAX_NOTE),
        environment={
            text(name, "environment", 100): text(version, name[:100], 100)
            for name, version in packages.items()
        },
        cluster=None if (word := told.get("cluster")) is None else text(word, "cluster", 20),
        workers=None
        if (workers := told.get("workers")) is None
        else count(workers, "workers", MAX_WORKERS),
        spent=None if (spent := told.get("spent")) is None else read_money(spent),
    )


def read_money(value: object) -> dict[str, float]:
    """Return amounts by currency, such as ``{"EUR": 1.5}``, or refuse them."""
    if not isinstance(value, dict) or len(value) > MAX_CURRENCIES:
        raise RefusalError(400, "“spent” is not an object of amounts by currency.")
    for currency, amount in value.items():
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not CURRENCY.fullmatch(currency) or not is_number:
            raise RefusalError(400, "“spent” is not an object of amounts by currency.")
        if not math.isfinite(amount) or not 0 <= amount <= 1e9:
            raise RefusalError(400, "An amount of “spent” is not from 0 to 1000000000.")
    return value


def read_announcement(body: bytes) -> tuple[str, list[str]]:
    """Read what a trainer says, and to whom; nobody is named where it is for all."""
    told = read_object(body, "text", "users")
    words = text(told.get("text"), "text", MAX_TEXT).strip()
    if not words:
        raise RefusalError(400, "The announcement is empty.")
    return words, read_names(told["users"]) if "users" in told else []


def read_order(body: bytes) -> Order:
    """Read what a trainer sets. Nobody is named where it is for all."""
    told = read_object(body, "workshop", "text", "users", "end", "workers", "fresh")
    workshop = told.get("workshop")
    if not isinstance(workshop, str) or not WORKSHOP.fullmatch(workshop):
        raise RefusalError(400, "“workshop” is not the id of a class.")
    rules: dict[str, int | None] = {}
    for name, least, most in (("end", 0, LAST_END), ("workers", 1, MAX_WORKERS)):
        if name in told:
            value = told[name]
            rules[name] = None if value is None else count(value, name, most, least)
    fresh = told.get("fresh", False)
    if not isinstance(fresh, bool):
        raise RefusalError(400, "“fresh” is neither true nor false.")
    words = text(told.get("text", ""), "text", MAX_TEXT).strip()
    if not rules and not fresh:
        raise RefusalError(400, "The order sets nothing: give “end”, “workers” or “fresh”.")
    if fresh and not words:
        raise RefusalError(400, "Who gets a fresh cluster must be told so: give “text”.")
    people = read_names(told["users"]) if "users" in told else []
    return Order(workshop, words, people, rules, fresh)


def read_people(body: bytes) -> list[str]:
    """Read whose servers or clusters are meant."""
    return read_names(read_object(body, "users").get("users"))


def read_names(names: object) -> list[str]:
    """Return names of people, each once, or refuse them."""
    if not isinstance(names, list) or not 0 < len(names) <= MAX_NAMES:
        raise RefusalError(400, f"“users” is not a list of 1 to {MAX_NAMES} names.")
    return list(dict.fromkeys(text(name, "users", 255) for name in names))


def read_bundle(body: bytes) -> Bundle:
    """Read a class with its notebooks. Pages check again what they get of it."""
    told = read_object(body, "code", "workshop", "notebooks")
    code = told.get("code", "")
    if not isinstance(code, str) or (code and not CODE.match(code)):
        raise RefusalError(400, "“code” cannot be the code of a class.")
    notebooks = told.get("notebooks", {})
    if not isinstance(notebooks, dict) or len(notebooks) > MAX_NOTEBOOKS:
        raise RefusalError(400, f"“notebooks” is not an object of up to {MAX_NOTEBOOKS}.")
    if not all(NOTEBOOK.match(path) for path in notebooks):
        raise RefusalError(400, "A notebook of the class is not beside its file or below.")
    workshop = json_text(told.get("workshop"), "workshop", MAX_WORKSHOP)
    read = {path: json_text(text, path, MAX_BUNDLED) for path, text in notebooks.items()}
    if sum(map(len, read.values())) > MAX_BUNDLED:
        raise RefusalError(400, "The notebooks of the class are larger than 1 MB together.")
    return Bundle(code, workshop, read)


def json_text(value: object, name: str, longest: int) -> str:
    """Return a text that is a JSON object, or refuse it."""
    shown = name[:100] if name.isprintable() else "A notebook"
    if not isinstance(value, str) or len(value) > longest:
        raise RefusalError(400, f"“{shown}” is not a text of up to {longest // 1024} kB.")
    try:
        found = json.loads(value)
        value.encode()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RefusalError(400, f"“{shown}” is not the text of a JSON object.")
    return value
