"""Configuration files of the components, written below the cluster's state folder.

Where a value is not the upstream default, the reason stands beside it.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import yaml

from local.cluster.spec import (
    CLUSTER_DOMAIN,
    DNS_SERVICE_IP,
    POD_BRIDGE,
    POD_CIDR,
    ClusterSpec,
)
from local.files import write_if_changed

_ENCRYPTION_KEY_BYTES = 32


def write_configuration(spec: ClusterSpec, pause_image: str) -> None:
    """Writes every component's configuration file; `pause_image` holds each pod's sandbox."""
    config = spec.paths.config
    write_if_changed(config / "containerd.toml", _containerd(spec, pause_image))
    write_if_changed(config / "cni" / "10-bridge.conflist", json.dumps(_cni(), indent=2))
    write_if_changed(config / "kubelet.yaml", yaml.safe_dump(_kubelet(spec)))
    write_if_changed(config / "kube-proxy.yaml", yaml.safe_dump(_kube_proxy(spec)))
    write_if_changed(config / "resolv.conf", "nameserver 127.0.0.1\n")
    encryption = spec.paths.pki / "encryption.yaml"
    if not encryption.exists():  # a new key would leave the Secrets in etcd unreadable
        write_if_changed(encryption, yaml.safe_dump(_encryption()), mode=0o600)


def _containerd(spec: ClusterSpec, pause_image: str) -> str:
    return f"""\
version = 2
root = "{spec.paths.containerd}"
state = "/run/containerd"

[grpc]
address = "/run/containerd/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{pause_image}"
# Without the right to lower OOM scores runc could start no pod at all.
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{spec.paths.config / "cni"}"

# How a registry is reached that has no TLS, for instance: a folder per host, read at every pull
# (github.com/containerd/containerd, docs/hosts.md).
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "{spec.paths.registries}"
"""


def _cni() -> dict[str, Any]:
    return {
        "cniVersion": "0.4.0",
        "name": "pods",
        "plugins": [
            {
                "type": "bridge",
                "bridge": POD_BRIDGE,
                "isGateway": True,
                "ipMasq": True,
                "hairpinMode": True,
                "ipam": {
                    "type": "host-local",
                    "ranges": [[{"subnet": _node_pod_cidr()}]],
                    "routes": [{"dst": "0.0.0.0/0"}],
                },
            },
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }


def _node_pod_cidr() -> str:
    """The first /24 of the pod range: the one that the controller gives to the only node."""
    return POD_CIDR.replace("/16", "/24")


def _kubelet(spec: ClusterSpec) -> dict[str, Any]:
    pki = spec.paths.pki
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": spec.node_ip,  # not the bridge's, which is among the pods' addresses
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(pki / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(pki / "kubelet-serving.crt"),
        "tlsPrivateKeyFile": str(pki / "kubelet-serving.key"),
        "cgroupDriver": "cgroupfs",  # s6 is process 1 here, not systemd
        "cgroupRoot": f"/{spec.cgroup}",
        "clusterDNS": [DNS_SERVICE_IP],
        "clusterDomain": CLUSTER_DOMAIN,
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        # A changed ConfigMap reaches its pods within it, where a minute is the default.
        "syncFrequency": "10s",
        "failCgroupV1": False,  # machines with the older layout are welcome
        "failSwapOn": False,
        "resolvConf": str(spec.paths.config / "resolv.conf"),
        # A laptop's full disk must not empty the cluster of its images and pods.
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
    }


def _kube_proxy(spec: ClusterSpec) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clusterCIDR": POD_CIDR,
        "clientConnection": {"kubeconfig": str(spec.paths.config / "kube-proxy.kubeconfig")},
        "hostnameOverride": spec.node_name,
        "healthzBindAddress": "127.0.0.1:10256",
        # The connection table's size belongs to the machine, not to this cluster.
        "conntrack": {"maxPerCore": 0, "min": 0},
        "iptables": {"localhostNodePorts": False},
    }


def _encryption() -> dict[str, Any]:
    key = base64.b64encode(secrets.token_bytes(_ENCRYPTION_KEY_BYTES)).decode()
    return {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [
            {
                "resources": ["secrets"],
                "providers": [
                    {"secretbox": {"keys": [{"name": "key1", "secret": key}]}},
                    {"identity": {}},
                ],
            }
        ],
    }
