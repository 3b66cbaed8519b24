"""What every prediction passes before any work is done for it: key, place, deadline."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from gateway.api_keys import ApiKeys
from gateway.errors import MissingApiKey
from gateway.limits import ConcurrencyLimit, Deadline
from gateway.rate_limits import RateLimits

API_KEY_HEADER = "X-API-Key"
ANYONE = ""  # where no keys are asked for, all callers are one client


class Door:
    """Lets a request in, or raises what it is told instead.

    `api_keys` None: everyone may ask; `rates` None: as often as they like.
    """

    def __init__(
        self,
        *,
        api_keys: ApiKeys | None,
        rates: RateLimits | None = None,
        limit: ConcurrencyLimit,
        request_timeout_seconds: float,
    ) -> None:
        self._api_keys = api_keys
        self._rates = rates
        self.limit = limit
        self._request_timeout_seconds = request_timeout_seconds

    @contextmanager
    def enter(self, request: Request) -> Iterator[Deadline]:
        """Hold a place until the request is answered.

        Raises MissingApiKey, RateLimited or TooManyRequests.
        """
        deadline = Deadline(self._request_timeout_seconds)
        self.authenticate(request)
        if self._rates:
            self._rates.count(getattr(request.state, "client", ANYONE))
        with self.limit.place():
            yield deadline

    def authenticate(self, request: Request) -> None:
        """Note who asks; raises MissingApiKey."""
        if self._api_keys is None:
            return
        client = self._api_keys.client_of(request.headers.get(API_KEY_HEADER, ""))
        if client is None:
            raise MissingApiKey(f"send a valid API key in the header {API_KEY_HEADER}")
        request.state.client = client

    def deadline(self) -> Deadline:
        """For a request that takes no place."""
        return Deadline(self._request_timeout_seconds)
