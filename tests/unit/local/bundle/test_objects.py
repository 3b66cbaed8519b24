"""What of a Kubernetes object may leave the machine."""

from __future__ import annotations

from local.bundle.objects import without_values


class TestSecret:
    """Its name and the names of its keys, nothing else."""

    def test_neither_values_nor_annotations_are_kept(self) -> None:
        shown = without_values(
            {
                "kind": "Secret",
                "metadata": {
                    "namespace": "image-serving",
                    "name": "gateway-api-keys",
                    "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "s3cret"},
                    "managedFields": [],
                },
                "type": "Opaque",
                "data": {"other": "czNjcmV0", "local": "czNjcmV0"},
                "stringData": {"plain": "s3cret"},
            }
        )
        assert shown == {
            "kind": "Secret",
            "metadata": {"namespace": "image-serving", "name": "gateway-api-keys"},
            "type": "Opaque",
            "keys": ["local", "other"],
        }


def test_other_objects_are_whole_but_for_the_field_managers() -> None:
    shown = without_values(
        {
            "kind": "ConfigMap",
            "metadata": {"name": "model-digits-config", "managedFields": [{"manager": "x"}]},
            "data": {"models.config": "model_config_list {}"},
        }
    )
    assert shown == {
        "kind": "ConfigMap",
        "metadata": {"name": "model-digits-config"},
        "data": {"models.config": "model_config_list {}"},
    }
