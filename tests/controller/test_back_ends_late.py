"""What a controller knows of other places than this machine is loaded when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from page import Kernel, RefusedError

from jupyterlab_seasonal_monitor import controller
from jupyterlab_seasonal_monitor.controller.back_ends import MODULES, BackEnds
from jupyterlab_seasonal_monitor.controller.gateway import GatewayVerbs
from jupyterlab_seasonal_monitor.controller.protocol import REQUESTS

#: Modules of the controller that only clusters of other places need.
ELSEWHERE = """
sorted(name.partition(".")[2] for name in __import__("sys").modules
       if name.startswith("_seasonal_monitor_controller.")
       and {"aws", "batch", "coiled", "gateway", "kubernetes", "noted"} & set(name.split(".")[1:]))
"""


VERBS: dict[str, dict[str, Any]] = {
    "gateway": GatewayVerbs().verbs,
    **{
        place: importlib.import_module(f"{controller.__name__}.{module}").VERBS
        for place, module in MODULES.items()
    },
}


@pytest.mark.parametrize("place", VERBS)
def test_every_verb_of_a_place_is_found_by_how_its_name_begins(place: str) -> None:
    assert set(VERBS[place]) == {method for method in REQUESTS if method.startswith(place)}
    assert set(VERBS[place]) <= set(BackEnds().verbs)


async def test_a_controller_of_a_cluster_of_this_machine_loads_nothing_about_other_places(
    kernel: Kernel,
) -> None:
    page = await kernel.install()
    await page.create(workers=1)
    # Their names are told apart without them.
    assert await kernel.evaluate(ELSEWHERE) == "['aws', 'batch']"
    with pytest.raises(RefusedError, match="no batch system"):
        await page.call("queueLeftovers", system="abacus")
    assert "batch.slurm" in await kernel.evaluate(ELSEWHERE)
