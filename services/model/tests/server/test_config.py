from pathlib import Path

import pytest

from model.server.config import ModelConfig, PolicyKind, read_config_file
from model.server.errors import ServingError

BASICS = 'name: "digits" base_path: "/models/digits" model_platform: "tensorflow"'


def read(tmp_path: Path, *entries: str) -> dict[str, ModelConfig]:
    configs = "".join(f"config {{ {entry} }}\n" for entry in entries)
    path = tmp_path / "models.config"
    path.write_text(f"model_config_list {{ {configs} }}")
    models = read_config_file(path)
    assert models is not None
    return models


class TestContent:
    """A text ModelServerConfig becomes models by name."""

    def test_a_plain_model_serves_its_latest_version(self, tmp_path: Path) -> None:
        model = read(tmp_path, BASICS)["digits"]
        assert model.base_path == Path("/models/digits")
        assert (model.policy.kind, model.policy.latest_count) == (PolicyKind.LATEST, 1)
        assert model.version_labels == {}

    def test_latest_n(self, tmp_path: Path) -> None:
        entry = BASICS + " model_version_policy { latest { num_versions: 3 } }"
        assert read(tmp_path, entry)["digits"].policy.latest_count == 3

    def test_all(self, tmp_path: Path) -> None:
        model = read(tmp_path, BASICS + " model_version_policy { all {} }")["digits"]
        assert model.policy.kind is PolicyKind.ALL

    def test_specific(self, tmp_path: Path) -> None:
        entry = BASICS + " model_version_policy { specific { versions: 2 versions: 5 } }"
        policy = read(tmp_path, entry)["digits"].policy
        assert (policy.kind, policy.versions) == (PolicyKind.SPECIFIC, frozenset({2, 5}))

    def test_labels(self, tmp_path: Path) -> None:
        labels = ' version_labels { key: "stable" value: 2 }'
        assert read(tmp_path, BASICS + labels)["digits"].version_labels == {"stable": 2}

    def test_the_deprecated_model_type_still_counts(self, tmp_path: Path) -> None:
        assert "m" in read(tmp_path, 'name: "m" base_path: "/m" model_type: TENSORFLOW')

    def test_an_empty_file_asks_for_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "models.config").write_text("\n")
        assert read_config_file(tmp_path / "models.config") is None


class TestErrors:
    """A wrong file is refused with the reason and the place."""

    @pytest.mark.parametrize(
        ("entries", "message"),
        [
            ([BASICS, BASICS], "Illegal to list model digits multiple times"),
            (
                ['name: "m" base_path: "models/m" model_platform: "tensorflow"'],
                "Expected model m to have an absolute path or URI",
            ),
            (
                ['name: "m" base_path: "s3://b/m" model_platform: "tensorflow"'],
                "reads local folders only",
            ),
            (['name: "m" base_path: "/m"'], "Illegal setting neither"),
            ([BASICS + " model_type: TENSORFLOW"], "Illegal setting both"),
            (['name: "m" base_path: "/m" model_type: OTHER'], "choice 2 not supported"),
            (['name: "m" base_path: "/m" model_platform: "onnx"'], "model_platform is 'onnx'"),
        ],
    )
    def test_wrong_models(self, tmp_path: Path, entries: list[str], message: str) -> None:
        with pytest.raises(ServingError, match=message):
            read(tmp_path, *entries)

    def test_no_text_proto(self, tmp_path: Path) -> None:
        (tmp_path / "models.config").write_text("model_config_list { confg {} }")
        with pytest.raises(ServingError, match=r"Invalid protobuf file: '.*': 1:21 .*confg"):
            read_config_file(tmp_path / "models.config")

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ServingError, match=r"Can't read .*: No such file"):
            read_config_file(tmp_path / "models.config")

    def test_custom_config(self, tmp_path: Path) -> None:
        (tmp_path / "models.config").write_text("custom_model_config {}")
        with pytest.raises(ServingError, match="custom_model_config is not supported"):
            read_config_file(tmp_path / "models.config")
