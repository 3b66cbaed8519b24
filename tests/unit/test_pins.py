"""infra/pins.py: what the program names and doesn't build is named for good, with its source."""

import re
from dataclasses import replace
from datetime import date

import pytest

from infra.pins import CLUSTER_AUTOSCALER, DEVICE_PLUGIN, Pin, all_pins, unverified

IMAGE = re.compile(r"[a-z0-9./-]+:v[0-9.]+@sha256:[0-9a-f]{64}")
IMAGES = [DEVICE_PLUGIN, *CLUSTER_AUTOSCALER.values()]


class TestEveryPin:
    @pytest.mark.parametrize("pin", all_pins(), ids=lambda pin: pin.name)
    def test_says_where_it_was_read_and_when(self, pin: Pin) -> None:
        assert pin.source.startswith("https://")
        assert date(2026, 1, 1) < pin.checked

    def test_has_a_name_of_its_own(self) -> None:
        names = [pin.name for pin in all_pins()]
        assert len(set(names)) == len(names)


class TestImages:
    @pytest.mark.parametrize("pin", IMAGES, ids=lambda pin: pin.name)
    def test_bear_tag_and_digest(self, pin: Pin) -> None:
        assert IMAGE.fullmatch(pin.value)

    @pytest.mark.parametrize("minor", CLUSTER_AUTOSCALER)
    def test_the_autoscaler_is_of_the_clusters_minor(self, minor: str) -> None:
        assert f":v{minor}." in CLUSTER_AUTOSCALER[minor].value


class TestVerification:
    def test_what_nobody_compared_is_found(self) -> None:
        compared = replace(DEVICE_PLUGIN, verified=True)
        assert unverified([compared, replace(compared, verified=False)]) == [DEVICE_PLUGIN]
