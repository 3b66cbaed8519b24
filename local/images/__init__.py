"""Container images: built with buildah or Docker, cached as archives, imported into a cluster."""
