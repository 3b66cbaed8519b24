"""Command line of the local ground."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from local.bundle.command import show_bundle
from local.checks import run_checks, run_fault_tests
from local.cluster.spec import DEFAULT_GATEWAY_PORT
from local.conformance import add_conformance_arguments, run_conformance
from local.context.down import down_on_context
from local.context.status import show_context_status
from local.context.up import Wishes, up_on_context
from local.docs.command import write_docs
from local.doctor import show_diagnosis
from local.down import down
from local.errors import LocalError, no_access
from local.fuzzing import DEFAULT_SECONDS, TARGETS, run_fuzzers
from local.kubectl_verb import kubectl_verb
from local.logs import show_logs
from local.maintenance import format_code, lock
from local.new_stack.command import new_stack
from local.paths import DEFAULT_CLUSTER, REPO
from local.pins.command import verify_pins
from local.preconditions.machine import ThisMachine
from local.preview import preview
from local.preview_diff.command import FORMATS, DiffWishes, preview_diff
from local.preview_diff.markdown import MAX_CHARACTERS
from local.progress import complain
from local.publish import publish
from local.shared_state.command import bootstrap
from local.simulation.command import simulate
from local.status.command import show_status
from local.up import up

EXIT_INTERRUPTED = 130
BENCHMARKS = ("gateway_footprint", "gateway", "edit_loop", "sync_throughput", "model_server")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a verb; returns the exit code.

    0 done, 1 failed, 2 wrong usage, 3 a dangerous `preview-diff`, 130 interrupted.
    """
    arguments = _parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = arguments.verb
    if arguments.context and verb not in _ON_CONTEXTS:
        complain(
            "error: with CONTEXT there are `make up`, `make status` and `make down`; for all "
            f"else: kubectl --context={arguments.context}"
        )
        return 2
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # all end in order, as a Ctrl-C
        signal.signal(each, signal.default_int_handler)
    try:
        return verb(arguments)
    except LocalError as error:
        complain(f"error: {error}")
        return 1
    except PermissionError as error:
        complain(f"error: {no_access(error)}")
        return 1
    except KeyboardInterrupt:
        complain("\ninterrupted; the same command goes on from here, `make down` stops everything")
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="local", description=__doc__)
    parser.add_argument("--cluster", default=DEFAULT_CLUSTER, help="name of the cluster")
    parser.add_argument("--context", help="a cluster of yours, by its name in the kubeconfig")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")

    each = verbs.add_parser("up", help="cluster, images, stack and proof")
    each.add_argument(
        "--gateway-port", type=int, help=f"on 127.0.0.1; {DEFAULT_GATEWAY_PORT} at first"
    )
    each.add_argument("--base-image", help="base of the services' images")
    each.add_argument("--model-server-image", help="such as tensorflow/serving:2.20.0")
    each.add_argument("--images", help="how images get to a cluster of yours")
    each.add_argument("--storage-class", help="of the volumes on a cluster of yours")
    each.add_argument("--namespace", help="of the stack on a cluster of yours")
    each.set_defaults(verb=_up)

    each = verbs.add_parser("down", help="stop all that `up` started")
    each.add_argument("--purge", action="store_true", help="remove state and caches too")
    each.add_argument("--yes", action="store_true", help="don't ask before removing")
    each.set_defaults(verb=_down)

    each = verbs.add_parser("doctor", help="whether `up` can start here, and what it would do")
    each.add_argument("--gateway-port", type=int, help="as for `up`")
    each.set_defaults(verb=_doctor)

    each = verbs.add_parser("status", help="what runs, its URL and its health")
    each.add_argument("--once", action="store_true", help="print once; exit code 1 if not well")
    each.set_defaults(verb=_status)

    each = verbs.add_parser("logs", help="last lines of gateway, model servers and components")
    each.set_defaults(verb=_logs)

    each = verbs.add_parser("bundle", help="logs and state without secrets, for a bug report")
    each.set_defaults(verb=lambda arguments: show_bundle(arguments.cluster))

    each = verbs.add_parser("publish", help="a version of a model into the cluster's bucket")
    each.add_argument("model", type=Path, help="an exported version: …/<name>/<version>")
    each.set_defaults(verb=lambda arguments: publish(arguments.cluster, arguments.model))

    each = verbs.add_parser("preview", help="what a stack would make in AWS, without an account")
    each.add_argument("stack", help="dev or prod")
    each.set_defaults(verb=_preview)

    each = verbs.add_parser("preview-diff", help="what the working tree changes in the stacks")
    each.add_argument("--base", default="", help="a git revision, such as main")
    each.add_argument("--stacks", default="", help="such as dev,prod; all in AWS by default")
    each.add_argument("--format", choices=FORMATS, default="text", help="of the report")
    each.add_argument("--out", type=Path, help="a file for the report; the terminal by default")
    each.add_argument(
        "--max-characters", type=int, default=MAX_CHARACTERS, help="of Markdown; the rest is cut"
    )
    each.set_defaults(verb=_preview_diff)

    each = verbs.add_parser("new-stack", help="a few questions, and a stack file of your own")
    each.add_argument("name", help="of the stack")
    each.add_argument("--answers", type=Path, help="a file of answers; else they are asked")
    each.add_argument("--force", action="store_true", help="replace a file that is there")
    each.set_defaults(verb=_new_stack)

    each = verbs.add_parser("bootstrap", help="what all stacks share: state, keys, roles for CI")
    each.add_argument("stack", help="such as dev-account")
    each.add_argument("--yes", action="store_true", help="don't ask before changing an account")
    each.set_defaults(verb=lambda arguments: bootstrap(arguments.stack, confirmed=arguments.yes))

    each = verbs.add_parser("simulate", help="a stack's life on EKS, with AWS pretended")
    each.add_argument("stack", help="such as dev")
    each.set_defaults(verb=lambda arguments: simulate(arguments.stack))

    each = verbs.add_parser("kubectl", help="kubectl on the local cluster")
    each.add_argument("arguments", nargs=argparse.REMAINDER)
    each.set_defaults(verb=_kubectl)

    each = verbs.add_parser("test", help="lint, types and all tests")
    each.add_argument("--unit", action="store_true", help="only the part without a cluster")
    each.add_argument("--faults", action="store_true", help="only the long injections of faults")
    each.set_defaults(verb=_test)

    each = verbs.add_parser("bench", help="measure, side by side with what it is compared to")
    each.add_argument("--name", choices=BENCHMARKS, default=BENCHMARKS[0], help="what to measure")
    each.add_argument("options", nargs="*", help="after --: the benchmark's own; -- --help")
    each.set_defaults(verb=_bench)

    each = verbs.add_parser("fuzz", help="attack the gateway's inputs for a bounded time")
    each.add_argument("--name", choices=TARGETS, help="one of them; all by default")
    each.add_argument(
        "--seconds", type=int, default=DEFAULT_SECONDS, help=f"for each ({DEFAULT_SECONDS})"
    )
    each.set_defaults(verb=_fuzz)

    each = verbs.add_parser("conformance", help="compare a server's answers with TF Serving's")
    add_conformance_arguments(each)
    each.set_defaults(verb=run_conformance)

    each = verbs.add_parser("format", help="format the code")
    each.set_defaults(verb=lambda _: format_code())

    each = verbs.add_parser("lock", help="pin the dependency sets anew from their .in files")
    each.set_defaults(verb=lambda _: lock())

    each = verbs.add_parser("verify-pins", help="ask registries and EKS for pinned versions")
    each.set_defaults(verb=lambda _: verify_pins())

    each = verbs.add_parser("docs", help="write the pages that are made from the code")
    each.set_defaults(verb=lambda _: write_docs())
    return parser


