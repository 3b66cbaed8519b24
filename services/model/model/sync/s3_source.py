"""Versions in a bucket: those whose manifest is there, which is uploaded last."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import HTTPClientError, IncompleteReadError

from model.errors import SyncError
from model.sync.manifest import MAX_MANIFEST_BYTES, Manifest, parse_manifest
from model.sync.s3 import MANIFEST_SUFFIX, Location, in_words
from model.sync.sources import Stream, version_in


class S3Source:
    """`location`<version>/…, for versions that have a manifest.

    A round in which nothing is new costs one listing: a manifest is read again only when its ETag
    changes.
    """

    def __init__(self, client: Any, location: Location) -> None:
        self._client = client
        self._location = location
        self._etags: dict[int, str] = {}
        self._manifests: dict[tuple[int, str], Manifest] = {}

    def versions(self) -> set[int]:
        """Raises SyncError when the bucket can't be listed."""
        prefix = self._location.prefix
        found: dict[int, str] = {}
        with in_words(f"can't list {self._location}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._location.bucket, Prefix=prefix, Delimiter="/"
            )
            for entry in (entry for page in pages for entry in page.get("Contents", [])):
                name = entry["Key"].removeprefix(prefix)
                version = version_in(name.removesuffix(MANIFEST_SUFFIX))
                if version is not None and name.endswith(MANIFEST_SUFFIX):
                    found[version] = entry["ETag"]
        self._etags = found
        return set(found)

    def manifest(self, version: int) -> Manifest:
        known = (version, self._etags[version])
        if known not in self._manifests:
            key = self._location.manifest_key(version)
            where = f"s3://{self._location.bucket}/{key}"
            with in_words(f"can't read {where}"):
                body = self._client.get_object(Bucket=self._location.bucket, Key=key)["Body"]
                text = body.read(MAX_MANIFEST_BYTES + 1)
            if len(text) > MAX_MANIFEST_BYTES:
                raise SyncError(f"{where} has more than {MAX_MANIFEST_BYTES:,} bytes: no manifest")
            self._manifests[known] = parse_manifest(text, where)
        return self._manifests[known]

    @contextmanager
    def open(self, version: int, name: str, offset: int) -> Iterator[Stream]:
        key = self._location.key(version, name)
        what = f"can't read s3://{self._location.bucket}/{key}"
        wanted = {"Range": f"bytes={offset}-"} if offset else {}
        with in_words(what):
            answer = self._client.get_object(Bucket=self._location.bucket, Key=key, **wanted)
            with answer["Body"] as body:
                yield _Body(body, what)


class _Body:
    """The library closes broken connections with errors of a lower layer, too."""

    def __init__(self, body: Any, what: str) -> None:
        self._body = body
        self._what = what

    def read(self, size: int, /) -> bytes:
        try:
            chunk: bytes = self._body.read(size)
        except (HTTPClientError, IncompleteReadError) as error:
            raise SyncError(f"{self._what}: the connection broke ({error})") from error
        return chunk
