"""What is published, in an Open Data Cube on a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from postgres import run_cube
from template_notebook import run_cells
from test_outputs import AREA, JANUARY, TENTHS, make

from seasonal_monitor.errors import OutputError
from seasonal_monitor.outputs import index_product, write_cogs
from seasonal_monitor.sources import open_source

pytest.importorskip("datacube", reason="datacube is not installed")
pytestmark = pytest.mark.timeout(300)


def test_the_template_lists_its_dekads_in_the_cube_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    rain = make(JANUARY)
    write_cogs(rain, tmp_path / "raw", "rain", stored=TENTHS)
    given = {
        "catalog": str(tmp_path / "raw/catalog.json"),
        "collection": "rain",
        "band": "rain",
        "area": AREA,
        "start": "202401d1",
        "product": "rain_dekad",
        "stored": "int16",
        "cube": "default",
        "output": str(tmp_path / "shelf"),
    }
    with run_cube(tmp_path) as (cube, config):
        monkeypatch.setenv("ODC_CONFIG_PATH", str(config))
        for end, words in (
            ("202401d2", "2 datasets added to the cube, 0 were there already."),
            ("202401d3", "1 datasets added to the cube, 2 were there already."),
            ("202401d3", "0 datasets added to the cube, 3 were there already."),
        ):
            run_cells("plausible", "publish-cube", **given, end=end)
            printed = capsys.readouterr().out
            assert words in printed
            assert "All is plausible" in printed
        data = open_source(cube, "rain_dekad", "rain", AREA, "202401d1", "202401d3")
        np.testing.assert_allclose(data["rain"], rain["rain"], atol=0.0501)
        assert data["rain"].attrs["units"] == "mm"

        other = tmp_path / "other"
        write_cogs(rain, other, "rain_dekad")
        with pytest.raises(OutputError, match=r"^product: the cube has another rain_dekad"):
            index_product(cube, other, "rain_dekad")
        with pytest.raises(OutputError, match=r"^product: .* has no product snow"):
            index_product(cube, other, "snow")
