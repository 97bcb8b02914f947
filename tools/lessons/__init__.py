"""The lessons as files: built, run, checked."""
