"""By which profile an image is to be prepared."""

from starlette.requests import Request

from gateway.errors import MalformedRequest
from gateway.image_input import PROFILES

PROFILE_PARAMETER = "profile"


def profile_by_query(request: Request) -> str | None:
    """The profile that the query asks for, None for the setting's; raises MalformedRequest."""
    profile = request.query_params.get(PROFILE_PARAMETER)
    if profile is not None and profile not in PROFILES:
        raise MalformedRequest(f"{PROFILE_PARAMETER} must be one of " + ", ".join(PROFILES))
    return profile
