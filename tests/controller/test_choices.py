"""Spot and ARM machines: what is chosen in the form is what is asked for."""

from __future__ import annotations

import pytest
from amazon import ACCOUNT, REGION, Amazon
from coiled_api import CoiledApi
from moto.ec2.models import ec2_backends
from page import Page, RefusedError
from test_coiled import CREATE, api  # noqa: F401 - a fixture
from test_fargate import amazon, python  # noqa: F401 - fixtures


@pytest.fixture
def ami(amazon: Amazon) -> str:  # noqa: F811
    """An image for ARM machines."""
    ami = amazon.image()
    ec2_backends[ACCOUNT][REGION].amis[ami].architecture = "arm64"
    return ami


async def test_arm_machines_of_ec2(page: Page, amazon: Amazon, ami: str) -> None:  # noqa: F811
    amazon.stillborn = "no such image"
    asked = {"image": "example.org/climate:1", "ami": ami, "workers": 1, "arm": True}
    with pytest.raises(RefusedError, match="shutdown"):
        await page.create(launcher="ec2", within=120, **asked)
    assert [run["instance_type"] for run in amazon.ran] == ["m7g.large"]


@pytest.mark.parametrize("spot", ["spot", "spot_with_fallback"])
async def test_spot_and_arm_machines_of_coiled(
    api: CoiledApi,  # noqa: F811
    page: Page,
    spot: str,
) -> None:
    with pytest.raises(RefusedError, match="InsufficientInstanceCapacity"):
        # It is asked for, and there is none.
        await page.create(
            launcher="coiled", within=120, region="no-capacity-1", spot=spot, arm=True
        )
    (asked,) = api.bodies(CREATE)
    assert asked["options"]["spot"] is True
    assert asked["options"]["spot_on_demand_fallback"] is (spot == "spot_with_fallback")
    assert asked["worker_instance_types"] == ["m7g.xlarge"]
