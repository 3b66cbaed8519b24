"""The TensorFlow session's settings from the flags: threads, GPU memory, precision.

Rules of model_servers/server.cc and servables/tensorflow/saved_model_bundle_factory.cc.
"""

import logging
from typing import Any

import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, rewriter_config_pb2

from model.server.flags import Flags
from model.server.text_files import read_text_file

# The only mode of --mixed_precision.
BFLOAT16 = "bfloat16"

log = logging.getLogger(__name__)


def visible_gpus() -> list[str]:
    """What TensorFlow puts graphs on by itself; empty with a build or a machine without."""
    return [device.name for device in tf.config.list_physical_devices("GPU")]


def session_config(flags: Flags) -> Any:
    """A ConfigProto: the session config file's, with what the flags always overwrite.

    Memory of a GPU: `per_process_gpu_memory_fraction` reserves a share, so that N servers fit on
    one; 0 leaves nearly all of it to the first, unless the file says `gpu_options { allow_growth:
    true }`. A process has one allocator per GPU: all of its models share it.

    Raises:
        ServingError: INVALID_ARGUMENT: the file can't be read or parsed.
    """
    config = config_pb2.ConfigProto()
    if flags.tensorflow_session_config_file:
        read_text_file(flags.tensorflow_session_config_file, config)
    config.gpu_options.per_process_gpu_memory_fraction = flags.per_process_gpu_memory_fraction
    intra_op = flags.tensorflow_intra_op_parallelism
    inter_op = flags.tensorflow_inter_op_parallelism
    if intra_op <= 0 and inter_op <= 0:
        intra_op = inter_op = flags.tensorflow_session_parallelism
    config.intra_op_parallelism_threads = intra_op
    config.inter_op_parallelism_threads = inter_op
    if flags.mixed_precision == BFLOAT16:
        rewrites = config.graph_options.rewrite_options
        rewrites.auto_mixed_precision_onednn_bfloat16 = rewriter_config_pb2.RewriterConfig.ON
    elif flags.mixed_precision:
        log.warning(
            f"{flags.mixed_precision} auto mixed precision is not supported. "
            f"Valid option: {BFLOAT16}"
        )
    return config
