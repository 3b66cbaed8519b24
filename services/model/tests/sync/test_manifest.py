import json
from pathlib import Path

import pytest

from model.errors import SyncError
from model.sync.manifest import MANIFEST_FILE, manifest_of, parse_manifest
from sync.versions import WEIGHTS, write_version


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return write_version(tmp_path, 1)


class TestFolder:
    """Names relative to the version, sizes and SHA-256, in the order of names."""

    def test_files(self, version: Path) -> None:
        first, second = manifest_of(version).files
        assert (first.name, first.bytes) == ("saved_model.pb", 5)
        assert (second.name, second.bytes) == (str(WEIGHTS), 7)

    def test_the_copys_own_manifest_is_no_part_of_it(self, version: Path) -> None:
        before = manifest_of(version)
        (version / MANIFEST_FILE).write_text("{}")
        assert manifest_of(version) == before

    def test_one_changed_byte_is_another_manifest(self, version: Path) -> None:
        before = manifest_of(version)
        (version / WEIGHTS).write_bytes(b"weightS")
        assert manifest_of(version) != before


class TestText:
    """What is written is what is read; other tools' JSON is read too."""

    def test_there_and_back(self, version: Path) -> None:
        manifest = manifest_of(version)
        assert parse_manifest(manifest.to_json(), "here") == manifest

    def test_the_order_of_files_does_not_count(self, version: Path) -> None:
        document = json.loads(manifest_of(version).to_json())
        document["files"].reverse()
        assert parse_manifest(json.dumps(document).encode(), "here") == manifest_of(version)

    def test_an_error_says_where(self) -> None:
        with pytest.raises(SyncError, match=r"digits/1\.manifest\.json is no manifest"):
            parse_manifest(b"{}", "s3://models/digits/1.manifest.json")
