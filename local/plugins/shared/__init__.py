"""What the stand-ins have in common: wire format, process protocol, checks by the SDK's classes."""
