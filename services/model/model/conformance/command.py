"""`python -m model conformance`: judge a server, or write the model that it is to serve."""

import argparse
import sys
from pathlib import Path

from model.conformance import reference_model
from model.conformance.run import judge

EXIT_OK = 0
EXIT_FAILURE = 1


def run(arguments: argparse.Namespace) -> int:
    """Raises TargetError, OSError; returns 1 if an answer differs."""
    if arguments.write_model:
        return _write(arguments.write_model, arguments.served_from)
    if not arguments.target:
        print("error: --target HOST:PORT or --write-model DIR is needed", file=sys.stderr)
        return EXIT_FAILURE
    judgement = judge(
        arguments.target,
        arguments.rest,
        arguments.model,
        max_batch_size=arguments.max_batch_size,
        report=print,
    )
    left_out = [
        *([] if arguments.rest else ["REST and metrics (no --rest)"]),
        *(
            []
            if arguments.model == reference_model.NAME
            else ["rows about the reference model (--write-model tells how to serve it)"]
        ),
    ]
    for each in left_out:
        print(f"not asked: {each}")
    same = judgement.rows - len(judgement.complaints)
    print(f"{same} of {judgement.rows} answers are TensorFlow Serving's")
    return EXIT_FAILURE if judgement.complaints else EXIT_OK


def _write(out: Path, served_from: Path | None) -> int:
    out.mkdir(parents=True, exist_ok=True)
    folder = (served_from or out).absolute()
    reference_model.write_reference_model(out, folder)
    print(f"wrote {out}; serve it with")
    print(
        "  tensorflow_model_server --port=8500 --rest_api_port=8501 "
        "--enable_grpc_healthcheck_service=true "
        "--allow_version_labels_for_unavailable_models=true "
        f"--model_config_file={folder}/models.config "
        f"--monitoring_config_file={folder}/monitoring.config"
    )
    return EXIT_OK
