"""`python -m local VERB`: the verbs behind the Makefile."""

from __future__ import annotations

import sys


def _main() -> int:
    match sys.argv[1:]:
        # Typed again and again, so without the second that the other verbs take to import.
        case [option, "kubectl", *arguments] if option.startswith("--cluster="):
            from local.kubectl_verb import kubectl_verb

            return kubectl_verb(option.removeprefix("--cluster="), arguments)
    from local.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(_main())
