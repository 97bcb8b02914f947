"""Named data as arrays and strings: the catalog, how its files are fetched, and the loaders of the lessons."""
