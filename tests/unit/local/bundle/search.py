"""Looking for a secret in a text, however it was written there."""

from __future__ import annotations

import base64


def holds(text: str, secret: bytes) -> bool:
    """Whether the secret is in the text: plain, or in base64 at any alignment."""
    squeezed = "".join(text.split())
    if secret.decode(errors="replace") in text or b"".join(secret.split()).decode() in squeezed:
        return True
    for before in (b"", b"x", b"xx"):
        inside = base64.b64encode(before + secret).decode()
        # The first and last characters also depend on what stands beside the secret.
        if inside[4:-4] in squeezed:
            return True
    return False
