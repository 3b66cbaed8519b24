"""A client of the gateway: `python -m gateway.client URL-or-file …`, or `Caller` from a program."""
