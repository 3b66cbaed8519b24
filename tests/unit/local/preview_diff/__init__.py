"""Specifications of local/preview_diff."""
