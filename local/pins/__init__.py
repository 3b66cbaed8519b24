"""Asks whoever gives a pinned version out, whether it is so."""
