"""infra/platform/device_plugin_config.py: how GPUs are handed out, in the plugin's own words."""

from typing import Any

import yaml

from infra.platform.device_plugin_config import checksum, plugin_config


def config(pods_per_gpu: int) -> dict[str, Any]:
    """As the plugin reads it: YAML."""
    parsed: dict[str, Any] = yaml.safe_load(plugin_config(pods_per_gpu))
    return parsed


class TestSharing:
    def test_whole_gpus(self) -> None:
        assert "sharing" not in config(1)

    def test_time_slices(self) -> None:
        """Two shares give no more time than one, so nobody gets them."""
        assert config(4)["sharing"] == {
            "timeSlicing": {
                "failRequestsGreaterThanOne": True,
                "resources": [{"name": "nvidia.com/gpu", "replicas": 4}],
            }
        }

    def test_nothing_that_needs_more_rights(self) -> None:
        """Any other strategy for MIG makes the plugin need CAP_SYS_ADMIN."""
        assert config(1)["flags"]["migStrategy"] == "none"


class TestChecksum:
    def test_it_follows_the_configuration(self) -> None:
        assert checksum(plugin_config(2)) != checksum(plugin_config(3))
        assert checksum(plugin_config(2)) == checksum(plugin_config(2))
