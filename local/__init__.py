"""One machine: toolchain, cluster, images, engine and the verbs behind the Makefile."""
