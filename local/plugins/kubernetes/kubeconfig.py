"""From the provider's inputs to a connection, and whether two kubeconfigs mean the same cluster."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from kubernetes import client, config

from local.plugins.kubernetes.settings import text
from local.plugins.shared.errors import BadConfig
from local.plugins.shared.pretended import pretended_version
from local.plugins.shared.values import Object, at

_DEFAULT_FILE: Final = "~/.kube/config"
_FILE_FIELDS: Final = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
# Each awaited resource holds a connection for a moment; more would wait for each other.
_MAX_CONNECTIONS: Final = 64


@dataclass(frozen=True)
class Connection:
    """An API client, the URL of its server for messages, and the context's namespace."""

    api: client.ApiClient
    server: str
    namespace: str


@dataclass(frozen=True)
class ClusterIdentity:
    """What tells one cluster from another, as far as a kubeconfig can: address and authority."""

    server: str
    tls_server_name: str
    authority_sha256: str


def connect(inputs: Object) -> Connection:
    """Opens no connection yet; reads kubeconfig, `context` and `cluster` of the provider's inputs.

    Raises BadConfig if the kubeconfig can't be read or lacks the context.
    """
    document = load_kubeconfig(text(inputs, "kubeconfig"))
    if document is None:
        return _in_cluster()
    context = _context(document, inputs)
    cluster = _cluster(document, inputs, context)
    # Written into the document, since the client library knows no override of the cluster.
    context["cluster"] = cluster["name"]
    settings = client.Configuration()
    try:
        config.load_kube_config_from_dict(  # type: ignore[no-untyped-call]
            document,
            context=_context_name(document, inputs),
            client_configuration=settings,
            persist_config=False,
        )
    except (config.ConfigException, OSError, ValueError) as error:
        raise BadConfig(f"kubeconfig: {error}") from error
    settings.retries = False
    settings.connection_pool_maxsize = _MAX_CONNECTIONS
    return Connection(
        client.ApiClient(settings), str(settings.host), context.get("namespace") or "default"
    )


def cluster_identity(inputs: Object) -> ClusterIdentity | None:
    """Which cluster the provider's inputs mean, or None where they don't say."""
    try:
        document = load_kubeconfig(text(inputs, "kubeconfig"))
        if document is None:
            return None
        cluster = _cluster(document, inputs, _context(document, inputs))["cluster"]
    except BadConfig:
        return None
    authority = str(cluster.get("certificate-authority-data") or "")
    if not authority and cluster.get("certificate-authority"):
        authority = _file_as_base64(Path(cluster["certificate-authority"]))
    return ClusterIdentity(
        str(cluster.get("server", "")),
        str(cluster.get("tls-server-name", "")),
        hashlib.sha256(authority.encode()).hexdigest(),
    )


def pretended_kubernetes(inputs: Object) -> str | None:
    """The Kubernetes version of a cluster that is only pretended; None for a real one.

    Raises BadConfig as `connect` does.
    """
    document = load_kubeconfig(text(inputs, "kubeconfig"))
    if document is None:
        return None
    return pretended_version(_cluster(document, inputs, _context(document, inputs))["cluster"])


def load_kubeconfig(path_or_content: str) -> Object | None:
    """The kubeconfig as a document whose file names are absolute.

    `path_or_content` is YAML, a path, a list of paths (`a:b`), or "" for $KUBECONFIG and then the
    user's own. None where nothing is given and this process runs inside a cluster.
    """
    if "\n" in path_or_content or path_or_content.lstrip().startswith("{"):
        return _parse(path_or_content, "the provider input kubeconfig")
    paths = path_or_content or os.environ.get("KUBECONFIG") or _DEFAULT_FILE
    files = [Path(part).expanduser() for part in paths.split(os.pathsep) if part]
    documents = [_read(file) for file in files if file.is_file()]
    if documents:
        return _merge(documents)
    if not path_or_content and os.environ.get("KUBERNETES_SERVICE_HOST"):
        return None
    raise BadConfig(f"kubeconfig {paths}: no such file, and no YAML either")


def _parse(content: str, source: str) -> Object:
    try:
        document = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise BadConfig(f"{source}: not YAML: {error}") from error
    if not isinstance(document, dict) or "clusters" not in document:
        raise BadConfig(f"{source}: not a kubeconfig: it has no `clusters`")
    return document


def _read(file: Path) -> Object:
    try:
        document = _parse(file.read_text(), f"kubeconfig {file}")
    except OSError as error:
        raise BadConfig(f"kubeconfig {file}: {error.strerror}") from error
    for section, entry in (("clusters", "cluster"), ("users", "user")):
        for item in document.get(section) or []:
            _make_absolute(item.get(entry) or {}, file.parent)
    return document


def _make_absolute(entry: Object, folder: Path) -> None:
    """File names in a kubeconfig are relative to the kubeconfig."""
    for field in _FILE_FIELDS:
        if entry.get(field):
            entry[field] = str(folder / entry[field])


def _merge(documents: list[Object]) -> Object:
    """As kubectl does: the first to name a thing wins."""
    merged = documents[0]
    for document in documents[1:]:
        merged.setdefault("current-context", document.get("current-context"))
        for section in ("clusters", "contexts", "users"):
            items = merged.setdefault(section, [])
            known = {item["name"] for item in items}
            items += [item for item in document.get(section) or [] if item["name"] not in known]
    return merged


def _context_name(document: Object, inputs: Object) -> str:
    return text(inputs, "context") or str(document.get("current-context") or "")


def _context(document: Object, inputs: Object) -> Object:
    name = _context_name(document, inputs)
    context: Object = _named(document, "contexts", name)["context"]
    return context


def _cluster(document: Object, inputs: Object, context: Object) -> Object:
    return _named(document, "clusters", text(inputs, "cluster") or str(context.get("cluster")))


def _named(document: Object, section: str, name: str) -> Object:
    items: list[Any] = document.get(section) or []
    for item in items:
        if at(item, "name") == name:
            found: Object = item
            return found
    known = ", ".join(str(at(item, "name")) for item in items) or "none"
    raise BadConfig(f"kubeconfig: {section} has no {name!r}; it has: {known}")


def _file_as_base64(file: Path) -> str:
    try:
        return base64.b64encode(file.read_bytes()).decode()
    except OSError:
        return str(file)


def _in_cluster() -> Connection:
    settings = client.Configuration()
    try:
        config.load_incluster_config(  # type: ignore[no-untyped-call]
            client_configuration=settings
        )
    except config.ConfigException as error:
        raise BadConfig(f"no kubeconfig, and not inside a cluster: {error}") from error
    return Connection(client.ApiClient(settings), str(settings.host), "default")
