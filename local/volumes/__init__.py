"""Dynamic PersistentVolumes of type `local`: the storage of the local cluster.

The in-tree host-path provisioner makes folders that belong to root, and `fsGroup` isn't applied to
host-path volumes. On volumes of type `local` it is, so non-root pods can write.
"""
