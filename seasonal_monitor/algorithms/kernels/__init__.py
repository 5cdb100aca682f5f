"""Numba kernels: numbers in, numbers out, no xarray, no dask.

All work on arrays with time as the first axis and pixels as the second, take any real dtype,
and give NaN where a pixel has no answer. Each was written from the paper it names.
"""
