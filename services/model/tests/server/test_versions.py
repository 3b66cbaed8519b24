from pathlib import Path

import pytest

from model.server.config import ModelConfig, PolicyKind, VersionPolicy
from model.server.versions import wanted_versions

LATEST_TWO = VersionPolicy(latest_count=2)
ALL = VersionPolicy(kind=PolicyKind.ALL)
TWO_AND_NINE = VersionPolicy(kind=PolicyKind.SPECIFIC, versions=frozenset({2, 9}))


def wanted(base_path: Path, policy: VersionPolicy) -> list[int]:
    return list(wanted_versions(ModelConfig(name="m", base_path=base_path, policy=policy)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("1", "2", "10"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("policy", "versions"),
    [(VersionPolicy(), [10]), (LATEST_TWO, [2, 10]), (ALL, [1, 2, 10]), (TWO_AND_NINE, [2])],
    ids=["latest", "latest two", "all", "specific"],
)
def test_policies(folder: Path, policy: VersionPolicy, versions: list[int]) -> None:
    assert wanted(folder, policy) == versions


@pytest.mark.parametrize("name", ["lost+found", ".incoming-3", "3.0", "v3", "99999999999999999999"])
def test_other_names_are_no_versions(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    assert wanted(folder, ALL) == [1, 2, 10]


def test_leading_zeros_are_the_same_version(folder: Path) -> None:
    (folder / "0010").mkdir()
    assert wanted(folder, ALL) == [1, 2, 10]


def test_an_empty_folder_wants_nothing(tmp_path: Path) -> None:
    assert wanted(tmp_path, VersionPolicy()) == []


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        wanted(tmp_path / "nowhere", VersionPolicy())
