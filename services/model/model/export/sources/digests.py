"""SHA-256 of what was exported, so that a served model can be traced to its file."""

import hashlib
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Hexadecimal digits over a file, or over names and content of a folder's files."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for file_path in sorted(each for each in path.rglob("*") if each.is_file()):
        digest.update(f"{sha256_of(file_path)}  {file_path.relative_to(path)}\n".encode())
    return digest.hexdigest()
