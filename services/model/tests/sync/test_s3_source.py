from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from model.errors import SyncError
from model.sync.manifest import MAX_MANIFEST_BYTES
from model.sync.round import run_round
from model.sync.s3 import parse_url, s3_client
from model.sync.s3_source import S3Source
from sync.buckets import FILES, Bucket, entry
from sync.versions import content, names, plan


@pytest.fixture
def source(bucket: Bucket) -> S3Source:
    return S3Source(s3_client(), parse_url(bucket.url))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "volume" / "digits"


class TestVersions:
    """A version counts once its manifest is there, under a number."""

    def test_complete_versions(self, bucket: Bucket, source: S3Source) -> None:
        for version in (1, 2, 10):
            bucket.put_version(version)
        bucket.put("11/saved_model.pb", b"an upload that has only begun")
        bucket.put("latest.manifest.json", b"{}")
        bucket.put("0x7.manifest.json", b"{}")
        bucket.put("٣.manifest.json", b"{}")
        bucket.put("README", b"words")
        assert source.versions() == {1, 2, 10}

    def test_an_empty_prefix(self, source: S3Source) -> None:
        assert source.versions() == set()

    def test_more_than_a_page_of_them(
        self, bucket: Bucket, source: S3Source, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "4")
        requests = count_requests(source)
        for version in range(10):
            bucket.put(f"{version}.manifest.json", b"{}")
        assert source.versions() == set(range(10))
        assert requests() == 3

    def test_the_bucket_itself(self, bucket: Bucket) -> None:
        bucket.client.put_object(Bucket=bucket.name, Key="7.manifest.json", Body=b"{}")
        whole = S3Source(s3_client(), parse_url(f"s3://{bucket.name}"))
        assert whole.versions() == {7}


class TestCopy:
    """What is in the bucket gets onto the volume as it is."""

    def test_files(self, bucket: Bucket, source: S3Source, target: Path) -> None:
        bucket.put_version(3, {**FILES, "empty": b"", "large": bytes(range(256)) * 20_000})
        assert run_round(plan(source, target)).copied == [3]
        assert content(target / "3")["large"] == bytes(range(256)) * 20_000
        assert names(target / "3") == [
            ".manifest.json",
            "empty",
            "large",
            "saved_model.pb",
            "variables",
        ]

    def test_only_the_rest_of_a_file_is_fetched(
        self, bucket: Bucket, source: S3Source, target: Path
    ) -> None:
        bucket.put_version(3)
        left = target / ".incoming-3" / "saved_model.pb"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"gra")
        outcome = run_round(plan(source, target))
        assert outcome.failures == []
        assert outcome.bytes == len("ph") + len("index")

    def test_a_round_without_news_is_one_request(
        self, bucket: Bucket, source: S3Source, target: Path
    ) -> None:
        bucket.put_version(3)
        run_round(plan(source, target, in_use=True))
        requests = count_requests(source)
        run_round(plan(source, target, in_use=True))
        assert requests() == 1

    def test_a_changed_manifest_is_read_again(self, bucket: Bucket, source: S3Source) -> None:
        bucket.put_version(3)
        source.versions()
        assert source.manifest(3).total_bytes == 10
        bucket.put_version(3, {"saved_model.pb": b"other"})
        source.versions()
        assert source.manifest(3).total_bytes == 5


def count_requests(source: S3Source) -> Callable[[], int]:
    seen: list[AWSPreparedRequest] = []

    def note(request: AWSPreparedRequest, **_: Any) -> None:
        seen.append(request)

    source._client.meta.events.register("before-send.s3", note)
    return lambda: len(seen)


class TestHostileBucket:
    """Whoever writes the bucket can spoil a version, and nothing else."""

    @pytest.mark.parametrize(
        "name",
        [
            "../../escaped",
            "/etc/escaped",
            "variables/../../../escaped",
            "./escaped",
            "variables//escaped",
            "",
            "..",
            "escaped/",
            "nul\0byte",
            ".manifest.json",
        ],
    )
    def test_names_that_lead_out(
        self, bucket: Bucket, source: S3Source, target: Path, tmp_path: Path, name: str
    ) -> None:
        bucket.put_version(1)
        bucket.put_manifest(2, [entry("saved_model.pb", b"graph"), entry(name, b"evil")])
        outcome = run_round(plan(source, target))
        assert outcome.copied == [1]
        [failure] = outcome.failures
        assert "is not the name of a file inside of a version" in failure
        assert names(target) == ["1"]
        assert not list(tmp_path.rglob("escaped"))

    @pytest.mark.parametrize(
        ("entries", "said"),
        [
            ([entry("other.pb", b"x")], "has no saved_model.pb"),
            ([entry("saved_model.pb", b"x")] * 2, "names a file twice"),
            (
                [entry("saved_model.pb", b"x"), entry("saved_model.pb/x", b"x")],
                "both as a file and as a folder",
            ),
            ([{**entry("saved_model.pb", b"x"), "bytes": -1}], "has no size and SHA-256"),
            ([{**entry("saved_model.pb", b"x"), "bytes": True}], "has no size and SHA-256"),
            ([{**entry("saved_model.pb", b"x"), "sha256": "abc"}], "has no size and SHA-256"),
            ([{"name": "saved_model.pb"}], "is no manifest"),
        ],
    )
    def test_manifests_that_are_none(
        self, bucket: Bucket, source: S3Source, entries: list[dict[str, Any]], said: str
    ) -> None:
        bucket.put_manifest(1, entries)
        source.versions()
        with pytest.raises(SyncError, match=said):
            source.manifest(1)

    @pytest.mark.parametrize("text", [b"", b"[]", b"not json", b'{"files": 3}', b"\xff"])
    def test_text_that_is_no_manifest(self, bucket: Bucket, source: S3Source, text: bytes) -> None:
        bucket.put("1.manifest.json", text)
        source.versions()
        with pytest.raises(SyncError, match="is no manifest of a version"):
            source.manifest(1)

    def test_a_manifest_without_end(self, bucket: Bucket, source: S3Source) -> None:
        bucket.put("1.manifest.json", b" " * (MAX_MANIFEST_BYTES + 1))
        source.versions()
        with pytest.raises(SyncError, match="no manifest"):
            source.manifest(1)

    def test_a_version_beyond_all_volumes(
        self, bucket: Bucket, source: S3Source, target: Path
    ) -> None:
        bucket.put_manifest(1, [{**entry("saved_model.pb", b"x"), "bytes": 2**60}])
        outcome = run_round(plan(source, target))
        assert not outcome.fits
        assert "needs 1,152,921,504,606,851,072" in outcome.failures[0]

    def test_a_file_that_is_missing(self, bucket: Bucket, source: S3Source, target: Path) -> None:
        bucket.put_manifest(1, [entry("saved_model.pb", b"graph")])
        [failure] = run_round(plan(source, target)).failures
        assert f"can't read {bucket.url}/1/saved_model.pb: NoSuchKey" in failure

    def test_a_file_of_other_content(self, bucket: Bucket, source: S3Source, target: Path) -> None:
        bucket.put_version(1)
        bucket.put("1/saved_model.pb", b"GRAPH")
        [failure] = run_round(plan(source, target)).failures
        assert "saved_model.pb of version 1 is not what its manifest says" in failure
        assert not (target / "1").exists()
