"""The gateway is measured as its image runs it."""

from __future__ import annotations

from bench.gateway.servers import image_environment


def test_the_environment_is_that_of_the_image() -> None:
    environment = image_environment()
    assert environment["MALLOC_MMAP_THRESHOLD_"] == "4194304"
    assert environment["MALLOC_TRIM_THRESHOLD_"] == "67108864"
    assert environment["OPENBLAS_NUM_THREADS"] == "1"


def test_but_for_its_path() -> None:
    assert "PATH" not in image_environment()
