"""The fuzzers find what is planted for them."""

import random
import time
from ipaddress import ip_address

import pytest
from decoding import noise
from fuzz.address_oracle import must_be_refused
from fuzz.images import BOMB, CRASH, PLANTED_LIMIT_SECONDS, PLANTED_MODULE, Fuzzer
from fuzz.mutation import mend_png_checks, mutate
from fuzz.url_checks import Hole, check
from gateway.addresses import AddressPolicy
from pictures import as_file
from test_addresses import INNER, METADATA_IN_DISGUISE, PUBLIC


class TestImages:
    """A bomb and a crash are found within a minute, the same ones each time."""

    async def test_planted(self) -> None:
        fuzzer = Fuzzer(PLANTED_MODULE)
        await fuzzer.run_until(time.monotonic() + PLANTED_LIMIT_SECONDS, enough={BOMB, CRASH})
        assert fuzzer.findings.keys() >= {BOMB, CRASH}


class TestMutation:
    """Files are damaged a little, by chance that can be repeated."""

    def test_repeats(self) -> None:
        file = as_file(noise(20, 20))
        runs = [[mutate(random.Random(seed), file, [file]) for seed in range(50)] for _ in range(2)]
        assert runs[0] == runs[1]
        assert len(set(runs[0])) > 40

    def test_check_values_are_mended(self) -> None:
        file = as_file(noise(20, 20))
        damaged = bytearray(file)
        damaged[-1] ^= 1  # of the check value of the last chunk
        mend_png_checks(damaged)
        assert bytes(damaged) == file

    @pytest.mark.parametrize("file", [b"", b"x", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\xff"])
    def test_of_nearly_nothing(self, file: bytes) -> None:
        for seed in range(200):
            mutate(random.Random(seed), file, [file])


class TestAddresses:
    """The oracle and the rule agree on the addresses that the rule is tested with."""

    @pytest.mark.parametrize("address", PUBLIC)
    def test_public(self, address: str) -> None:
        assert not must_be_refused(ip_address(address).packed)

    @pytest.mark.parametrize(
        "address", [*METADATA_IN_DISGUISE, *(each for kind in INNER.values() for each in kind)]
    )
    def test_inner(self, address: str) -> None:
        assert must_be_refused(ip_address(address).packed)

    def test_hole_is_seen(self) -> None:
        everything = AddressPolicy([])
        everything.allows = lambda address, port: True  # type: ignore[method-assign]
        with pytest.raises(Hole):
            check(b"\x00\x7f\x00\x00\x01", everything)
        with pytest.raises(Hole):
            check(b"\xffhttp://127.1/", everything)
