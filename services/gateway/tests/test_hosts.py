"""Which hosts URLs may name."""

import pytest
from gateway.hosts import HostPolicy


class TestAllowed:
    """Without a list any host may be named; with one, only those on it."""

    def test_any(self) -> None:
        assert HostPolicy().allows("example.com")

    @pytest.mark.parametrize(
        ("host", "allowed"),
        [
            ("example.com", True),
            ("EXAMPLE.com", True),
            ("example.com.", True),
            ("a.example.org", True),
            ("a.b.example.org", True),
            ("xn--bcher-kva.example", True),
            ("example.org", False),
            ("www.example.com", False),
            ("example.com.evil.net", False),
            ("notexample.org", False),
            ("192.0.2.1", False),
            ("", False),
        ],
    )
    def test_only_those(self, host: str, allowed: bool) -> None:
        policy = HostPolicy(allowed=["example.com", "*.example.org", "xn--bcher-kva.example"])
        assert policy.allows(host) is allowed


class TestDenied:
    """What is denied is denied, even if it is allowed, too."""

    @pytest.mark.parametrize("host", ["evil.example", "a.bad.example", "EVIL.example."])
    def test_refused(self, host: str) -> None:
        denied = ["evil.example", "*.bad.example"]
        assert not HostPolicy(denied=denied).allows(host)
        assert not HostPolicy(denied=denied, allowed=[host.lower(), "*.example"]).allows(host)

    def test_others_are_not(self) -> None:
        assert HostPolicy(denied=["evil.example"]).allows("good.example")
