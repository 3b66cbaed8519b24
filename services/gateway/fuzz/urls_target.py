"""What libFuzzer calls, again and again: `python -m fuzz.urls_target [--planted] <its options>`."""

import ipaddress
import sys

import atheris

with atheris.instrument_imports(include=["gateway", "fuzz", "yarl", "ipaddress"]):
    from gateway.addresses import AddressPolicy

    from fuzz.url_checks import check

PLANTED = "--planted"


class IsGlobal(AddressPolicy):
    """The rule that looks right, and lets IPv6 spellings of inner addresses through."""

    def allows(self, address: str, port: int) -> bool:
        """What Python says."""
        return ipaddress.ip_address(address).is_global


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    policy = IsGlobal() if PLANTED in sys.argv else AddressPolicy()
    arguments = [argument for argument in sys.argv if argument != PLANTED]

    def once(data: bytes) -> None:
        check(data, policy)

    atheris.Setup(arguments, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
