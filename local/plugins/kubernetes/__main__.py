"""`python -m local.plugins.kubernetes [flags] ENGINE_ADDRESS`: how the Pulumi engine starts it."""

import sys

from local.plugins.kubernetes.server import serve

if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:]))
