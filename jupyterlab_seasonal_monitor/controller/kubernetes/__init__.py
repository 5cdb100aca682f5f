"""Kubernetes with Dask's operator: what it is asked, and what it says, in words."""
