"""The stack on a cluster that the user already has: a context of a kubeconfig."""
