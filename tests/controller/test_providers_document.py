"""The table of the providers' tests says what there is."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from test_custom import DOCUMENT

from jupyterlab_seasonal_monitor.controller.kubernetes.place import RIGHTS

TESTS = Path(__file__).parent
STEPS = ["create", "first result", "scale", "adapt", "logs", "dashboard", "stop", "failure"]


def section() -> str:
    text = DOCUMENT.read_text()
    begin = text.index("## How each provider is tested")
    return text[begin : text.index("\n## ", begin + 1)]


def test_no_cell_is_empty_and_each_number_and_reason_is_told_below() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section().splitlines()
        if line.startswith("|")
    ]
    assert rows[0] == ["provider", *STEPS, "orphan"]
    numbers = set(re.findall(r"^(\d+)\. ", section(), re.M))
    reasons = set(re.findall(r"^- (not \(\w\)):", section(), re.M))
    used: set[str] = set()
    for row in rows[2:]:
        assert len(row) == len(rows[0])
        for cell in row[1:]:
            named = {cell} if cell in reasons else set(cell.split(", "))
            assert named <= numbers | reasons, (row[0], cell)
            used |= named
    assert used == numbers | reasons


def test_every_test_of_the_table_is_there() -> None:
    named = re.findall(r"^\d+\. `(\w+\.py)::(\w+)`$", section(), re.M)
    assert len(named) == len(re.findall(r"^\d+\. ", section(), re.M))
    for file, name in named:
        assert re.search(rf"^(async )?def {name}\(", (TESTS / file).read_text(), re.M), name


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    text = DOCUMENT.read_text()
    part = text[text.index(heading) :]
    rows = re.search(r"(^\|.*\n)+", part, re.M)
    assert rows
    lines = rows[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_what_each_provider_costs_in_money_and_hours_is_told_as_the_costs_have_it() -> None:
    costs = {row[0]: row[1:] for row in table("## What they cost to run")}
    providers = [row[0] for row in table("# Where clusters run")]
    assert {*providers, "Saturn Cloud"} == set(costs)
    assumed = (DOCUMENT.parent / "costs.md").read_text()
    names = {
        "This machine": "a laptop",
        "A Dask Gateway": "Kubernetes (EKS)",
        "PBS, SGE and LSF": "SLURM",
        "Kubernetes": "Kubernetes (EKS)",
        "AWS Fargate": "Fargate",
        "AWS EC2": "EC2",
    }
    for provider, (money, once, monthly) in costs.items():
        assert money
        if provider == "Other classes":
            continue
        name = re.escape(names.get(provider, provider))
        found = re.findall(rf"^\| (?:Set-up|Upkeep) of {name}, .*?\| (\d+) ", assumed, re.M)
        assert [once, monthly] == found, provider


def test_every_right_that_is_asked_for_on_kubernetes_is_documented() -> None:
    text = DOCUMENT.read_text()
    (rules,) = re.findall(r"```yaml\n(rules:.*?)```", text, re.S)
    documented = {
        (verb, group, resource)
        for rule in yaml.safe_load(rules)["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert set(RIGHTS) <= documented
