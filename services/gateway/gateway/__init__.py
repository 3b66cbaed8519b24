"""The HTTP gateway: an image in, its classes out, by way of TensorFlow Serving."""
