"""The programs that the cluster and the engine are made of."""
