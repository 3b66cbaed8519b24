"""What a gateway pod takes in memory at most, see services/gateway."""

IDLE_BYTES = 96 * 2**20
IDLE_WORKER_BYTES = 16 * 2**20
BYTES_PER_DECODED_PIXEL = 16  # the peak of WebP; 4 for plain JPEG, up to 12 for progressive ones


def decode_memory_bytes(*, max_image_bytes: int, max_image_pixels: int) -> int:
    """The limit of one decoding worker: it holds the file and its pixels."""
    return IDLE_WORKER_BYTES + max_image_bytes + max_image_pixels * BYTES_PER_DECODED_PIXEL


def gateway_memory_bytes(
    *,
    max_concurrent_requests: int,
    max_image_bytes: int,
    max_image_pixels: int,
    decode_workers: int,
) -> int:
    """All of a pod: every request holds a file, and every worker decodes the largest image."""
    worker_bytes = decode_memory_bytes(
        max_image_bytes=max_image_bytes, max_image_pixels=max_image_pixels
    )
    return IDLE_BYTES + max_concurrent_requests * max_image_bytes + decode_workers * worker_bytes
