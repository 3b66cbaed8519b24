"""Names of objects in AWS, where it allows only short ones."""

import hashlib

DIGEST_LENGTH = 6


def shortened(name: str, max_length: int) -> str:
    """The name, or so much of it as fits, with a digest of the whole so that it stays unique."""
    if len(name) <= max_length:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{name[: max_length - DIGEST_LENGTH - 1].rstrip('-')}-{digest}"
