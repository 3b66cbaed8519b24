"""Calls a SavedModel directly: for each line on stdin, so many calls; prints their seconds as JSON.

python -m model.bench.direct FOLDER THREADS
"""

import json
import sys
import time

import tensorflow as tf

from model.bench.inputs import sample_image


def main(folder: str, threads: int) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    model = tf.saved_model.load(folder)
    call = model.signatures["serving_default"]
    [(name, spec)] = call.structured_input_signature[1].items()
    image = sample_image(spec.shape, spec.dtype)
    [output] = call.structured_outputs
    print("ready", flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            started = time.perf_counter()
            # From numpy to numpy: what a program that serves requests itself would do.
            call(**{name: tf.constant(image)})[output].numpy()
            seconds.append(time.perf_counter() - started)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
