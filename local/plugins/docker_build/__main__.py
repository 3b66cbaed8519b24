"""`python -m local.plugins.docker_build [flags] ENGINE_ADDRESS`: how the engine starts it."""

import sys

from local.plugins.docker_build.provider import DockerBuildProvider
from local.plugins.shared.engine import EngineLog
from local.plugins.shared.mode import Mode
from local.plugins.shared.serving import serve

if __name__ == "__main__":
    mode = Mode.of_environment()
    sys.exit(
        serve(
            sys.argv[1:],
            "docker-build",
            lambda engine, _: DockerBuildProvider(EngineLog(engine), mode),
        )
    )
