"""The model's side of the service: train, export, sync onto volumes, serve.

Standard library only at import time, so that `sync` runs in an image without TensorFlow.
"""
