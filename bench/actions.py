"""What a person does in either extension, for the measures that click."""

from __future__ import annotations

from .browser import Page

_PANELS = {"ours": "#jp-dask-clusters", "peer": "#dask-dashboard-launcher"}
_BUTTONS = {
    "ours": '#jp-dask-clusters >> role=button[name="New cluster"]',
    "peer": ".dask-DaskClusterManager >> text=NEW",
}
_TABS = {"ours": "li[data-id='jp-dask-clusters']", "peer": "li[data-id='dask-dashboard-launcher']"}


def open_sidebar(page: Page, subject: str) -> None:
    """Show the extension's sidebar, and wait for its button for a new cluster."""
    page.click(_TABS[subject])
    page.wait_for(_PANELS[subject])
    page.wait_for(_BUTTONS[subject])


def click_new(page: Page, subject: str) -> dict[str, float]:
    """Click the button for a new cluster.

    Returns
    -------
    dict
        Seconds from the press of the mouse: ``shown`` until there was a new card,
        ``ready`` until the card showed two workers.
    """
    page.evaluate(f"bench.arm('{subject}')")
    page.click(_BUTTONS[subject])
    times: dict[str, float] = page.evaluate("bench.measured")
    return {name: value / 1000 for name, value in times.items()}


def stop_clusters(page: Page, subject: str) -> None:
    """Stop all clusters and wait until no card is left."""
    if subject == "ours":
        page.evaluate("bench.stopAll()")
    else:
        page.click(".dask-ClusterListingItem-stop")
    page.evaluate(f"bench.none('{subject}').then(() => true)")
