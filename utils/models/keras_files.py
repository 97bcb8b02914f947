"""Trained networks in .keras files: what the models that are saved have in common."""

import zipfile
from pathlib import Path

import keras


def load(path, save_with: str):
    """Read a network; an optimizer that has never run is left out, as it cannot be read back.

    Raises:
        FileNotFoundError: if there is no such file; it says what to save one with.
        ValueError: if it is no whole .keras file.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"There is no model {path}. Train one and write it with {save_with}.")
    try:
        try:
            return keras.saving.load_model(path)
        except ValueError:
            return keras.saving.load_model(path, compile=False)
    except (ValueError, OSError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a whole .keras file: {str(error).strip().splitlines()[0]}") from None


def check_trained(model, name, otherwise: str) -> None:
    """Raise a ValueError that says what is the matter `otherwise`, if a network has never been trained."""
    if not getattr(model, "optimizer", None) or int(model.optimizer.iterations) == 0:
        raise ValueError(f"{name} has never been trained: {otherwise}")
