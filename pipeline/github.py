"""The few calls of GitHub's REST API that jobs need (https://docs.github.com/en/rest)."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import PipelineError

BOT = "github-actions[bot]"  # who a workflow's own token writes as
_PAGE = 100  # the most that GitHub gives at once
_TIMEOUT_SECONDS = 30.0


class GitHub:
    """One repository, as a workflow's token sees it."""

    def __init__(self, *, api_url: str, repository: str, token: str) -> None:
        self._root = f"{api_url}/repos/{repository}"
        self._token = token

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GitHub:
        """Raises `PipelineError` for a variable that isn't set; the token has to be handed over."""
        names = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN")
        if missing := [name for name in names if not environment.get(name)]:
            raise PipelineError(f"not set: {', '.join(missing)}; a workflow's job has them")
        api_url, repository, token = (environment[name] for name in names)
        return cls(api_url=api_url, repository=repository, token=token)

    def each(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """All items of a list, page by page."""
        page = 1
        while True:
            asked = urllib.parse.urlencode({**query, "per_page": _PAGE, "page": page})
            items = self._call("GET", f"{path}?{asked}")
            yield from items
            if len(items) < _PAGE:
                return
            page += 1

    def get(self, path: str) -> dict[str, Any]:
        item: dict[str, Any] = self._call("GET", path)
        return item

    def post(self, path: str, **body: str) -> dict[str, Any]:
        made: dict[str, Any] = self._call("POST", path, body)
        return made

    def patch(self, path: str, **body: str) -> None:
        self._call("PATCH", path, body)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def _call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self._root}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
                said = response.read()
                return json.loads(said) if said else None
        except urllib.error.HTTPError as error:
            said = error.read(500).decode(errors="replace")
            raise PipelineError(f"GitHub, {method} {path}: {error.code} {said}") from error
        except OSError as error:
            raise PipelineError(f"GitHub, {method} {path}: {error}") from error
