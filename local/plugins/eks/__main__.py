"""`python -m local.plugins.eks [flags] ENGINE_ADDRESS`: how the Pulumi engine starts it."""

import sys

from local.plugins.eks.provider import EksProvider
from local.plugins.shared.mode import Mode
from local.plugins.shared.serving import in_event_loop, serve

if __name__ == "__main__":
    mode = Mode.of_environment()
    sys.exit(serve(sys.argv[1:], "eks", lambda engine, _: EksProvider(engine, mode), in_event_loop))
