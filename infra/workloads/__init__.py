"""The service itself: the gateway and the model servers."""
