"""The table of districts against shares of pixels that shapely cuts, on the same files."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "zonal-timeseries"
PERIOD = {"start": "201304d1", "end": "201304d3", "baseline_start": 2001, "baseline_end": 2012}
TABLE = "rfh_dekad_201304d1_201304d3"


@pytest.fixture(scope="module")
def run(runner: Runner, products: Path) -> Run:
    zones = str(products / "zones.geojson")
    statistics = ["min", "max", "median"]
    return runner.run(NAME, zones=zones, chunk_px=16, table="both", statistics=statistics, **PERIOD)


@pytest.fixture(scope="module")
def table(run: Run) -> pd.DataFrame:
    return pd.read_csv(run.output / f"{TABLE}.csv", parse_dates=["date"])


@pytest.fixture(scope="module")
def shares(products: Path) -> dict[str, np.ndarray]:
    """How much of each of the 48 x 48 pixels each district covers."""
    edge = np.arange(48) * 0.05
    west, north = np.meshgrid(35.0 + edge, 6.0 - edge)
    pixels = shapely.box(west, north - 0.05, west + 0.05, north)
    zones = geopandas.read_file(products / "zones.geojson")
    return {
        code: shapely.area(shapely.intersection(pixels, polygon)) / 0.05**2
        for code, polygon in zip(zones["PCODE"], zones.geometry, strict=True)
    }


def mean(archive: Path, label: str, share: np.ndarray) -> float:
    rain = read_tiff(archive / f"rfh_dekad/{label[:4]}/rfh_{label}.tif")
    weight = np.where(np.isfinite(rain), share, 0)
    return float(np.nansum(rain * weight) / weight.sum())


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("combine")


def test_should_have_the_columns_of_hdx_and_a_row_for_each_dekad_and_district(
    table: pd.DataFrame, shares: dict[str, np.ndarray]
):
    assert list(table.columns) == [
        *("date", "adm_level", "adm_id", "PCODE", "n_pixels", "rfh", "rfh_avg", "rfq"),
        *("rfh_min", "rfh_max", "rfh_median", "version"),
    ]
    assert len(table) == 3 * len(shares)
    assert list(table["date"].drop_duplicates().dt.day) == [1, 11, 21]


@pytest.mark.parametrize("dekad", [1, 3])
def test_should_hold_means_averages_and_percentages(
    table: pd.DataFrame, shares: dict[str, np.ndarray], products: Path, dekad: int
):
    rows = table[table["date"].dt.day == dekad * 10 - 9].set_index("PCODE")
    assert set(rows.index) == set(shares)
    for code, share in shares.items():
        row = rows.loc[code]
        now = mean(products, f"201304d{dekad}", share)
        past = [mean(products, f"{year}04d{dekad}", share) for year in range(2001, 2013)]
        assert row["rfh"] == pytest.approx(now, rel=1e-4)
        assert row["rfh_avg"] == pytest.approx(np.mean(past), rel=1e-4)
        assert row["rfq"] == pytest.approx(100 * (now + 5) / (np.mean(past) + 5), rel=1e-4)


def test_should_count_pixels_and_find_extremes(
    table: pd.DataFrame, shares: dict[str, np.ndarray], products: Path
):
    rain = read_tiff(products / "rfh_dekad/2013/rfh_201304d2.tif")
    rows = table[table["date"].dt.day == 11].set_index("PCODE")
    for code, share in shares.items():
        inside = np.isfinite(rain) & (share > 1e-9)
        assert rows.loc[code, "n_pixels"] == pytest.approx(share[np.isfinite(rain)].sum(), rel=1e-4)
        assert rows.loc[code, "rfh_min"] == pytest.approx(rain[inside].min(), abs=1e-4)
        assert rows.loc[code, "rfh_max"] == pytest.approx(rain[inside].max(), abs=1e-4)


def test_should_write_the_same_as_parquet(run: Run, table: pd.DataFrame):
    stored = pd.read_parquet(run.output / f"{TABLE}.parquet")
    pd.testing.assert_frame_equal(stored, table, check_dtype=False)


def test_should_work_with_vegetation_and_names_of_ones_own(products: Path, tmp_path: Path):
    zones = geopandas.read_file(products / "zones.geojson")[["name", "geometry"]].iloc[:2]
    zones.to_file(tmp_path / "two.gpkg")
    result = run_cells(
        "plausible",
        NAME,
        catalog=str(products / "catalog.json"),
        zones=str(tmp_path / "two.gpkg"),
        id_column="name",
        collection="mxd13a2_vim_dekad",
        band="vim",
        offset=0.0,
        dry_run=True,
        **{**PERIOD, "baseline_start": 2003},
    )["result"]
    assert list(result["PCODE"].unique()) == ["District 1", "District 2"]
    np.testing.assert_allclose(result["viq"], 100 * result["vim"] / result["vim_avg"])


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201305d1"}, "^start: 201305d1 is after the end"),
        ({"end": "201401d1"}, "^end: the archive lacks .*; of these dekads its last is 201312d3"),
        (
            {"baseline_start": 1991},
            "^baseline_start: the first year that the archive has of these dekads is 2001",
        ),
        ({"baseline_end": 2002, "baseline_start": 2002}, "^baseline_start: .* is not 2 years"),
        ({"offset": -1.0}, "^offset: -1.0 is negative"),
        ({"statistics": ["mode"]}, r"^statistics: \['mode'\] is not known"),
        ({"min_coverage": 2.0}, "^min_coverage: 2.0 is no share"),
        ({"table": "xlsx"}, "^table: 'xlsx' is not known"),
        ({"zones": "nowhere.geojson"}, "^zones: nowhere.geojson cannot be read as polygons"),
        ({"id_column": "code"}, "^id_column: there is no column 'code'. Use one of PCODE, name"),
        ({"id_column": "adm_level"}, "^id_column: .* polygons share a name with another"),
        ({"band": "rain"}, "^band: no 'rain' in rfh_.*, only rfh"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {
        "catalog": str(products / "catalog.json"),
        "zones": str(products / "zones.geojson"),
        "dry_run": True,
        **PERIOD,
    }
    refuse(NAME, "statistics", words, **{**good, **bad})


def move(archive: Path, target: Path, districts: slice) -> dict[str, object]:
    """Parameters with some districts 8 degrees east of where they are, beside the data."""
    zones = json.loads((archive / "zones.geojson").read_text())
    for feature in zones["features"][districts]:
        for ring in feature["geometry"]["coordinates"]:
            ring[:] = [[x + 8, y] for x, y in ring]
    target.write_text(json.dumps(zones))
    return {"catalog": str(archive / "catalog.json"), "zones": str(target), "dry_run": True}


def test_should_refuse_districts_beside_the_data(products: Path, tmp_path: Path):
    parameters = move(products, tmp_path / "moved.geojson", slice(None))
    refuse(NAME, "statistics", "^zones: .* is outside the data", **parameters, **PERIOD)


def test_should_name_a_district_without_data(products: Path, tmp_path: Path, capsys):
    parameters = move(products, tmp_path / "moved.geojson", slice(1))
    result = run_cells("plausible", NAME, **parameters, **PERIOD)["result"]
    assert "No data at all, perhaps beside the archive: SM01\n" in capsys.readouterr().out
    assert result["rfh"][result["PCODE"] == "SM01"].isna().all()
    assert result["rfh"][result["PCODE"] != "SM01"].notna().all()
