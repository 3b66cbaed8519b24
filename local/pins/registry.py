"""Which digest a registry gives for a tag, asked as anybody may.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from infra.pins import Pin
from local.pins.finding import Finding, NotAskedError, Verdict

_TIMEOUT_SECONDS = 10.0
_ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_REFERENCE = re.compile(
    r"(?P<registry>[^/]+)/(?P<repository>[^@]+):(?P<tag>[^:@/]+)@(?P<digest>sha256:[0-9a-f]{64})"
)
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


class Registries:
    """Asks each registry; one that doesn't answer is asked once."""

    def __init__(self, scheme: str = "https") -> None:
        self._scheme = scheme
        self._silent: dict[str, str] = {}

    def check(self, pin: Pin) -> Finding:
        """Whether the tag still means the digest. Raises `NotAskedError`."""
        reference = _REFERENCE.fullmatch(pin.value)
        if reference is None:
            raise ValueError(f"{pin.name}: {pin.value} is not registry/repository:tag@digest")
        registry, repository, tag, digest = reference.groups()
        published = self._digest(registry, repository, tag)
        if published == digest:
            return Finding(pin=pin, verdict=Verdict.VERIFIED)
        if published is None:
            said = f"{registry} has no tag {tag} of {repository}"
            return Finding(pin=pin, verdict=Verdict.DIFFERS, said=said)
        return Finding(
            pin=pin,
            verdict=Verdict.DIFFERS,
            said=f"{registry} gives {published} for the tag {tag}, pinned is {digest}",
            replacement=f"{registry}/{repository}:{tag}@{published}",
        )

    def _digest(self, registry: str, repository: str, tag: str) -> str | None:
        """None for a tag that the registry doesn't know."""
        if registry in self._silent:
            raise NotAskedError(self._silent[registry])
        url = f"{self._scheme}://{registry}/v2/{repository}/manifests/{tag}"
        try:
            return self._ask(url)
        except urllib.error.HTTPError as error:
            if error.code == http.client.NOT_FOUND:
                return None
            raise NotAskedError(f"{registry} answers {error.code} {error.reason}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            self._silent[registry] = f"{registry} can't be reached: {reason}"
            raise NotAskedError(self._silent[registry]) from error

    def _ask(self, url: str) -> str:
        headers = {"Accept": _ACCEPT}
        try:
            return _head(url, headers)
        except urllib.error.HTTPError as error:
            challenge = error.headers.get("WWW-Authenticate", "")
            if error.code != http.client.UNAUTHORIZED or not challenge.startswith("Bearer "):
                raise
        return _head(url, headers | {"Authorization": f"Bearer {_anonymous_token(challenge)}"})


def _head(url: str, headers: Mapping[str, str]) -> str:
    digest = _fetch(url, headers, "HEAD", lambda answer: answer.headers["Docker-Content-Digest"])
    if digest:
        return str(digest)
    # The header is a recommendation; the digest is that of what is answered.
    body: bytes = _fetch(url, headers, "GET", lambda answer: answer.read())
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _anonymous_token(challenge: str) -> str:
    """https://distribution.github.io/distribution/spec/auth/token/"""
    asked = dict(_PARAMETER.findall(challenge))
    query = {name: asked[name] for name in ("service", "scope") if name in asked}
    url = f"{asked.get('realm', '')}?{urllib.parse.urlencode(query)}"
    answer = json.loads(_fetch(url, {}, "GET", lambda answer: answer.read()))
    return str(answer.get("token") or answer.get("access_token") or "")


def _fetch(url: str, headers: Mapping[str, str], method: str, read: Callable[[Any], Any]) -> Any:
    request = urllib.request.Request(url, headers=dict(headers), method=method)
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
        return read(answer)
