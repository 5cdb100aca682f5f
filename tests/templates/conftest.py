from __future__ import annotations

from pathlib import Path

import pytest

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive

RECIPE = Recipe(first_year=2001, last_year=2013, size=48, seed=7)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive: 13 years on a coast of 48 x 48 pixels, 35.0-37.4 E, 3.6-6.0 N."""
    return make_archive(tmp_path_factory.mktemp("archive"), RECIPE).catalog.parent
