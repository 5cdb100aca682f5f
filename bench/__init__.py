"""Compare this project with dask-labextension and with bare Dask on one machine."""
