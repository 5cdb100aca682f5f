"""A small archive of rainfall, vegetation and temperature for trying templates without internet.

``python -m jupyterlab_seasonal_monitor.sample_data`` makes it: Cloud Optimized GeoTIFFs with a
STAC catalogue, which templates read exactly as they read the real one, documents for an Open Data
Cube, and districts.
"""
