"""`python -m model publish DIR s3://bucket/prefix`: upload a version, its manifest last."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from model.errors import SyncError
from model.sync.manifest import FileEntry, Manifest, manifest_of, parse_manifest
from model.sync.s3 import Location, in_words, parse_url, s3_client
from model.sync.sources import version_in


def publish(folder: Path, url: str, report: Callable[[str], None]) -> bool:
    """Put a version below the prefix; complete or not there for any reader.

    Returns whether it was uploaded; False when the same version is there already. After an
    interruption, files that were uploaded are not sent again.

    Raises:
        SyncError: the folder holds no version, the bucket has another one under that number, or
            can't be written.
        OSError: a file can't be read.
    """
    version = version_in(folder.resolve().name)
    if version is None or not folder.is_dir():
        raise SyncError(f"{folder} is no folder of a version, which is named by its number")
    manifest = manifest_of(folder)
    upload = _Upload(s3_client(), parse_url(url), version)
    published = upload.published()
    if published == manifest:
        report(f"version {version} is in {upload.location} already")
        return False
    if published is not None:
        raise SyncError(
            f"{upload.location} has another version {version}, which servers may use; "
            "publish this one under a new number"
        )
    for number, file in enumerate(manifest.files, start=1):
        sent = upload.file(folder, file)
        said = "uploaded" if sent else "is there"
        report(f"{number} of {len(manifest.files)}: {said} {file.name} ({file.bytes:,} bytes)")
    upload.manifest(manifest)
    report(f"published version {version} in {upload.location}")
    return True


class _Upload:
    """One version's way into the bucket."""

    def __init__(self, client: Any, location: Location, version: int) -> None:
        self.location = location
        self._client = client
        self._version = version

    def published(self) -> Manifest | None:
        """The manifest that is there."""
        key = self.location.manifest_key(self._version)
        with in_words(f"can't read {self.location}"):
            try:
                answer = self._client.get_object(Bucket=self.location.bucket, Key=key)
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchKey":
                    return None
                raise
            return parse_manifest(answer["Body"].read(), key)

    def file(self, folder: Path, file: FileEntry) -> bool:
        """False when it is there already, by what an earlier upload said of it."""
        key = self.location.key(self._version, file.name)
        with in_words(f"can't write {self.location}"):
            if self._digest_of(key) == file.sha256:
                return False
            self._client.upload_file(
                str(folder / file.name),
                self.location.bucket,
                key,
                ExtraArgs={"Metadata": {"sha256": file.sha256}},
            )
        return True

    def manifest(self, manifest: Manifest) -> None:
        with in_words(f"can't write {self.location}"):
            self._client.put_object(
                Bucket=self.location.bucket,
                Key=self.location.manifest_key(self._version),
                Body=manifest.to_json(),
                ContentType="application/json",
            )

    def _digest_of(self, key: str) -> str | None:
        try:
            answer = self._client.head_object(Bucket=self.location.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "404":
                return None
            raise
        digest: str | None = answer["Metadata"].get("sha256")
        return digest
