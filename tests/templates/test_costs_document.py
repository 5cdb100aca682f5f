"""The costs in the templates' metadata beside those that were measured."""

import re

import nbformat
import pytest

from bench.costs import NEAR, PATH
from jupyterlab_seasonal_monitor.templates import template_ids, template_path

#: Its processor time is that of a service which starts, not of a request's pixels.
SERVICE = "statistics-service"


def measured() -> dict[str, list[str]]:
    """Read the rows of the document by template."""
    lines = PATH.read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {row[0]: row for row in rows if row[0] in template_ids()}


def test_every_template_was_measured() -> None:
    assert sorted(measured()) == sorted(template_ids())


@pytest.mark.parametrize("template", [one for one in template_ids() if one != SERVICE])
def test_the_cost_of_a_template_is_near_what_was_measured(template: str) -> None:
    times = re.search(r"\((.+) times\)", measured()[template][-1])
    assert times is not None
    assert NEAR[0] <= float(times[1]) <= NEAR[1]


@pytest.mark.parametrize("template", template_ids())
def test_the_document_tells_the_cost_that_the_template_states(template: str) -> None:
    cost = nbformat.read(template_path(template), as_version=4).metadata["seasonal_monitor"]["cost"]
    stated = cost["seconds_per_pixel_step"]
    if isinstance(stated, str):
        pytest.skip("its cost is a formula of the parameters")
    assert measured()[template][8] == f"{stated:.1e}"
