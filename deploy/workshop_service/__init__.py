"""A service of JupyterHub that shows a class to its trainer: docs/workshops.md.

It remembers what participants say of themselves, in memory only and within bounds. Nothing
that anybody says is run, stored on disk or put into a page's markup here.
"""
