"""The models that the lessons teach."""
