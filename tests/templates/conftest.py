from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from template_run import Runner

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from jupyterlab_seasonal_monitor.sample_data.products import PRODUCTS

RECIPE = Recipe(first_year=2001, last_year=2013, size=48, seed=7)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive: 13 years on a coast of 48 x 48 pixels, 35.0-37.4 E, 3.6-6.0 N."""
    return make_archive(tmp_path_factory.mktemp("archive"), RECIPE).catalog.parent


@pytest.fixture(scope="session")
def products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same place with all products, and districts."""
    recipe = Recipe(2001, 2013, 48, 7, tuple(PRODUCTS))
    return make_archive(tmp_path_factory.mktemp("products"), recipe).catalog.parent


@pytest.fixture(scope="session")
def runner(products: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs templates unattended on one real cluster of two processes."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield Runner(products, cluster, tmp_path_factory)
