"""A map to click on: the series of the pixel under the mouse is drawn below it.

Clicks reach the kernel through ipympl, whose part for JupyterLab comes with it. Where it is not
installed, and in runs without anybody who could click, the same figure is a picture, and
`ClickMap.choose` does what a click does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from seasonal_monitor.algorithms.grid import Grid, grid_of
from seasonal_monitor.errors import ParameterError

from .draw import draw_map, label_of

if TYPE_CHECKING:
    import xarray as xr

_DEGREES = "EPSG:4326"
_DEGREE_AXES = ("latitude", "lat")
_SIZE = (9.0, 9.5)


class ClickMap:
    """A map of one date, and below it the series of one pixel.

    Parameters
    ----------
    cube : DataArray, shape (time, y, x)
        Kept in memory, on the cluster or here: each click asks it for one series.
    image : DataArray, shape (y, x)
        What the map shows, on the grid of `cube`.
    longitude, latitude : float
        The pixel to begin with, in degrees.
    mean : DataArray, shape (time,), optional
        Drawn beside each series, such as the mean of the area.
    title : str
        Above the map.

    Attributes
    ----------
    figure : matplotlib figure
        Holds both.
    spot : tuple of float
        Longitude and latitude of the place that was chosen last, in degrees.
    pixel : DataArray, shape (time,)
        Its series, computed.
    clickable : bool
        Whether clicks reach this process.

    Raises
    ------
    ParameterError
        Names ``spot`` when it is not on the map.
    """

    def __init__(
        self,
        cube: xr.DataArray,
        image: xr.DataArray,
        longitude: float,
        latitude: float,
        *,
        mean: xr.DataArray | None = None,
        title: str = "",
    ) -> None:
        self._cube, self._mean = cube, mean
        self._grid = grid_of(cube)
        self.figure, self.clickable = _make_figure()
        self._map, self._plot = self.figure.subplots(2, height_ratios=(3, 1.2))
        draw_map(self._map, image, title=title)
        (self._cross,) = self._map.plot([], [], "+", color="red", markersize=14, markeredgewidth=2)
        self.figure.canvas.mpl_connect("button_press_event", self._on_click)
        self.choose(longitude, latitude)

    def choose(self, longitude: float, latitude: float) -> xr.DataArray:
        """Draw the series of the pixel that holds a place, as a click on it does.

        Parameters
        ----------
        longitude, latitude : float
            In degrees.

        Returns
        -------
        DataArray, shape (time,)
            The series; also in `pixel`.

        Raises
        ------
        ParameterError
            Names ``spot`` when it is not on the map.
        """
        return self._take(*_from_degrees(self._grid, longitude, latitude), (longitude, latitude))

    def show(self) -> None:
        """Show the figure below the cell, and say how to choose a pixel."""
        if not self.clickable:
            import matplotlib.pyplot as plt

            plt.show()
            print(  # noqa: T201
                "For clicks on the map: pip install ipympl, reload the page and restart the "
                "kernel. Until then give a place in `spot` below."
            )
            return
        from IPython.display import display

        display(self.figure.canvas)
        print("Click on the map: the series below it is that pixel's.")  # noqa: T201

    def _on_click(self, event: Any) -> None:  # noqa: ANN401  (of matplotlib, which has no types)
        busy = getattr(event.canvas.toolbar, "mode", "")  # a drag that zooms or moves the map
        if event.inaxes is not self._map or event.button != 1 or busy:
            return
        try:
            self._take(event.xdata, event.ydata, _to_degrees(self._grid, event.xdata, event.ydata))
        except Exception as error:  # noqa: BLE001  (nobody sees what a click raises)
            reason = (str(error).splitlines() or [""])[0][:90] or type(error).__name__
            self._plot.set_title(f"This pixel cannot be read: {reason}", color="red")
            self.figure.canvas.draw_idle()

    def _take(self, x: float, y: float, spot: tuple[float, float]) -> xr.DataArray:
        pixel = _nearest(self._cube, self._grid, x, y, spot).compute()
        self.pixel, self.spot = pixel, spot
        self._cross.set_data([float(pixel[self._grid.x])], [float(pixel[self._grid.y])])
        draw_series(self._plot, pixel, spot, self._mean)
        self.figure.canvas.draw_idle()
        return pixel


def series_at(cube: xr.DataArray, longitude: float, latitude: float) -> xr.DataArray:
    """Give the series of the pixel that holds a place.

    Parameters
    ----------
    cube : DataArray, shape (time, y, x)
        In degrees or projected.
    longitude, latitude : float
        In degrees.

    Returns
    -------
    DataArray, shape (time,)
        Computed; its coordinates are the pixel's centre.

    Raises
    ------
    ParameterError
        Names ``spot`` when no pixel holds it.
    """
    grid = grid_of(cube)
    place = _from_degrees(grid, longitude, latitude)
    return _nearest(cube, grid, *place, (longitude, latitude)).compute()


def draw_series(
    axis: Any,  # noqa: ANN401  (of matplotlib, which has no types)
    pixel: xr.DataArray,
    spot: tuple[float, float],
    mean: xr.DataArray | None = None,
) -> None:
    """Draw a pixel's series, in place of what the axis shows.

    Parameters
    ----------
    axis : matplotlib axis
        Is emptied first.
    pixel : DataArray, shape (time,)
        Its attributes name and unit the axis.
    spot : tuple of float
        Longitude and latitude, for the legend.
    mean : DataArray, shape (time,), optional
        Drawn beside it, as the mean of the area.
    """
    axis.clear()
    axis.plot(pixel["time"], pixel, "o-", markersize=4, label=place_name(*spot))
    if mean is not None:
        axis.plot(mean["time"], mean, color="0.5", label="Mean of the area")
    axis.set_ylabel(label_of(pixel))
    axis.legend()


def place_name(longitude: float, latitude: float) -> str:
    """Write a place with its hemispheres, such as ``36.5° E, 2.25° S``."""
    east, north = "E" if longitude >= 0 else "W", "N" if latitude >= 0 else "S"
    return f"{abs(round(longitude, 3)):g}° {east}, {abs(round(latitude, 3)):g}° {north}"


def _make_figure() -> tuple[Any, bool]:
    """Make a figure, in a widget where clicks can reach this process."""
    try:
        from ipympl.backend_nbagg import Canvas, FigureManager
        from IPython import get_ipython
    except ModuleNotFoundError:
        get_ipython = None
    if get_ipython is None or get_ipython() is None:
        import matplotlib.pyplot as plt

        return plt.figure(figsize=_SIZE, layout="constrained"), False
    from matplotlib.figure import Figure

    # By itself, so that the notebook's other figures stay pictures.
    figure = Figure(figsize=_SIZE, layout="constrained")
    canvas = Canvas(figure)
    canvas.header_visible = False
    FigureManager(canvas, 0)
    return figure, True


def _nearest(
    cube: xr.DataArray, grid: Grid, x: float, y: float, spot: tuple[float, float]
) -> xr.DataArray:
    west, south, east, north = grid.bounds
    if not (west <= x <= east and south <= y <= north):
        raise ParameterError(
            "spot", f"{place_name(*spot)} is not on the map.", "Give a place within the area."
        )
    return cube.sel({grid.x: x, grid.y: y}, method="nearest")


def _from_degrees(grid: Grid, longitude: float, latitude: float) -> tuple[float, float]:
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ParameterError(
            "spot", f"{longitude}, {latitude} is no place.", "Give longitude and latitude."
        )
    if grid.y in _DEGREE_AXES:
        return longitude, latitude
    return _transform(longitude, latitude, _DEGREES, grid.crs)


def _to_degrees(grid: Grid, x: float, y: float) -> tuple[float, float]:
    return (x, y) if grid.y in _DEGREE_AXES else _transform(x, y, grid.crs, _DEGREES)


def _transform(x: float, y: float, source: object, target: object) -> tuple[float, float]:
    from odc.geo.geom import point

    ((x, y),) = point(x, y, source).to_crs(target).coords
    return float(x), float(y)
