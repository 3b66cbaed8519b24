"""How the commands of `python -m model` end, but for `serve`, which ends as TensorFlow Serving."""

from typing import Final

EXIT_OK: Final = 0
EXIT_FAILURE: Final = 1
EXIT_INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it
