"""What every workload needs: the connection to a cluster, and a guarded namespace."""
