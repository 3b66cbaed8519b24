"""`python -m local.plugins.aws [flags] ENGINE_ADDRESS`: how the Pulumi engine starts it."""

import sys

from local.plugins.aws.provider import AwsProvider
from local.plugins.shared.engine import EngineLog
from local.plugins.shared.mode import Mode
from local.plugins.shared.serving import serve

if __name__ == "__main__":
    mode = Mode.of_environment()
    sys.exit(serve(sys.argv[1:], "aws", lambda engine, _: AwsProvider(EngineLog(engine), mode)))
