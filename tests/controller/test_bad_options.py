"""Bad input for every field of every form: refused by the field's name, before anything is done.

The rows are in ``bad_input.json``, which the tests of the page read, too.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from page import Kernel, Page, RefusedError

from jupyterlab_seasonal_monitor.controller.host import Host
from jupyterlab_seasonal_monitor.controller.options import (
    ALL_LAUNCHERS,
    check_options,
    option_names,
)
from jupyterlab_seasonal_monitor.controller.rpc import RpcError

TABLE = json.loads((Path(__file__).parent / "bad_input.json").read_text())
BACK_ENDS = TABLE["backEnds"]
LAUNCHERS = [(launcher, name) for name in BACK_ENDS for launcher in BACK_ENDS[name]["launchers"]]
#: Whatever has no use in any field.
JUNK: list[Any] = [math.nan, math.inf, -math.inf, 10**400, {"a": 1}, ["a", 1], "a\nb\x00", b"a"]
#: In these stand objects of any kind.
_ANY = {("custom", "arguments"): {"a": 1}}
# Those that ask the network or make something, and what both are done by.
WATCH = """
import sys
_seen = []
_LIBRARIES = ("dask_jobqueue", "dask_kubernetes", "kr8s", "dask_cloudprovider", "boto", "aiobot",
              "coiled", "distributed.deploy")

def _note(event, args):
    if event == "import" and args[0].startswith(_LIBRARIES):
        _seen.append(args[0])
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.fork"):
        _seen.append(event)
    if event == "open" and args[1] and set(args[1]) & set("wax+"):
        _seen.append(f"open {args[0]}")

sys.addaudithook(_note)
"""


def rows(launcher: str, name: str) -> list[tuple[str, dict[str, Any], str]]:
    """Return the field, the options and the words of each row of a back end's launcher."""
    back_end = BACK_ENDS[name]
    fields = {field: TABLE["common"][field] for field in back_end["common"]}
    return [
        (field, {**back_end["given"], **row["options"]}, row["says"])
        for field, of_field in {**fields, **back_end["fields"]}.items()
        for row in of_field
        if row.get("only", launcher) == launcher
    ]


def test_every_launcher_and_every_field_has_rows() -> None:
    forms = set(ALL_LAUNCHERS) - {"scheduler", "labextension"}
    assert {launcher for launcher, _ in LAUNCHERS} == forms
    for launcher, name in LAUNCHERS:
        assert {field for field, _, _ in rows(launcher, name)} == option_names(launcher), launcher


@pytest.mark.parametrize(("launcher", "name"), LAUNCHERS)
def test_what_is_given_beside_a_bad_value_is_right(launcher: str, name: str) -> None:
    check_options(launcher, dict(BACK_ENDS[name]["given"]), Host(cpus=4.0, memory=16 * 2**30))


@pytest.mark.parametrize(("launcher", "name"), LAUNCHERS)
def test_what_makes_no_sense_anywhere_is_refused_in_every_field(launcher: str, name: str) -> None:
    for field in option_names(launcher):
        for junk in JUNK:
            if _ANY.get((launcher, field)) == junk:
                continue
            options = {**BACK_ENDS[name]["given"], field: junk}
            if field == "minimum":
                options["maximum"] = 3
            with pytest.raises(RpcError) as refused:
                check_options(launcher, options, Host(cpus=4.0, memory=16 * 2**30))
            assert field in refused.value.data["fields"], (field, junk)
            assert refused.value.data["fields"][field].endswith("."), (field, junk)


@pytest.mark.parametrize(("launcher", "name"), LAUNCHERS)
def test_an_option_that_nobody_knows_is_refused_by_its_name(launcher: str, name: str) -> None:
    for unknown in ("pods", "token", "aws_secret_access_key"):
        options = {**BACK_ENDS[name]["given"], unknown: "x"}
        with pytest.raises(RpcError) as refused:
            check_options(launcher, options, Host(cpus=4.0, memory=16 * 2**30))
        assert set(refused.value.data["fields"]) == {unknown}


async def refusal(page: Page, launcher: str, options: dict[str, Any]) -> dict[str, str]:
    """Return what is said by field; nothing when it was accepted."""
    try:
        await page.create(launcher=launcher, **options)
    except RefusedError as refused:
        return dict(refused.data["fields"])
    return {}


async def test_bad_input_is_refused_by_its_field_before_anything_is_imported_or_asked(
    kernel: Kernel,
) -> None:
    page = await kernel.install()
    # What any cluster needs is there before.
    await page.call("warm", within=120)
    await kernel.execute(WATCH)
    wrong = []
    for launcher, name in LAUNCHERS:
        for field, options, says in rows(launcher, name):
            told = await refusal(page, launcher, options)
            if set(told) != {field} or says not in told[field]:
                wrong.append((launcher, options, told, says))
    assert wrong == []
    assert await kernel.evaluate("_seen") == "[]"
    assert (await page.call("describe"))["cluster"] is None
    # The watch sees what it looks for.
    await kernel.execute("import dask_jobqueue")
    assert "dask_jobqueue" in await kernel.evaluate("_seen")
