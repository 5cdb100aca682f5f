"""The precipitation index against sums, averages and scipy's gamma distribution on the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats
from template_notebook import measured, run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "spi"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
SEASON = {
    "area": [35.2, 4.4, 36.4, 5.6],
    "start": "201304d1",
    "end": "201305d1",
    "baseline_start": 2001,
    "baseline_end": 2012,
}


def sums(archive: Path, year: int, month: int, dekad: int, n: int) -> np.ndarray:
    """Rain of a dekad and the n - 1 before it, NaN where one is missing."""
    total = np.zeros((24, 24))
    step = year * 36 + (month - 1) * 3 + dekad - 1
    for number in range(step - n + 1, step + 1):
        label = f"{number // 36}{number % 36 // 3 + 1:02}d{number % 3 + 1}"
        path = archive / f"rfh_dekad/{label[:4]}/rfh_{label}.tif"
        total = total + (read_tiff(path)[WINDOW] if path.exists() else np.nan)
    return total


def index(now: float, past: np.ndarray) -> float:
    """The index of one sum: the likelihood's own equation solved, then two distributions."""
    past = past[np.isfinite(past)]
    wet = past[past > 0]
    spread = np.log(wet.mean()) - np.log(wet).mean()
    shape = optimize.brentq(lambda a: np.log(a) - special.digamma(a) - spread, 1e-3, 1e5)
    dry = (past == 0).mean()
    chance = dry + (1 - dry) * stats.gamma.cdf(now, shape, scale=wet.mean() / shape)
    return float(np.clip(stats.norm.ppf(chance), -5, 5))


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("spi")
    (facts,) = measured(run.notebook, "compute")
    assert facts["seconds"] > 0
    assert (facts["workers"], facts["threads"]) == (2, 2)
    assert (facts["height"], facts["width"]) == run.tiff("r3s_201305d1").shape
    names = sorted(path.name for path in run.output.glob("*.tif"))
    assert names == [
        f"r3s_{label}.tif" for label in ("201304d1", "201304d2", "201304d3", "201305d1")
    ]


@pytest.mark.parametrize(("month", "dekad"), [(4, 1), (4, 3), (5, 1)])
def test_should_write_what_scipy_gives(run: Run, products: Path, month: int, dekad: int):
    written = run.tiff(f"r3s_2013{month:02}d{dekad}")
    now = sums(products, 2013, month, dekad, 9)
    past = np.stack([sums(products, year, month, dekad, 9) for year in range(2001, 2013)])
    enough = np.isfinite(past).sum(axis=0) >= 10
    assert (np.isfinite(written) == (enough & np.isfinite(now))).all()
    assert np.isfinite(written).mean() > 0.5
    for row, column in zip(*np.nonzero(np.isfinite(written)), strict=True):
        expected = index(now[row, column], past[:, row, column])
        assert written[row, column] == pytest.approx(expected, abs=2e-3)


def test_should_keep_the_sums_and_their_averages(run: Run, products: Path):
    store = run.zarr("r3s_201304d1_201305d1").sel(time="2013-04-21")
    past = np.stack([sums(products, year, 4, 3, 9) for year in range(2001, 2013)])
    enough = np.isfinite(past).sum(axis=0) >= 10
    average = np.where(enough, np.nanmean(past, axis=0), np.nan)
    np.testing.assert_allclose(store["rain"], sums(products, 2013, 4, 3, 9), rtol=1e-5)
    np.testing.assert_allclose(store["average"], average, rtol=1e-5)


def test_should_ask_for_more_baseline_years_with_a_larger_share(products: Path):
    def count(min_valid: float) -> int:
        parameters = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
        return int(
            run_cells("compute", NAME, min_valid=min_valid, **parameters)["result"]["spi"].count()
        )

    assert 0 < count(1.0) < count(0.5)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201306d1"}, "^start: 201306d1 is after the end"),
        ({"end": "201304d4"}, "^end: '201304d4' is not a dekad"),
        ({"end": "201401d1"}, "^end: the archive ends with 201312d3"),
        ({"start": "200103d1", "end": "200104d1"}, "^start: the archive lacks 200012d2, 200012d3"),
        ({"baseline_start": 1991}, "^baseline_start: the archive begins with 200101d1"),
        ({"baseline_end": 2020}, "^baseline_end: the archive ends with 201312d3"),
        ({"baseline_start": 2011}, "^baseline_start: 2011 to 2012 is not 3 years"),
        ({"n_dekads": 2}, "^n_dekads: 2 is not one of 3, 6, 9"),
        ({"min_valid": 80}, "^min_valid: 80 is no share"),
        ({"engine": "fast"}, "^engine: 'fast' is not known here"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
        ({"band": "rain"}, "^band: no 'rain' in rfh_.*, only rfh"),
        (
            {"collection": "mxd13a2_vim_dekad", "band": "vim", "baseline_start": 2005},
            "^band: 'vim' is in 1",
        ),
        ({"chunk_px": 1}, "^chunk_px: 1 pixels are too few"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "spi", words, **{**good, **bad})
