"""infra/workloads/images.py: images as the settings name them; built ones: aws/test_images.py."""

from tests.unit.harness import Program


def test_named_images_run(local: Program) -> None:
    images = {container["image"] for _, container in local.containers()}
    assert {"localhost/gateway:1.0.0", "localhost/model-server:1.0.0"} <= images


def test_built_images_run_by_digest(dev: Program) -> None:
    (gateway,) = dev.only("Deployment", "gateway").spec["template"]["spec"]["containers"]
    assert "@sha256:" in gateway["image"]
