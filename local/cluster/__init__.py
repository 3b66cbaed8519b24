"""A single-node Kubernetes in namespaces of its own."""
