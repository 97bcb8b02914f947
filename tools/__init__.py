"""Builds and checks the collection. Notebooks never import this package."""
