import pytest

from model.server.errors import ServingError
from model.server.rest.paths import Action, is_served, model_name, parse


class TestCalls:
    """Method and path say what is asked of which version."""

    @pytest.mark.parametrize(
        ("method", "path", "action", "version", "label"),
        [
            ("POST", "/v1/models/m:predict", Action.PREDICT, None, ""),
            ("POST", "/v1/models/m/versions/7:classify", Action.CLASSIFY, 7, ""),
            ("POST", "/v1/models/m/labels/stable:regress", Action.REGRESS, None, "stable"),
            ("POST", "/V1/MODELS/m/VERSIONS/7:predict", Action.PREDICT, 7, ""),
            ("GET", "/v1/models/m", Action.STATUS, None, ""),
            ("GET", "/v1/models/m/versions/7", Action.STATUS, 7, ""),
            ("GET", "/v1/models/m/labels/stable/metadata", Action.METADATA, None, "stable"),
        ],
    )
    def test_good_ones(
        self, method: str, path: str, action: Action, version: int | None, label: str
    ) -> None:
        call = parse(method, path)
        assert (call.action, call.spec.name) == (action, "m")
        assert call.spec.version_label == label
        assert (call.spec.version.value if call.spec.HasField("version") else None) == version

    def test_names_are_decoded_after_matching(self) -> None:
        assert parse("GET", "/v1/models/a%2Fb%20c").spec.name == "a/b c"

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/foo"),
            ("GET", "/v1/models/m:predict"),
            ("POST", "/v1/models/m"),
            ("POST", "/v1/models/m/versions/x:predict"),
            ("PATCH", "/v1/models/m"),
        ],
    )
    def test_malformed_ones(self, method: str, path: str) -> None:
        with pytest.raises(ServingError, match=f"Malformed request: {method} {path}"):
            parse(method, path)

    def test_a_version_beyond_64_bits(self) -> None:
        with pytest.raises(ServingError, match="Failed to convert version: 9223372036854775808 to"):
            parse("GET", "/v1/models/m/versions/9223372036854775808")


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [("GET", "/v1/models/m", "m"), ("POST", "/v1/models/a%2Fb:predict", "a/b"), ("PUT", "/v1", "")],
)
def test_metrics_name_the_model(method: str, path: str, name: str) -> None:
    assert model_name(method, path) == name


@pytest.mark.parametrize(("path", "served"), [("/v1/", True), ("/V1/x", True), ("/v2/x", False)])
def test_only_v1_is_the_api(path: str, served: bool) -> None:
    assert is_served(path) == served
