"""The cluster's certificates: two authorities, one client or server certificate per component.

Names and groups follow the Kubernetes documentation (PKI certificates and requirements,
https://kubernetes.io/docs/setup/best-practices/certificates/).
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local.cluster.spec import API_SERVICE_IP, CLUSTER_DOMAIN, ClusterSpec
from local.files import write_atomically

AUTHORITY_DAYS = 3650
LEAF_DAYS = 365
RENEW_BEFORE_DAYS = 30
_CLOCK_SKEW = datetime.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One certificate: file name, subject, and for servers the names that they answer to."""

    file: str
    common_name: str
    organizations: Sequence[str] = ()
    hosts: Sequence[str] = ()
    authority: str = "ca"


def ensure_pki(spec: ClusterSpec) -> None:
    """Makes what is missing and renews what runs out within `RENEW_BEFORE_DAYS`."""
    folder = spec.paths.pki
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for authority in ("ca", "front-proxy-ca"):
        if not (folder / f"{authority}.crt").exists():
            _make_authority(folder, authority, f"{spec.context}-{authority}")
    if not (folder / "service-accounts.key").exists():
        _write_service_account_keys(folder)
    for leaf in _leaves(spec):
        if _needs_making(folder, leaf):
            _make_leaf(folder, leaf)


def _leaves(spec: ClusterSpec) -> list[Leaf]:
    api_names = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        f"kubernetes.default.svc.{CLUSTER_DOMAIN}",
        "localhost",
        "127.0.0.1",
        API_SERVICE_IP,
        spec.node_ip,
    ]
    return [
        Leaf(file="etcd", common_name="etcd", hosts=["localhost", "127.0.0.1"]),
        Leaf(file="apiserver", common_name="kube-apiserver", hosts=api_names),
        Leaf(file="apiserver-etcd-client", common_name="kube-apiserver-etcd-client"),
        Leaf(
            file="apiserver-kubelet-client",
            common_name="kube-apiserver-kubelet-client",
            organizations=["system:masters"],
        ),
        Leaf(
            file="front-proxy-client",
            common_name="front-proxy-client",
            authority="front-proxy-ca",
        ),
        Leaf(
            file="kubelet-serving",
            common_name=f"system:node:{spec.node_name}",
            organizations=["system:nodes"],
            hosts=[spec.node_name, spec.node_ip],
        ),
        Leaf(
            file="kubelet",
            common_name=f"system:node:{spec.node_name}",
            organizations=["system:nodes"],
        ),
        Leaf(file="controller-manager", common_name="system:kube-controller-manager"),
        Leaf(file="scheduler", common_name="system:kube-scheduler"),
        Leaf(file="proxy", common_name="system:kube-proxy"),
        Leaf(
            file="metrics-server",
            common_name="metrics-server",
            hosts=["metrics-server.kube-system.svc"],
        ),
        Leaf(file="volumes", common_name="image-serving:volume-provisioner"),
        Leaf(file="network-policies", common_name="image-serving:network-policies"),
        Leaf(file="admin", common_name="kubernetes-admin", organizations=["system:masters"]),
    ]


def _needs_making(folder: Path, leaf: Leaf) -> bool:
    """Also for a pair of which a killed run wrote only the new key, or a clock was ahead."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{leaf.file}.crt").read_bytes())
        key = serialization.load_pem_private_key(
            (folder / f"{leaf.file}.key").read_bytes(), password=None
        )
    except (FileNotFoundError, ValueError):
        return True
    remaining = certificate.not_valid_after_utc - _now()
    return (
        remaining < datetime.timedelta(days=RENEW_BEFORE_DAYS)
        or certificate.not_valid_before_utc > _now()
        or key.public_key() != certificate.public_key()
        or _hosts_of(certificate) != {_general_name(host) for host in leaf.hosts}
    )


def _hosts_of(certificate: x509.Certificate) -> set[x509.GeneralName]:
    """The names that a certificate answers to; the node's address may have changed since."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return set()
    return set(names.value)


def _make_authority(folder: Path, name: str, common_name: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(common_name)
    certificate = (
        _builder(subject, subject, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_pair(folder, name, key, certificate)


def _make_leaf(folder: Path, leaf: Leaf) -> None:
    authority = x509.load_pem_x509_certificate((folder / f"{leaf.authority}.crt").read_bytes())
    authority_key = serialization.load_pem_private_key(
        (folder / f"{leaf.authority}.key").read_bytes(), password=None
    )
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if leaf.hosts:
        usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
    builder = (
        _builder(_subject(leaf.common_name, leaf.organizations), authority.subject, key, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    )
    if leaf.hosts:
        names = x509.SubjectAlternativeName([_general_name(host) for host in leaf.hosts])
        builder = builder.add_extension(names, critical=False)
    _write_pair(folder, leaf.file, key, builder.sign(authority_key, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - _CLOCK_SKEW)
        .not_valid_after(_now() + datetime.timedelta(days=days))
    )


def _subject(common_name: str, organizations: Sequence[str] = ()) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, each) for each in organizations]
        + [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_service_account_keys(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_atomically(folder / "service-accounts.pub", public)
    _write_key(folder / "service-accounts.key", key)


def _write_pair(
    folder: Path, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> None:
    _write_key(folder / f"{name}.key", key)
    content = certificate.public_bytes(serialization.Encoding.PEM)
    write_atomically(folder / f"{name}.crt", content)  # last: its presence says there is a key


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_atomically(file, content, mode=0o600)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
