from pathlib import Path
from typing import Any

import pytest

from model.errors import SyncError
from model.sync.publish import publish
from model.sync.round import run_round
from model.sync.s3 import parse_url, s3_client
from model.sync.s3_source import S3Source
from sync.buckets import Bucket
from sync.versions import WEIGHTS, content, plan, write_version


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return write_version(tmp_path / "export" / "digits", 2)


class TestPublish:
    """A version is in the bucket once its manifest is, and never changes."""

    def test_what_is_published_is_what_sync_gets(
        self, bucket: Bucket, version: Path, tmp_path: Path
    ) -> None:
        assert publish(version, bucket.url, lambda _: None) is True
        source = S3Source(s3_client(), parse_url(bucket.url))
        assert run_round(plan(source, tmp_path / "volume")).copied == [2]
        assert content(tmp_path / "volume" / "2") == content(version)

    def test_the_manifest_comes_last(self, bucket: Bucket, version: Path) -> None:
        seen: list[list[str]] = []
        publish(version, bucket.url, lambda _: seen.append(bucket.keys()))
        assert ["digits/2.manifest.json" in keys for keys in seen] == [False, False, True]

    def test_again_sends_nothing(self, bucket: Bucket, version: Path) -> None:
        publish(version, bucket.url, lambda _: None)
        said: list[str] = []
        assert publish(version, bucket.url, said.append) is False
        assert said == [f"version 2 is in {bucket.url}/ already"]

    def test_after_an_interruption_only_the_rest_is_sent(
        self, bucket: Bucket, version: Path
    ) -> None:
        def interrupt(_: str) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            publish(version, bucket.url, interrupt)
        said: list[str] = []
        assert publish(version, bucket.url, said.append) is True
        assert said[0].startswith("1 of 2: is there saved_model.pb")
        assert said[1].startswith(f"2 of 2: uploaded {WEIGHTS}")

    def test_a_number_that_is_taken(self, bucket: Bucket, version: Path) -> None:
        publish(version, bucket.url, lambda _: None)
        (version / WEIGHTS).write_bytes(b"others")
        with pytest.raises(SyncError, match="has another version 2"):
            publish(version, bucket.url, lambda _: None)

    def test_a_large_file_in_parts(self, bucket: Bucket, version: Path) -> None:
        (version / WEIGHTS).write_bytes(b"x" * (9 * 2**20))
        publish(version, bucket.url, lambda _: None)
        head: dict[str, Any] = bucket.client.head_object(
            Bucket=bucket.name, Key=f"digits/2/{WEIGHTS}"
        )
        assert head["ContentLength"] == 9 * 2**20

    @pytest.mark.parametrize("name", ["latest", "002", "-1"])
    def test_a_folder_that_is_no_version(self, bucket: Bucket, version: Path, name: str) -> None:
        folder = version.rename(version.with_name(name))
        with pytest.raises(SyncError, match="is no folder of a version"):
            publish(folder, bucket.url, lambda _: None)

    def test_a_bucket_that_is_missing(self, bucket: Bucket, version: Path) -> None:
        with pytest.raises(SyncError, match="NoSuchBucket; create the bucket"):
            publish(version, "s3://no-such-bucket/digits", lambda _: None)
        assert bucket.keys() == []
