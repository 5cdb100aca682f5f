"""The template's numbers, files and graph, against a plain computation on the same files."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import dask
import numpy as np
import pytest
import rasterio
import xarray as xr
from distributed import LocalCluster
from plain_anomaly import PlainAnomaly, Question
from stac_server import serving
from template_notebook import Namespace, printed, run_cells, run_unattended

from seasonal_monitor.errors import OutputError

# Whole notebooks on real processes: slow where many tests share few cores.
pytestmark = pytest.mark.timeout(300)

# float32 arithmetic on stored tenths of a millimetre: 7 digits, of which sums and
# differences of 12 years leave about 5.
TOLERANCE = {"rtol": 2e-5, "atol": 2e-4}

AREA = (35.25, 3.9, 37.0, 5.75)
SEASON = Question(AREA, "201303d2", "201305d1", 2001, 2012)


@dataclass
class Run:
    folder: Path
    notebook: object
    tasks_on_cluster: set[str]

    @property
    def output(self) -> Path:
        return self.folder / "rainfall-anomaly"


@pytest.fixture(scope="module")
def unattended(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The whole notebook, run by papermill on a real cluster."""
    folder = tmp_path_factory.mktemp("unattended")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
            notebook = run_unattended(
                folder, catalog=str(archive / "catalog.json"), chunk_px=16, **SEASON.parameters
            )
        tasks = set(cluster.scheduler.task_prefixes)
    return Run(folder, notebook, tasks)


def compute(
    archive: Path, question: Question, last_cell: str = "compute", **others: object
) -> Namespace:
    """Run the template's cells in this process, without a cluster."""
    catalog = str(archive / "catalog.json")
    return run_cells(
        last_cell,
        **{"catalog": catalog, "dry_run": True, "chunk_px": 16, **question.parameters, **others},
    )


def assert_same(
    result: xr.Dataset, archive: Path, question: Question, labels: tuple[str, ...] = ()
) -> None:
    plain = PlainAnomaly(archive, question)
    assert result.sizes["time"] == len(question.labels)
    for index, label in enumerate(question.labels):
        if labels and label not in labels:
            continue
        expected = plain.dekad(label)
        for name in ("rain", "average", "percent", "standardised"):
            np.testing.assert_allclose(
                result[name].isel(time=index),
                expected[name],
                **TOLERANCE,
                err_msg=f"{name} {label}",
            )


