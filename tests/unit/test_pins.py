"""infra/pins.py: what the program names and doesn't build is named for good, with its source."""

import re
import typing
from dataclasses import replace
from datetime import date

import pytest

from infra.pins import (
    ADD_ONS,
    CLUSTER_AUTOSCALER,
    DEVICE_PLUGIN,
    AddOnName,
    Pin,
    all_pins,
    pins_in_use,
    unverified,
    warning_of,
)

IMAGE = re.compile(r"[a-z0-9./-]+:v[0-9.]+@sha256:[0-9a-f]{64}")
ADD_ON_VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
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


class TestAddOns:
    """A version that EKS does not have for a minor fails the `up`, half-way through an upgrade."""

    def test_minors_are_those_of_the_autoscaler(self) -> None:
        assert ADD_ONS.keys() == CLUSTER_AUTOSCALER.keys()

    @pytest.mark.parametrize("minor", ADD_ONS)
    def test_each_minor_has_all_of_them(self, minor: str) -> None:
        assert ADD_ONS[minor].keys() == set(typing.get_args(AddOnName))

    @pytest.mark.parametrize("minor", ADD_ONS)
    def test_versions_are_written_as_eks_does(self, minor: str) -> None:
        for pin in ADD_ONS[minor].values():
            assert ADD_ON_VERSION.fullmatch(pin.value), pin.name

    @pytest.mark.parametrize("minor", ADD_ONS)
    def test_kube_proxy_is_of_the_clusters_minor(self, minor: str) -> None:
        assert ADD_ONS[minor]["kube-proxy"].value.startswith(f"v{minor}.")


class TestVerification:
    def test_what_nobody_compared_is_found(self) -> None:
        compared = replace(DEVICE_PLUGIN, verified=True)
        assert unverified([compared, replace(compared, verified=False)]) == [DEVICE_PLUGIN]


class TestWarning:
    """A preview says what nobody has compared with the registry or service itself."""

    def test_names_each(self) -> None:
        pins = pins_in_use("1.35")
        text = warning_of(pins)
        assert all(pin.name in text for pin in pins if not pin.verified)
        assert "make verify-pins" in text

    def test_says_nothing_once_all_are_verified(self) -> None:
        assert warning_of(replace(pin, verified=True) for pin in all_pins()) == ""

    def test_those_of_other_minors_are_not_in_use(self) -> None:
        assert CLUSTER_AUTOSCALER["1.36"] not in pins_in_use("1.35")
