"""A bucket with versions of the model `digits`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FILES = {"saved_model.pb": b"graph", "variables/variables.index": b"index"}


def entry(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """`client` is boto3's."""

    client: Any
    name: str

    @property
    def url(self) -> str:
        return f"s3://{self.name}/digits"

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"digits/{key}", Body=content)

    def put_version(self, version: int, files: Mapping[str, bytes] = FILES) -> None:
        for name, content in files.items():
            self.put(f"{version}/{name}", content)
        self.put_manifest(version, [entry(name, content) for name, content in files.items()])

    def put_manifest(self, version: int, entries: list[dict[str, Any]]) -> None:
        self.put(f"{version}.manifest.json", json.dumps({"files": entries}).encode())

    def keys(self) -> list[str]:
        answer = self.client.list_objects_v2(Bucket=self.name)
        return [each["Key"] for each in answer.get("Contents", [])]
