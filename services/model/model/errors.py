"""The errors this package raises on purpose.

ModelError              any of them; the command line prints the message and exits with 1
├── DatasetError        a request that the digits can't fulfil
├── ExportError         the model can't be exported: too inaccurate, unfaithful, already there
├── SyncError           versions can't be copied onto the volume
│   └── NoSpaceError    they don't fit
└── ServingError        an answer of the model server that isn't OK (see model.server.errors)
"""


class ModelError(Exception):
    """Something failed that the user can do something about; the message says what."""


class DatasetError(ModelError):
    """A request that the digits can't fulfil."""


class ExportError(ModelError):
    """The model can't be exported; nothing was left at its destination."""


class SyncError(ModelError):
    """Versions can't be copied onto the volume; what was there before is untouched."""


class NoSpaceError(SyncError):
    """The missing versions don't fit onto the volume; nothing was copied."""


def first_line(error: Exception) -> str:
    """Of the many that TensorFlow and Keras write; the kind of error if there is none."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0].strip() if lines else type(error).__name__
