"""What may be removed of what is left."""

from __future__ import annotations

import pytest

from jupyterlab_seasonal_monitor.controller.removal import remove_known
from jupyterlab_seasonal_monitor.controller.rpc import RpcError


async def test_only_what_a_fresh_list_has_is_removed_and_each_once() -> None:
    removed: list[str] = []

    async def remove(name: str) -> None:
        removed.append(name)

    asked = ["b", "somebody-elses", "a", "b"]
    assert await remove_known(asked, {"a", "b", "c"}, remove) == ["b", "a"]
    assert removed == ["b", "a"]


async def test_one_that_refuses_keeps_no_other_and_is_told_where_nothing_went() -> None:
    async def remove(name: str) -> None:
        if name != "c":
            raise RpcError("launchFailed", f"{name} does not go.")

    known = {"a", "b", "c"}
    assert await remove_known(["a", "b", "c"], known, remove) == ["c"]
    with pytest.raises(RpcError, match="a does not go"):
        await remove_known(["a", "b"], known, remove)
