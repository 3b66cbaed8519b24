"""Specifications of the stand-in."""
