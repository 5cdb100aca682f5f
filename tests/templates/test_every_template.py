"""What the form, papermill, the gallery and a reader rely on, of every bundled template."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Any

import jsonschema
import nbformat
import numpy as np
import papermill
import pytest
from packaging.requirements import Requirement
from template_notebook import parameters_cell, read_template, run_cells

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe
from jupyterlab_seasonal_monitor.sample_data.products import PRODUCTS
from jupyterlab_seasonal_monitor.templates import template_ids, template_path
from seasonal_monitor.advisor import duration
from seasonal_monitor.cost_model import read_cost_model, workload

TASKS = {"periodic-production", "ad-hoc-statistics", "interactive", "workshop"}
LIBRARY = "jupyterlab-seasonal-monitor"


@pytest.fixture(params=template_ids())
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return read_template(request.param)


@pytest.fixture
def metadata(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    return notebook.metadata["seasonal_monitor"]


@pytest.fixture
def properties(metadata: dict[str, Any]) -> dict[str, Any]:
    return metadata["parameters"]["properties"]


def declared(notebook: nbformat.NotebookNode) -> dict[str, tuple[str, object]]:
    """Name, type and value of each line of the parameters cell."""
    body = ast.parse(parameters_cell(notebook).source).body
    assert all(isinstance(line, ast.AnnAssign) for line in body)
    return {
        line.target.id: (ast.unparse(line.annotation), ast.literal_eval(line.value))
        for line in body
    }


class TestNotebook:
    def test_should_be_valid_nbformat_4_5(self, notebook):
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)

    def test_should_have_cell_ids_that_are_unique_words(self, notebook):
        ids = Counter(cell.id for cell in notebook.cells)
        assert ids.most_common(1)[0][1] == 1
        assert all(re.fullmatch(r"[a-z][a-z-]*", cell_id) for cell_id in ids)

    def test_should_have_no_outputs(self, notebook):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                assert cell.outputs == []
                assert cell.execution_count is None

    def test_should_have_short_cells(self, notebook):
        longest = max(notebook.cells, key=lambda cell: cell.source.count("\n"))
        assert longest.source.count("\n") < 60, longest.id

    def test_should_not_import_the_extension(self, notebook):
        assert not any(
            "import jupyterlab_seasonal_monitor" in cell.source for cell in notebook.cells
        )

    def test_should_draw_a_map_and_a_series_and_end_with_a_check(self, notebook):
        ids = [cell.id for cell in notebook.cells]
        assert ids.index("parameters") < ids.index("compute") < ids.index("map")
        assert ids.index("map") < ids.index("series")
        assert ids[-1] == "plausible"


class TestParameters:
    def test_should_agree_with_the_schema_in_names_order_types_and_defaults(
        self, notebook, metadata, properties
    ):
        types = {
            "str": "string",
            "int": "integer",
            "float": "number",
            "bool": "boolean",
            "list": "array",
        }
        lines = declared(notebook)
        # Notebook tools sort an object's keys when they save, but keep lists as they are.
        assert list(lines) == metadata["parameters"]["required"]
        assert set(lines) == set(properties)
        for name, (annotation, value) in lines.items():
            assert value == properties[name]["default"], name
            assert type(value) is type(properties[name]["default"]), name
            assert properties[name]["type"] == types[annotation], name

    def test_should_be_understood_by_papermill(self, metadata, properties):
        inspected = papermill.inspect_notebook(template_path(metadata["id"]))
        assert list(inspected) == metadata["parameters"]["required"]
        for name, parameter in inspected.items():
            assert parameter["help"], name
            assert ast.literal_eval(parameter["default"]) == properties[name]["default"], name

    def test_should_have_defaults_that_the_schema_allows(self, metadata, properties):
        schema = metadata["parameters"]
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.validate({name: entry["default"] for name, entry in properties.items()}, schema)

    def test_should_have_a_title_and_a_sentence(self, properties):
        for name, entry in properties.items():
            assert entry["title"], name
            assert entry["description"].endswith("."), name

    def test_should_suggest_collections_and_what_they_hold(self, properties):
        assert len(properties["collection"]["examples"]) > 1
        for name, entry in properties.items():
            examples = entry.get("examples", [])
            if name.endswith(("collection", "band")) and examples:
                assert len(set(examples)) == len(examples) > 1, name
                assert all(isinstance(example, str) for example in examples), name
                assert examples[0] == entry["default"], name

    def test_should_fit_the_sample_data(self, properties):
        sample = Recipe(products=tuple(PRODUCTS))
        known = {
            product.collection: ([band.name for band in product.bands], slots[0].year)
            for product, slots in sample.contents.items()
        }
        own = properties["collection"]
        for name in properties:
            if name.endswith("band"):
                place = properties.get(f"{name.removesuffix('band')}collection", own)
                bands, _ = known[place["default"]]
                assert properties[name]["default"] in bands, name
        _, first_year = known[properties["collection"]["default"]]
        if "area" in properties:
            product = PRODUCTS[own["default"]]
            boxes = [
                product.grid(sample.size, slot, product.bands[0]).bbox
                for slot in sample.contents[product][:2]
            ]
            reach = [*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:]]
            np.testing.assert_allclose(properties["area"]["default"], reach, atol=2e-3)
        for name in ("baseline_start", "first_year", "start"):
            if name in properties:
                assert int(str(properties[name]["default"])[:4]) >= first_year, name
        for name in ("baseline_end", "last_year", "end"):
            if name in properties:
                assert int(str(properties[name]["default"])[:4]) <= sample.last_year, name


class TestMetadata:
    def test_should_describe_the_template(self, metadata):
        assert metadata["id"] in template_ids()
        assert metadata["task"] in TASKS
        assert re.fullmatch(r"\d+\.\d+\.\d+", metadata["version"])
        assert 2 <= metadata["description"].count(".") <= 4
        assert all(metadata[field] for field in ("tags", "products", "references"))

    def test_should_say_how_its_work_follows_from_its_parameters(self, metadata, properties):
        model = read_cost_model(metadata["cost"], properties)
        defaults = {name: entry["default"] for name, entry in properties.items()}
        work = workload(model, defaults, square_km=1e6)
        assert work.dates >= 1
        side = defaults[model.chunk] if model.chunk else 100
        assert 0 < duration(work, side, 2) < 3600, "the sample data take no hour"

    def test_should_require_what_the_notebook_checks_for(self, metadata):
        required = {Requirement(text).name for text in metadata["requires"]} - {LIBRARY}
        assert required == set(run_cells("packages", metadata["id"])["packages"].split())
