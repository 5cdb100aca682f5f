"""What a form names and the account does not have: told by the field, nothing is made."""

from __future__ import annotations

from typing import Any

import pytest
from amazon import ACCOUNT, Amazon
from page import Page, RefusedError
from test_fargate import amazon, python  # noqa: F401 - fixtures

NO_ROLE = f"arn:aws:iam::{ACCOUNT}:role/nobody"


async def refusal(page: Page, launcher: str, **options: Any) -> dict[str, str]:
    asked = {"image": "example.org/climate:1", "workers": 1, **options}
    with pytest.raises(RefusedError) as refused:
        await page.create(launcher=launcher, within=120, **asked)
    return dict(refused.value.data["fields"])


async def test_what_the_account_does_not_have_is_told_beside_its_field(
    page: Page,
    amazon: Amazon,  # noqa: F811
) -> None:
    ec2 = amazon.client("ec2")
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="theirs", Description="-", VpcId=other)["GroupId"]
    ami = amazon.image()
    before = amazon.inventory()
    bad: list[tuple[str, dict[str, Any], str]] = [
        ("fargate", {"securityGroups": "sg-0123abcd"}, "no such security group"),
        ("fargate", {"securityGroups": group}, "no such security group"),
        ("fargate", {"taskRole": NO_ROLE}, "no such role"),
        ("fargate", {"executionRole": NO_ROLE}, "no such role"),
        ("ec2", {"securityGroups": "sg-0123abcd", "ami": ami}, "no such security group"),
        ("ec2", {"keyName": "nobody", "ami": ami}, "no such key pair"),
        ("ec2", {"profile": "nobody", "ami": ami}, "no such instance profile"),
    ]
    for launcher, options, words in bad:
        (field, *_) = options
        told = await refusal(page, launcher, **options)
        assert words in told[field], (launcher, options)
    assert amazon.inventory() == before
    assert amazon.ran == []
