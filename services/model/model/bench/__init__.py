"""What bench/model_server.py of the repository runs with TensorFlow: models, direct calls, load."""
