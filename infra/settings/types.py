"""Domain types of the settings: each reads a value, or says what is allowed.

Every parser raises ValueError with the allowed form alone; the caller adds key and value.
"""

import ipaddress
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from infra.kubeconfig import Kubeconfig, parse_kubeconfig

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
# RFC 1123 subdomain: the form of StorageClass names.
DNS_SUBDOMAIN = re.compile(rf"{DNS_LABEL.pattern}(\.{DNS_LABEL.pattern})*")
# github.com/distribution/reference, regexp.go, without its rare forms (IPv6 hosts, other digests).
IMAGE_REFERENCE = re.compile(
    r"(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
CPU_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d{1,3})?)(?P<unit>m?)")
MEMORY_QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[KMGT]i|[kMGT]?)")
API_KEY = re.compile(r"[!-~]{16,256}")

BYTES_PER_UNIT = {
    "": 1,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
}
# The StatefulSet controller appends "-" and a hash of ten characters to the name for a label of
# its pods (at most 63), and the objects are called "model-<name>".
MODEL_NAME_MAX_LENGTH = 63 - len("model-") - 11
# The default of kube-apiserver's --service-node-port-range.
NODE_PORTS = range(30000, 32768)
# Instance metadata services live here; they hand out the node's rights.
LINK_LOCAL = ipaddress.ip_network("169.254.0.0/16")


def cpu_millis(quantity: str) -> int:
    """Thousandths of a core in a CPU quantity (`250m`, `1`, `0.5`)."""
    match = CPU_QUANTITY.fullmatch(quantity)
    if match is None or (match["unit"] and "." in match["number"]):
        raise ValueError("must be a positive CPU quantity such as 250m, 1 or 0.5")
    millis = int(Decimal(match["number"]) * (1 if match["unit"] else 1000))
    if millis == 0:
        raise ValueError("must be a positive CPU quantity such as 250m, 1 or 0.5")
    return millis


def memory_bytes(quantity: str) -> int:
    """Bytes in a memory or volume quantity (`512Mi`, `2Gi`, `1G`)."""
    match = MEMORY_QUANTITY.fullmatch(quantity)
    amount = 0 if match is None else int(Decimal(match["number"]) * BYTES_PER_UNIT[match["unit"]])
    # Less than a mebibyte is a forgotten unit: "512" is 512 bytes to Kubernetes.
    if amount < BYTES_PER_UNIT["Mi"]:
        raise ValueError("must be a quantity of bytes of at least 1Mi, such as 512Mi or 2Gi")
    return amount


def _cpu_quantity(text: str) -> str:
    cpu_millis(text)
    return text


def _memory_quantity(text: str) -> str:
    memory_bytes(text)
    return text


def _dns_label(text: str) -> str:
    if len(text) > 63 or not DNS_LABEL.fullmatch(text):
        raise ValueError(
            "must be a DNS label: 1 to 63 of a-z, 0-9 and -, beginning and ending with a letter "
            "or digit"
        )
    return text


def _dns_label_or_none(text: str) -> str:
    return text and _dns_label(text)


def _model_name(text: str) -> str:
    if len(text) > MODEL_NAME_MAX_LENGTH or not DNS_LABEL.fullmatch(text):
        raise ValueError(
            f"must be 1 to {MODEL_NAME_MAX_LENGTH} of a-z, 0-9 and -, beginning and ending with a "
            "letter or digit"
        )
    return text


def _storage_class(text: str) -> str:
    if text and (len(text) > 253 or not DNS_SUBDOMAIN.fullmatch(text)):
        raise ValueError("must be the name of a StorageClass, or empty for the cluster's default")
    return text


def _volume_size(text: str) -> str:
    if text:
        memory_bytes(text)
    return text


def image_reference(text: str) -> str:
    """The text itself, if it names one image for good."""
    match = IMAGE_REFERENCE.fullmatch(text)
    if match is None or match["tag"] == "latest" or not (match["tag"] or match["digest"]):
        raise ValueError(
            "must be an image with a tag other than `latest` or with a digest, such as "
            "registry.example/gateway:1.4.0 or gateway@sha256:<64 hex digits>"
        )
    return text


def _node_port(port: int) -> int:
    if port and port not in NODE_PORTS:
        raise ValueError(f"must be {NODE_PORTS[0]} to {NODE_PORTS[-1]}, or 0 for none")
    return port


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and not parts.query):
        raise ValueError("must be an http:// or https:// URL, or empty")
    return text.rstrip("/")


def _network(text: object) -> IpNetwork:
    try:
        # A string only: ip_network would read a bare number as an address.
        network = ipaddress.ip_network(str(text))
    except ValueError:
        network = None
    if network is None or (network.version == 4 and network.overlaps(LINK_LOCAL)):
        raise ValueError(
            "must be a network such as 10.0.0.0/8, without host bits and outside of "
            f"{LINK_LOCAL} (instance metadata)"
        )
    return network


def _kubeconfig(path: object) -> Kubeconfig | None:
    if path == "":
        return None
    try:
        return parse_kubeconfig((PROJECT_FOLDER / Path(str(path)).expanduser()).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(
            "must be the path of a kubeconfig file, absolute or from the project's folder, or "
            f"empty for kubectl's default ({error})"
        ) from error


def _api_key(key: SecretStr) -> SecretStr:
    if not API_KEY.fullmatch(key.get_secret_value()):
        raise ValueError("must be 16 to 256 printable ASCII characters without spaces")
    return key


ApiKey = Annotated[SecretStr, AfterValidator(_api_key)]
CpuQuantity = Annotated[str, AfterValidator(_cpu_quantity)]
DnsLabel = Annotated[str, AfterValidator(_dns_label)]
DnsLabelOrNone = Annotated[str, AfterValidator(_dns_label_or_none)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
ImageReference = Annotated[str, AfterValidator(image_reference)]
KubeconfigFile = Annotated[
    Kubeconfig | None, BeforeValidator(_kubeconfig, json_schema_input_type=str)
]
MemoryQuantity = Annotated[str, AfterValidator(_memory_quantity)]
ModelName = Annotated[str, AfterValidator(_model_name)]
Network = Annotated[IpNetwork, BeforeValidator(_network)]
NodePort = Annotated[int, AfterValidator(_node_port)]
StorageClassName = Annotated[str, AfterValidator(_storage_class)]
VolumeSize = Annotated[str, AfterValidator(_volume_size)]
