"""Fuzzers of what meets strangers: image files, URLs, the API. `make fuzz` runs them."""
