"""What the notebooks import, in rooms. Import modules, not names: `from utils.data import datasets`."""
