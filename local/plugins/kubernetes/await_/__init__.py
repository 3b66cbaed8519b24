"""Waiting until an object is ready, by the rules of the genuine plugin (its provider/pkg/await)."""
