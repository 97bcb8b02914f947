"""Builds and checks the collection, in rooms. Notebooks never import this package."""
