"""The notebook as a document: what the form, papermill and a reader rely on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter

import jsonschema
import nbformat
import papermill
import pytest
from packaging.requirements import Requirement
from template_notebook import parameters_cell, read_template, run_cells

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe
from jupyterlab_seasonal_monitor.templates import template_ids, template_path

NOTEBOOK = read_template()
METADATA = NOTEBOOK.metadata["seasonal_monitor"]
SCHEMA = METADATA["parameters"]
PROPERTIES = SCHEMA["properties"]


def declared() -> dict[str, tuple[str, object]]:
    """Name, type and value of each line of the parameters cell."""
    body = ast.parse(parameters_cell(NOTEBOOK).source).body
    assert all(isinstance(line, ast.AnnAssign) for line in body)
    return {
        line.target.id: (ast.unparse(line.annotation), ast.literal_eval(line.value))
        for line in body
    }


class TestNotebook:
    def test_should_be_valid_nbformat_4_5(self):
        nbformat.validate(NOTEBOOK)
        assert (NOTEBOOK.nbformat, NOTEBOOK.nbformat_minor) == (4, 5)

    def test_should_have_cell_ids_that_are_unique_words(self):
        ids = Counter(cell.id for cell in NOTEBOOK.cells)
        assert ids.most_common(1)[0][1] == 1
        assert all(re.fullmatch(r"[a-z][a-z-]*", cell_id) for cell_id in ids)

    def test_should_have_no_outputs(self):
        for cell in NOTEBOOK.cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None

    def test_should_have_short_cells(self):
        longest = max(NOTEBOOK.cells, key=lambda cell: cell.source.count("\n"))
        assert longest.source.count("\n") < 60, longest.id

    def test_should_not_import_this_project(self):
        assert not any(
            "import jupyterlab_seasonal_monitor" in cell.source for cell in NOTEBOOK.cells
        )


class TestParameters:
    def test_should_agree_with_the_schema_in_names_order_and_defaults(self):
        lines = declared()
        # Notebook tools sort an object's keys when they save, but keep lists as they are.
        assert list(lines) == SCHEMA["required"]
        assert set(lines) == set(PROPERTIES)
        for name, (_, value) in lines.items():
            assert value == PROPERTIES[name]["default"], name
            assert type(value) is type(PROPERTIES[name]["default"]), name

    def test_should_agree_with_the_schema_in_types(self):
        types = {
            "str": "string",
            "int": "integer",
            "float": "number",
            "bool": "boolean",
            "list": "array",
        }
        for name, (annotation, _) in declared().items():
            assert PROPERTIES[name]["type"] == types[annotation], name

    def test_should_be_understood_by_papermill(self):
        inspected = papermill.inspect_notebook(template_path("rainfall-anomaly"))
        assert list(inspected) == SCHEMA["required"]
        for name, parameter in inspected.items():
            assert parameter["help"], name
            assert ast.literal_eval(parameter["default"]) == PROPERTIES[name]["default"], name

    def test_should_have_defaults_that_the_schema_allows(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        jsonschema.validate({name: entry["default"] for name, entry in PROPERTIES.items()}, SCHEMA)

    @pytest.mark.parametrize("name", PROPERTIES)
    def test_should_have_a_title_and_a_sentence(self, name):
        assert PROPERTIES[name]["title"]
        assert PROPERTIES[name]["description"].endswith(".")

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

    def test_should_fit_the_sample_data(self):
        sample = Recipe()
        assert PROPERTIES["area"]["default"] == sample.bbox
        assert sample.first_year <= PROPERTIES["baseline_start"]["default"]
        assert PROPERTIES["baseline_end"]["default"] <= sample.last_year
        assert int(PROPERTIES["end"]["default"][:4]) <= sample.last_year


class TestMetadata:
    def test_should_describe_the_template(self):
        assert METADATA["id"] == "rainfall-anomaly"
        assert METADATA["title"] == "Rainfall anomaly"
        assert METADATA["task"] == "periodic-production"
        assert re.fullmatch(r"\d+\.\d+\.\d+", METADATA["version"])
        assert 2 <= METADATA["description"].count(".") <= 3
        assert all(METADATA[field] for field in ("tags", "products", "references"))
        assert METADATA["cost"].keys() == {"bytes_per_pixel_step", "seconds_per_pixel_step"}

    def test_should_require_what_the_notebook_checks_for(self):
        required = {Requirement(text).name for text in METADATA["requires"]}
        assert required == set(run_cells("packages")["packages"].split())


class TestCommand:
    def test_should_print_where_a_template_is(self):
        module = [sys.executable, "-m", "jupyterlab_seasonal_monitor.templates"]
        found = subprocess.run([*module, "rainfall-anomaly"], capture_output=True, text=True)
        assert found.stdout.strip() == str(template_path("rainfall-anomaly"))
        listed = subprocess.run(module, capture_output=True, text=True)
        assert listed.stdout.split() == template_ids()
        unknown = subprocess.run([*module, "nothing"], capture_output=True, text=True)
        assert unknown.returncode == 1
        assert unknown.stderr == "No template 'nothing'; there is rainfall-anomaly.\n"
