"""The commands of the cluster's components, in the order in which they start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from local.cluster.sandbox import on_host_network
from local.cluster.services import Service
from local.cluster.spec import (
    API_PORT,
    GATEWAY_NODE_PORT,
    POD_CIDR,
    SERVICE_CIDR,
    ClusterSpec,
)
from local.paths import REPO

_ETCD_URL = "https://127.0.0.1:2379"
_CALLERS_AT_ONCE = 1024
_POLICY_ENGINE_MEMORY = "64MiB"  # of the Go runtime; beyond it, it collects more often


def control_plane(spec: ClusterSpec, binaries: Mapping[str, Path]) -> list[Service]:
    """etcd and the API server: what everything else waits for."""
    return [_etcd(spec), _api_server(spec, binaries)]


def node_and_controllers(spec: ClusterSpec, binaries: Mapping[str, Path]) -> list[Service]:
    """All that talks to the API server."""
    return [
        Service("containerd", ["containerd", "--config", spec.paths.config / "containerd.toml"]),
        _controller_manager(spec, binaries),
        _scheduler(spec, binaries),
        _kubelet(spec, binaries),
        Service(
            "kube-proxy",
            [binaries["kube-proxy"], f"--config={spec.paths.config / 'kube-proxy.yaml'}"],
        ),
        _volume_provisioner(spec),
        _gateway_port(spec),
    ]


def policy_engine(spec: ClusterSpec, binaries: Mapping[str, Path]) -> Service:
    """kube-router, of which we use the NetworkPolicy controller alone."""
    return Service(
        "kube-router",
        [
            *("env", f"GOMEMLIMIT={_POLICY_ENGINE_MEMORY}"),
            binaries["kube-router"],
            f"--kubeconfig={spec.paths.config / 'kube-router.kubeconfig'}",
            f"--hostname-override={spec.node_name}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            "--run-firewall=true",
            "--run-router=false",
            "--run-service-proxy=false",
            "--health-port=0",  # the supervisor watches it
        ],
    )


def _etcd(spec: ClusterSpec) -> Service:
    pki = spec.paths.pki
    return Service(
        "etcd",
        [
            "etcd",
            f"--name={spec.node_name}",
            f"--data-dir={spec.paths.etcd}",
            f"--listen-client-urls={_ETCD_URL}",
            f"--advertise-client-urls={_ETCD_URL}",
            "--listen-peer-urls=http://127.0.0.1:0",  # a single member has no peers
            f"--cert-file={pki / 'etcd.crt'}",
            f"--key-file={pki / 'etcd.key'}",
            "--client-cert-auth=true",
            f"--trusted-ca-file={pki / 'ca.crt'}",
        ],
    )


def _api_server(spec: ClusterSpec, binaries: Mapping[str, Path]) -> Service:
    pki = spec.paths.pki
    return Service(
        "kube-apiserver",
        [
            binaries["kube-apiserver"],
            f"--advertise-address={spec.node_ip}",
            # Not the bridge's address: a policy that opens all pods must not open this.
            f"--bind-address={spec.node_ip}",
            f"--secure-port={API_PORT}",
            f"--etcd-servers={_ETCD_URL}",
            f"--etcd-cafile={pki / 'ca.crt'}",
            f"--etcd-certfile={pki / 'apiserver-etcd-client.crt'}",
            f"--etcd-keyfile={pki / 'apiserver-etcd-client.key'}",
            f"--encryption-provider-config={pki / 'encryption.yaml'}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--anonymous-auth=false",
            f"--client-ca-file={pki / 'ca.crt'}",
            f"--tls-cert-file={pki / 'apiserver.crt'}",
            f"--tls-private-key-file={pki / 'apiserver.key'}",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            f"--service-account-key-file={pki / 'service-accounts.pub'}",
            f"--service-account-signing-key-file={pki / 'service-accounts.key'}",
            f"--kubelet-certificate-authority={pki / 'ca.crt'}",
            f"--kubelet-client-certificate={pki / 'apiserver-kubelet-client.crt'}",
            f"--kubelet-client-key={pki / 'apiserver-kubelet-client.key'}",
            # Nobody resolves the node's name, so logs and exec must use its address.
            "--kubelet-preferred-address-types=InternalIP",
            # The aggregation layer, for metrics-server.
            f"--requestheader-client-ca-file={pki / 'front-proxy-ca.crt'}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            f"--proxy-client-cert-file={pki / 'front-proxy-client.crt'}",
            f"--proxy-client-key-file={pki / 'front-proxy-client.key'}",
            "--enable-aggregator-routing=true",
        ],
    )


def _controller_manager(spec: ClusterSpec, binaries: Mapping[str, Path]) -> Service:
    pki = spec.paths.pki
    kubeconfig = spec.paths.config / "controller-manager.kubeconfig"
    return Service(
        "kube-controller-manager",
        [
            binaries["kube-controller-manager"],
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
            "--allocate-node-cidrs=true",
            f"--cluster-cidr={POD_CIDR}",
            f"--service-cluster-ip-range={SERVICE_CIDR}",
            "--use-service-account-credentials=true",
            f"--root-ca-file={pki / 'ca.crt'}",
            f"--service-account-private-key-file={pki / 'service-accounts.key'}",
            f"--cluster-signing-cert-file={pki / 'ca.crt'}",
            f"--cluster-signing-key-file={pki / 'ca.key'}",
        ],
    )


def _scheduler(spec: ClusterSpec, binaries: Mapping[str, Path]) -> Service:
    kubeconfig = spec.paths.config / "scheduler.kubeconfig"
    return Service(
        "kube-scheduler",
        [
            binaries["kube-scheduler"],
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
        ],
    )


def _kubelet(spec: ClusterSpec, binaries: Mapping[str, Path]) -> Service:
    return Service(
        "kubelet",
        [
            binaries["kubelet"],
            f"--config={spec.paths.config / 'kubelet.yaml'}",
            f"--kubeconfig={spec.paths.config / 'kubelet.kubeconfig'}",
            f"--hostname-override={spec.node_name}",
            f"--node-ip={spec.node_ip}",
            f"--root-dir={spec.paths.kubelet}",
        ],
    )


def _volume_provisioner(spec: ClusterSpec) -> Service:
    return Service(
        "volume-provisioner",
        [
            *("env", f"PYTHONPATH={REPO}", "PYTHONUNBUFFERED=1"),
            *(sys.executable, "-m", "local.volumes"),
            f"--kubeconfig={spec.paths.config / 'volumes.kubeconfig'}",
            f"--root={spec.paths.volumes}",
        ],
    )


def _gateway_port(spec: ClusterSpec) -> Service:
    """127.0.0.1 of the host leads to the gateway's NodePort."""
    # Of more than 5 callers at once, socat's own backlog, some would find their connection reset.
    options = f"bind=127.0.0.1,fork,reuseaddr,backlog={_CALLERS_AT_ONCE}"
    listen = f"TCP-LISTEN:{spec.gateway_port},{options}"
    target = f"TCP:{spec.node_ip}:{GATEWAY_NODE_PORT}"
    return Service("gateway-port", on_host_network("socat", listen, target))
