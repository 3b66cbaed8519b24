"""What every workload needs of its cluster: connection, namespace, GPUs, nodes, volumes, limits."""
