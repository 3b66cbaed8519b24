"""infra/settings/gateway_memory.py: what a pod may need, from what it lets through."""

from infra.settings.gateway_memory import decode_memory_bytes, gateway_memory_bytes

MIB = 2**20


def test_a_worker_holds_the_file_and_its_pixels() -> None:
    small = decode_memory_bytes(max_image_bytes=MIB, max_image_pixels=MIB)
    assert decode_memory_bytes(max_image_bytes=3 * MIB, max_image_pixels=MIB) == small + 2 * MIB
    assert decode_memory_bytes(max_image_bytes=MIB, max_image_pixels=3 * MIB) == small + 32 * MIB


def test_a_pod_holds_a_file_per_request_and_all_workers() -> None:
    worker = decode_memory_bytes(max_image_bytes=MIB, max_image_pixels=MIB)

    def pod(requests: int, workers: int) -> int:
        return gateway_memory_bytes(
            max_concurrent_requests=requests,
            max_image_bytes=MIB,
            max_image_pixels=MIB,
            decode_workers=workers,
        )

    assert pod(11, 2) == pod(1, 2) + 10 * MIB
    assert pod(1, 3) == pod(1, 2) + worker
    assert pod(1, 2) > 2 * worker + MIB
