"""The library behind the Seasonal Monitor's templates: calendar, sources, advice.

It needs no JupyterLab. Importing it is cheap: numpy, xarray and what reads rasters are imported
by the functions that use them. ``pip install 'jupyterlab_seasonal_monitor[pipelines]'`` brings
them.
"""
