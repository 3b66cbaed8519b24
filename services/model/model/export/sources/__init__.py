"""The user's file or folder, read as a Network."""

from pathlib import Path

from model.errors import ExportError
from model.export.choices import KERAS_SUFFIXES
from model.export.network import Network
from model.export.sources import keras_file, saved_model


def load_network(path: Path) -> Network:
    """Read a `.keras` or `.h5` file or a SavedModel folder.

    Raises:
        ExportError: it isn't there, it is no model, or it can't be loaded.
    """
    if not path.exists():
        raise ExportError(f"{path} doesn't exist")
    if path.is_dir():
        return saved_model.load(path)
    if path.suffix in KERAS_SUFFIXES:
        return keras_file.load(path)
    raise ExportError(
        f"{path} is not a model: expected a .keras or .h5 file or a SavedModel folder"
    )
