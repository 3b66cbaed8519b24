"""Container images: built with buildah, cached as archives, imported into a cluster."""
