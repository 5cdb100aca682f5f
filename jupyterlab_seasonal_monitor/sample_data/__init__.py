"""A small rainfall archive for trying templates without internet.

``python -m jupyterlab_seasonal_monitor.sample_data`` makes it: dekadal rainfall as Cloud
Optimized GeoTIFFs with a STAC catalogue, which templates read exactly as they read the real one.
"""