def _up(arguments: argparse.Namespace) -> int:
    if arguments.context:
        wishes = Wishes(
            images=arguments.images,
            base_image=arguments.base_image,
            model_server_image=arguments.model_server_image,
            storage_class=arguments.storage_class,
            namespace=arguments.namespace,
        )
        up_on_context(arguments.context, wishes)
        return 0
    up(
        arguments.cluster,
        arguments.gateway_port,
        arguments.base_image,
        arguments.model_server_image,
    )
    return 0


def _down(arguments: argparse.Namespace) -> int:
    if arguments.context:
        down_on_context(arguments.context, purge=arguments.purge, confirmed=arguments.yes)
    else:
        down(arguments.cluster, purge=arguments.purge, confirmed=arguments.yes)
    return 0


def _status(arguments: argparse.Namespace) -> int:
    if arguments.context:
        return show_context_status(arguments.context, once=arguments.once)
    return show_status(arguments.cluster, once=arguments.once)


def _test(arguments: argparse.Namespace) -> int:
    if arguments.faults:
        return run_fault_tests()
    return run_checks(unit_only=arguments.unit)


def _doctor(arguments: argparse.Namespace) -> int:
    return show_diagnosis(arguments.cluster, arguments.gateway_port, ThisMachine())


def _logs(arguments: argparse.Namespace) -> int:
    show_logs(arguments.cluster)
    return 0


def _preview(arguments: argparse.Namespace) -> int:
    preview(arguments.stack)
    return 0


def _preview_diff(arguments: argparse.Namespace) -> int:
    stacks = tuple(name for name in arguments.stacks.split(",") if name)
    return preview_diff(
        DiffWishes(
            base=arguments.base,
            stacks=stacks,
            format=arguments.format,
            out=arguments.out,
            max_characters=arguments.max_characters,
        )
    )


def _new_stack(arguments: argparse.Namespace) -> int:
    return new_stack(arguments.name, arguments.answers, force=arguments.force)


def _bench(arguments: argparse.Namespace) -> int:
    benchmark = [f"bench.{arguments.name}", f"--cluster={arguments.cluster}", *arguments.options]
    command = [sys.executable, "-m", *benchmark]
    return subprocess.run(command, cwd=REPO, check=False).returncode


def _fuzz(arguments: argparse.Namespace) -> int:
    return run_fuzzers((arguments.name,) if arguments.name else TARGETS, arguments.seconds)


def _kubectl(arguments: argparse.Namespace) -> int:
    return kubectl_verb(arguments.cluster, arguments.arguments)


_ON_CONTEXTS = (_up, _down, _status)
