"""What the form of the rainfall template refuses and offers, and where templates are found."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest
from template_notebook import read_template, run_cells

from jupyterlab_seasonal_monitor.templates import template_ids, template_path

NOTEBOOK = read_template()
METADATA = NOTEBOOK.metadata["seasonal_monitor"]
SCHEMA = METADATA["parameters"]
PROPERTIES = SCHEMA["properties"]


class TestParameters:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("start", "202400d1"),
            ("end", "202401d4"),
            ("area", [1, 2, 3]),
            ("n_dekads", 2),
            ("min_valid", 0),
            ("offset_mm", -1),
            ("chunk_px", 0),
        ],
    )
    def test_should_have_a_schema_that_refuses_what_the_notebook_refuses(self, name, value):
        values = {key: entry["default"] for key, entry in PROPERTIES.items()} | {name: value}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values, SCHEMA)

    def test_should_offer_the_accumulations_that_the_notebook_knows(self):
        codes = run_cells("checks", dry_run=True)["codes"]
        choices = {choice["const"]: choice["title"] for choice in PROPERTIES["n_dekads"]["oneOf"]}
        assert list(choices) == list(codes)
        for dekads, title in choices.items():
            assert f"({codes[dekads]}q)" in title
            assert f"{codes[dekads]}q_dekad" in METADATA["products"]


class TestCommand:
    def test_should_print_where_a_template_is(self):
        module = [sys.executable, "-m", "jupyterlab_seasonal_monitor.templates"]
        found = subprocess.run([*module, "rainfall-anomaly"], capture_output=True, text=True)
        assert found.stdout.strip() == str(template_path("rainfall-anomaly"))
        listed = subprocess.run(module, capture_output=True, text=True)
        assert listed.stdout.split() == template_ids()
        unknown = subprocess.run([*module, "nothing"], capture_output=True, text=True)
        assert unknown.returncode == 1
        listing = ", ".join(template_ids())
        assert unknown.stderr == f"No template 'nothing'; there is {listing}.\n"
