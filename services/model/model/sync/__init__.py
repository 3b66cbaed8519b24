"""Copy model versions onto a volume: SOURCE/<N> to TARGET/<N>, complete or not at all.

Runs as an init container (once) and as a sidecar (`--poll`). One round:

    sources ── which versions, which files ──► retention ── which of them to have ──► space
      │                                                                                │
      └──────── bytes ────────► copying: temporary name → check → fsync → rename ◄─────┘

Standard library only at import time: boto3 and prometheus_client are imported where they are used.
"""