def ended_process() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def read_tiff(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        values = raster.read(1)
        return np.where(values == raster.nodata, np.nan, values)


class TestUnattended:
    def test_should_run_to_its_last_cell_on_the_cluster(self, unattended: Run):
        assert "tcp://127.0.0.1" in printed(unattended.notebook, "connect")
        assert "2 workers, 2 threads" in printed(unattended.notebook, "connect")
        assert "anomalies" in unattended.tasks_on_cluster
        assert "All is plausible" in printed(unattended.notebook, "plausible")

    @pytest.mark.parametrize(("letter", "name"), [("q", "percent"), ("z", "standardised")])
    def test_should_write_the_plainly_computed_numbers(self, archive, unattended, letter, name):
        plain = PlainAnomaly(archive, SEASON)
        for label in SEASON.labels:
            written = read_tiff(unattended.output / f"rf{letter}_{label}.tif")
            np.testing.assert_allclose(written, plain.dekad(label)[name], **TOLERANCE)

    def test_should_have_met_an_ocean_and_passing_gaps(self, archive: Path):
        plain = PlainAnomaly(archive, SEASON)
        dekads = [plain.dekad(label) for label in SEASON.labels]
        ocean = np.logical_and.reduce([dekad["counts"] == 0 for dekad in dekads])
        partly = [(dekad["counts"] > 0) & (dekad["counts"] < 12) for dekad in dekads]
        assert ocean.any()
        assert not ocean.all()
        assert np.any(partly)

    def test_should_write_cloud_optimized_files_where_the_area_is(self, unattended: Run):
        for letter, unit in (("q", "%"), ("z", "1")):
            with rasterio.open(unattended.output / f"rf{letter}_201304d1.tif") as raster:
                assert raster.nodata == -9999
                assert raster.dtypes == ("float32",)
                assert raster.profile["tiled"]
                assert raster.units == (unit,)
                assert raster.crs.to_epsg() == 4326
                assert list(raster.bounds) == pytest.approx(AREA)

    def test_should_hold_the_same_in_zarr_and_cog(self, unattended: Run):
        path = unattended.output / "rf_anomaly_201303d2_201305d1.zarr"
        with xr.open_zarr(path, consolidated=False) as store:
            assert store["percent"].attrs["units"] == "%"
            assert store["rain"].attrs["units"] == "mm"
            for index, label in enumerate(SEASON.labels):
                assert store.time.dt.strftime("%Y%m").values[index] == label[:6]
                for letter, name in (("q", "percent"), ("z", "standardised")):
                    tiff = read_tiff(unattended.output / f"rf{letter}_{label}.tif")
                    np.testing.assert_array_equal(store[name].isel(time=index), tiff)

    def test_should_draw_a_map_and_a_time_series(self, unattended: Run):
        for cell in unattended.notebook.cells:
            if cell.id in ("map", "series"):
                assert any("image/png" in output.get("data", {}) for output in cell.outputs)

    def test_should_write_the_same_bytes_again_and_clear_what_was_left(
        self, archive: Path, unattended: Run
    ):
        def contents() -> dict[str, bytes]:
            files = [path for path in unattended.output.rglob("*") if path.is_file()]
            return {str(path.relative_to(unattended.output)): path.read_bytes() for path in files}

        before = contents()
        assert not [name for name in before if name.startswith(".")]
        writer = f"{socket.gethostname()}-{ended_process()}"
        (unattended.output / f".rfq_201304d1.tif.{writer}.partial").write_bytes(b"II*")
        torn = unattended.output / f".rf_anomaly_201303d2_201305d1.zarr.{writer}.partial"
        (torn / "percent").mkdir(parents=True)
        (torn / "percent" / "zarr.json").write_text("{")
        compute(archive, SEASON, "plausible", dry_run=False, output=str(unattended.output))
        assert contents() == before


class TestNumbers:
    def test_should_add_up_dekads_across_the_turn_of_the_year(self, archive: Path):
        # 2001 cannot be complete in January: the archive begins with it.
        question = Question(AREA, "201212d3", "201302d1", 2001, 2012, n_dekads=3)
        assert_same(compute(archive, question)["result"], archive, question)

    def test_should_add_up_a_year_where_the_archive_does_not_reach_back_that_far(
        self, archive: Path
    ):
        question = Question(AREA, "201301d1", "201312d3", 2001, 2012, n_dekads=36)
        result = compute(archive, question)["result"]
        assert_same(result, archive, question, labels=("201301d1", "201312d3"))

    def test_should_follow_the_rule_on_years_without_data(self, archive: Path):
        loose = Question(AREA, "201304d1", "201304d3", 2001, 2012, min_valid=0.5)
        strict = Question(AREA, "201304d1", "201304d3", 2001, 2012, min_valid=1.0)
        results = {}
        for question in (loose, strict):
            results[question] = compute(archive, question)["result"]
            assert_same(results[question], archive, question)
        assert results[loose]["average"].count() > results[strict]["average"].count() > 0

    def test_should_have_no_standardised_value_where_it_never_rained(self, archive: Path):
        question = Question(AREA, "201307d1", "201308d3", 2001, 2004)
        result = compute(archive, question)["result"]
        assert_same(result, archive, question)
        dry = (result["average"] == 0) & result["rain"].notnull()
        assert dry.any()
        assert result["standardised"].where(dry).isnull().all()
        assert (result["percent"] >= 100).where(dry, True).all()

    def test_should_give_the_plain_percent_with_no_offset(self, archive: Path):
        question = Question(AREA, "201304d1", "201304d1", 2001, 2012, offset_mm=0.0)
        result = compute(archive, question)["result"]
        assert_same(result, archive, question)
        ratio = 100 * result["rain"] / result["average"]
        np.testing.assert_allclose(result["percent"], ratio, rtol=1e-5)

    def test_should_not_depend_on_the_chunks(self, archive: Path):
        small = compute(archive, SEASON, chunk_px=16)["result"]
        whole = compute(archive, SEASON, chunk_px=4096)["result"]
        xr.testing.assert_identical(small, whole)

    def test_should_write_nothing_in_a_dry_run(self, archive: Path, tmp_path: Path):
        output = tmp_path / "results"
        compute(archive, SEASON, "plausible", dry_run=True, output=str(output))
        assert not output.exists()


class TestWriting:
    def test_should_keep_the_old_results_when_the_disk_is_full(
        self, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        question = Question(AREA, "201304d1", "201304d1", 2008, 2012)
        names = compute(archive, question, "write", dry_run=False, output=str(tmp_path))
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        assert len(before) == 3

        def fill(target: Path, content: bytes) -> None:
            with target.open("wb") as stream:
                stream.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

        monkeypatch.setattr(Path, "write_bytes", fill)
        with pytest.raises(OutputError, match=r"^output: .* No space left on device\. Free some"):
            names["results"].rasters(names["result"]["percent"], "rfq")
        assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


class TestGraph:
    # 12 baseline years x 3 dekads = 36 files, as in the measurement that set the bound.
    QUESTION = Question((35.0, 3.6, 37.4, 6.0), "200104d1", "200104d3", 2001, 2012)

    def test_should_need_20_tasks_a_chunk_from_files_to_percent(self, archive: Path):
        plan = compute(archive, self.QUESTION, "anomalies", chunk_px=24)["plan"]
        assert plan["percent"].data.numblocks == (1, 2, 2)
        (percent,) = dask.optimize(plan["percent"])
        assert len(dict(percent.__dask_graph__())) <= 20 * 4

    def test_should_grow_by_few_tasks_a_chunk(self, archive: Path):
        def tasks(chunk_px: int) -> int:
            (plan,) = dask.optimize(
                compute(archive, self.QUESTION, "anomalies", chunk_px=chunk_px)["plan"]
            )
            return len(dict(plan.__dask_graph__()))

        assert tasks(16) - tasks(24) <= 10 * (9 - 4)

    def test_should_look_for_the_needed_dekads_only(self, archive: Path):
        rain = compute(archive, self.QUESTION, "load")["rain"]
        assert rain.sizes["time"] == 36
        assert set(rain["time"].dt.month.values) == {4}


class TestApi:
    def test_should_search_an_api_and_read_its_files_by_ranges(self, archive: Path, tmp_path: Path):
        question = Question(AREA, "201304d2", "201304d2", 2008, 2012)
        with serving(archive) as api:
            notebook = run_unattended(tmp_path, catalog=f"{api.address}/", **question.parameters)
        assert "in this notebook's process" in printed(notebook, "connect")
        (search,) = api.searches
        assert search["collections"] == ["rfh_dekad"]
        assert search["datetime"] == "2008-04-11T00:00:00Z/2013-04-20T23:59:59Z"
        assert tuple(search["bbox"]) == AREA
        assert api.ranges >= 6
        expected = PlainAnomaly(archive, question).dekad("201304d2")
        written = read_tiff(tmp_path / "rainfall-anomaly/rfq_201304d2.tif")
        np.testing.assert_allclose(written, expected["percent"], **TOLERANCE)
