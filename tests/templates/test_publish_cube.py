"""Publishing on a real cluster: what is written, and what a second run does not do again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from template_notebook import printed, run_cells, run_unattended
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "publish-cube"
AREA = [35.2, 4.4, 36.4, 5.6]
WINDOW = np.s_[8:32, 4:28]
GOOD = {
    "area": AREA,
    "start": "201303d1",
    "end": "201303d3",
    "product": "rain_dekad",
    "formats": ["cog", "zarr"],
    "stored": "int16",
    "scale": 0.1,
    "chunk_px": 16,
}


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, **GOOD)


def source(archive: Path, label: str) -> np.ndarray:
    return read_tiff(archive / f"rfh_dekad/2013/rfh_2013{label}.tif")[WINDOW]


def written(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("rfh")
    assert "3 of 3 dekads are to be published." in run.printed("missing")


def test_should_publish_what_the_archive_holds(run: Run, products: Path):
    catalog = json.loads((run.output / "catalog.json").read_text())
    assert "./rain_dekad/collection.json" in [link["href"] for link in catalog["links"]]
    assert (run.output / "rain_dekad.odc-product.yaml").exists()
    store = run.zarr("rain_dekad")["rfh"]
    for place, label in enumerate(("03d1", "03d2", "03d3")):
        expected = source(products, label)
        name = f"rain_dekad/2013/rain_dekad_2013{label}"
        assert (run.output / f"{name}.odc-metadata.yaml").exists()
        np.testing.assert_allclose(run.tiff(f"{name}_rfh"), expected, atol=0.051)
        np.testing.assert_allclose(store[place], expected, atol=1e-4)


def test_a_second_run_does_nothing_and_a_later_one_only_the_new_dekad(run: Run, products: Path):
    before = written(run.output)
    again = {**GOOD, "catalog": str(products / "catalog.json"), "output": str(run.output)}
    state = run_cells("plausible", NAME, **again)
    assert state["values"] is None
    assert state["result"] is None
    assert written(run.output) == before
    later = run_cells("plausible", NAME, **{**again, "end": "201304d1"})
    assert later["result"].sizes["time"] == 1
    changed = {path for path, moment in written(run.output).items() if before.get(path) != moment}
    assert {path for path in changed if path.endswith(".tif")} == {
        str(run.output / "rain_dekad/2013/rain_dekad_201304d1_rfh.tif")
    }
    with xr.open_zarr(run.output / "rain_dekad.zarr", consolidated=False) as store:
        assert store.sizes["time"] == 4
        np.testing.assert_allclose(store["rfh"][3], source(products, "04d1"), atol=1e-4)


def test_after_a_failure_the_next_run_does_the_rest(products: Path, tmp_path: Path):
    given = {**GOOD, "formats": ["cog"], "catalog": str(products / "catalog.json")}
    run_cells("write", NAME, **given, output=str(tmp_path / "shelf"))
    middle = next(tmp_path.glob("shelf/rain_dekad/2013/*201303d2.json"))
    middle.unlink()  # as if the writer had died before it listed this dekad
    before = written(tmp_path)
    notebook = run_unattended(tmp_path, NAME, **given, output="shelf")
    assert "1 of 3 dekads are to be published." in printed(notebook, "missing")
    assert "All is plausible" in printed(notebook, "plausible")
    assert middle.exists()
    changed = [
        path for path, moment in written(tmp_path / "shelf").items() if before.get(path) != moment
    ]
    assert changed == [str(middle)]  # the raster was the same, so it was left alone


def test_should_publish_a_store_of_another_template(products: Path, tmp_path: Path):
    made = run_cells(
        "write",
        "vegetation-condition",
        catalog=str(products / "catalog.json"),
        area=AREA,
        start="201303d1",
        end="201303d3",
        baseline_start=2003,
        baseline_end=2012,
        output=str(tmp_path / "vci"),
    )["result"]["vci"]
    shown = run_cells(
        "plausible",
        NAME,
        catalog=str(tmp_path / "vci/vci_201303d1_201303d3.zarr"),
        collection="any",
        band="vci",
        area=AREA,
        start="201303d1",
        end="201303d3",
        product="vci_dekad",
        output=str(tmp_path / "shelf"),
    )["shown"]
    np.testing.assert_allclose(shown, made, rtol=1e-6)


@pytest.mark.parametrize(
    ("last", "bad", "words"),
    [
        ("checks", {"formats": []}, r"^formats: \[\] is not known"),
        ("checks", {"stored": "int8"}, "^stored: 'int8' is not known"),
        ("checks", {"scale": 0.0}, "^scale: 0 is no scale"),
        ("checks", {"existing": "both"}, "^existing: 'both' is not known"),
        ("checks", {"formats": ["zarr"], "cube": "default"}, "^cube: it lists COG files"),
        ("load", {"end": "201401d1"}, "^end: the archive ends with 201312d3"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, tmp_path: Path, last, bad, words: str):
    output = str(tmp_path / "out")
    good = {"catalog": str(products / "catalog.json"), "output": output, **GOOD}
    refuse(NAME, last, words, **{**good, **bad})


def test_should_refuse_values_that_the_type_cannot_hold(products: Path, tmp_path: Path):
    good = {"catalog": str(products / "catalog.json"), "output": str(tmp_path / "out"), **GOOD}
    refuse(NAME, "write", "^stored: rfh reaches from .* cannot hold", **{**good, "scale": 1e-4})
    assert not list((tmp_path / "out").rglob("*.json"))
