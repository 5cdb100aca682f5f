"""A small archive of rainfall and vegetation for trying templates without internet.

``python -m jupyterlab_seasonal_monitor.sample_data`` makes it: Cloud Optimized GeoTIFFs with a
STAC catalogue, which templates read exactly as they read the real one, and districts.
"""
