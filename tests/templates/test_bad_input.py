"""Every bad parameter is refused before anything is computed, by name and in words."""

from __future__ import annotations

import builtins
import importlib.metadata
import json
import shutil
from pathlib import Path

import papermill
import pytest
from distributed import Client, LocalCluster
from template_notebook import read_template, run_cells, run_unattended

from seasonal_monitor.errors import MissingPackageError, SeasonalMonitorError
from seasonal_monitor.notebook import checks

GOOD: dict[str, object] = {
    "area": [35.25, 3.9, 37.0, 5.75],
    "start": "201304d1",
    "end": "201304d2",
    "baseline_start": 2001,
    "baseline_end": 2012,
    "dry_run": True,
}


def refuse(archive: Path, words: str, **bad: object) -> None:
    parameters = {"catalog": str(archive / "catalog.json"), **GOOD, **bad}
    with pytest.raises(ValueError, match=words) as caught:
        run_cells("load", **parameters)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201305d1"}, "^start: 201305d1 is after the end, 201304d2"),
        ({"start": "2013-04-01"}, "^start: '2013-04-01' is not a dekad"),
        ({"start": "201313d1"}, "^start: '201313d1' is not a dekad"),
        ({"end": "201304d4"}, "^end: '201304d4' is not a dekad"),
        ({"start": "200012d3"}, "^start: the archive lacks 200012d3"),
        ({"end": "201401d1"}, "^end: the archive lacks 201401d1; of these dekads its last is"),
        ({"start": "200101d1", "n_dekads": 3}, "^start: the archive lacks 200012d2, 200012d3"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data, "),
        ({"area": [37.0, 3.9, 35.25, 5.75]}, "^area: west .* must be less than east"),
        ({"area": [35.25, 5.75, 37.0, 3.9]}, "^area: south .* must be less than north"),
        ({"area": [35.25, 3.9, 37.0]}, "^area: .* is not an area. Give four numbers"),
        ({"area": ["a", "b", "c", "d"]}, "^area: .* is not an area. Give four numbers"),
        ({"area": [35.0, 3.9, 400.0, 5.75]}, "^area: west .* east"),
        ({"band": "rainfall"}, "^band: no 'rainfall' in .*, only rfh"),
        ({"collection": "rfq"}, "^collection: no items of 'rfq'"),
        ({"catalog": "nowhere/catalog.json"}, "^catalog: .*nowhere/catalog.json cannot be read"),
        (
            {"baseline_start": 1991},
            "^baseline_start: the first year .* dekads is 2001",
        ),
        ({"baseline_end": 2020}, "^baseline_end: the last year .* dekads is 2013"),
        ({"baseline_start": 2012}, "^baseline_start: 2012 to 2012 is not 2 years"),
        ({"baseline_start": 2013}, "^baseline_start: 2013 to 2012 is not 2 years"),
        ({"n_dekads": 2}, "^n_dekads: 2 is not one of 1, 3, 6"),
        ({"offset_mm": -1.0}, "^offset_mm: -1.0 mm is negative"),
        ({"min_valid": 0.0}, "^min_valid: 0.0 is no share"),
        ({"min_valid": 80}, "^min_valid: 80 is no share"),
        ({"chunk_px": 1}, "^chunk_px: 1 pixels are too few"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(archive: Path, bad: dict[str, object], words: str):
    refuse(archive, words, **bad)


def test_should_name_the_output_that_cannot_be_made(archive: Path, tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    refuse(archive, "^output: .* cannot be made", output=str(tmp_path / "file/out"), dry_run=False)


def test_should_refuse_a_catalogue_that_is_not_one(archive: Path, tmp_path: Path):
    (tmp_path / "catalog.json").write_text("<html>Sign in</html>")
    refuse(archive, "^catalog: .* cannot be read", catalog=str(tmp_path / "catalog.json"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nodata": None}, "^band: .* which value means no data"),
        ({"unit": "m"}, "^band: 'rfh' is in m, not in mm"),
    ],
)
def test_should_not_guess_what_the_metadata_leave_out(
    archive: Path, tmp_path: Path, change: dict[str, object], words: str
):
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    for path in copy.glob("rfh_dekad/*/rfh_*.json"):
        item = json.loads(path.read_text())
        band = item["assets"]["rfh"]["raster:bands"][0] | change
        known = {name: value for name, value in band.items() if value is not None}
        item["assets"]["rfh"]["raster:bands"] = [known]
        path.write_text(json.dumps(item))
    listing = copy / "rfh_dekad/collection.json"
    collection = json.loads(listing.read_text())
    del collection["item_assets"]  # what items leave out is taken from here
    listing.write_text(json.dumps(collection))
    refuse(copy, words, catalog=str(copy / "catalog.json"))


def test_should_say_in_an_unattended_run_which_parameter_is_wrong(archive: Path, tmp_path: Path):
    parameters = {"catalog": str(archive / "catalog.json"), **GOOD, "end": "201303d1"}
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        run_unattended(tmp_path, **parameters)
    assert caught.value.ename == "ParameterError"
    assert caught.value.evalue.startswith("start: 201304d1 is after the end")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["executed.ipynb"]


def test_should_give_the_install_line_for_a_missing_package(monkeypatch: pytest.MonkeyPatch):
    real = checks.version

    def without_odc(package: str) -> str:
        if package == "odc-stac":
            raise importlib.metadata.PackageNotFoundError(package)
        return real(package)

    monkeypatch.setattr(checks, "version", without_odc)
    with pytest.raises(ModuleNotFoundError, match=r"lacks odc-stac(.|\n)*pip install odc-stac"):
        run_cells("packages")


def test_should_say_that_an_api_needs_its_client(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without_client(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("pystac_client"):
            raise ModuleNotFoundError(name, name=name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_client)
    with pytest.raises(MissingPackageError, match=r"pystac_client(.|\n)*pip install"):
        run_cells("load", **{**GOOD, "catalog": "http://127.0.0.1:9/"})


class TestConnection:
    def test_should_use_an_open_client_but_refuse_one_whose_cluster_stopped(self, archive: Path):
        parameters = {"catalog": str(archive / "catalog.json"), **GOOD}
        with (
            LocalCluster(
                n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
            ) as cluster,
            Client(cluster) as client,
        ):
            names = run_cells("connect", **parameters)
            assert names["client"] is client
        cell = next(cell for cell in read_template().cells if cell.id == "connect")
        with pytest.raises(SeasonalMonitorError, match="`client` is not connected to a"):
            exec(cell.source, names)

    def test_should_never_start_a_cluster(self, archive: Path):
        names = run_cells("connect", **{"catalog": str(archive / "catalog.json"), **GOOD})
        assert names["client"] is None
