"""Helpers that the notebooks import. Import modules, not names: `from utils import datasets, plots`."""
