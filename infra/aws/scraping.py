"""How the CloudWatch agent gets the service's metrics: a pipeline of the OpenTelemetry Collector.

The agent runs on every node and scrapes the pods of its own node alone, so that each is scraped
once; the network policy agent lets the node itself through to its pods, whatever the policies say
(https://github.com/aws/aws-network-policy-agent, pkg/fwruleprocessor/fw_rule_processor.go).
The add-on adds the pipeline to its own: https://github.com/aws-observability/helm-charts,
templates/linux/cloudwatch-agent-custom-resource.yaml of the chart amazon-cloudwatch-observability.
"""

from typing import Any

import pulumi

from infra.aws.service_metrics import (
    CLUSTER,
    GATEWAY_JOB,
    KUBELET_JOB,
    MODEL_SERVER_JOB,
    MODEL_SYNC_JOB,
    NAMESPACE,
    PROMETHEUS_NAMESPACE,
    SCRAPED,
    VOLUME,
    VOLUME_OF_CLAIM,
    Scraped,
)
from infra.labels import GATEWAY
from infra.workloads.model_config import METRICS_PATH
from infra.workloads.model_server_flags import REST_PORT
from infra.workloads.sync_containers import METRICS_PORT

INTERVAL = "60s"  # a point a minute, which is what CloudWatch keeps
# Of the agent's own environment. The Collector puts them in; `$` alone would be eaten on the way.
NODE = "${env:K8S_NODE_NAME}"
API_SERVER = "${env:KUBERNETES_SERVICE_HOST}:${env:KUBERNETES_SERVICE_PORT}"
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"

APPLICATION_LABEL = "__meta_kubernetes_pod_label_app_kubernetes_io_name"
PORT = "__meta_kubernetes_pod_container_port_number"
PHASE = "__meta_kubernetes_pod_phase"

Json = dict[str, Any]


def scraping(*, cluster_name: pulumi.Input[str], namespace: pulumi.Input[str], region: str) -> Json:
    """The Collector's configuration, for `agent.otelConfig` of the add-on."""
    names = [name for scraped in SCRAPED for name in scraped.names]
    return {
        "receivers": {
            "prometheus/serving": {"config": {"scrape_configs": _jobs(cluster_name, namespace)}}
        },
        "processors": {
            # Drops what the scraper tells of itself.
            "filter/serving": {
                "metrics": {"metric": [f'IsMatch(name, "^({"|".join(names)})$") != true']}
            },
            # CloudWatch adds up what arrives, so counters have to arrive as increases.
            # Of pods that are gone it forgets the last value: by default it never does.
            "cumulativetodelta/serving": {"max_staleness": "1h"},
            "metricstransform/serving": {
                "transforms": [_dimensions(one, name) for one in SCRAPED for name in one.names]
            },
            "batch/serving": {},
        },
        "exporters": {
            "awscloudwatch/serving": {
                "namespace": PROMETHEUS_NAMESPACE,
                "region": region,
                "force_flush_interval": INTERVAL,
                # The pod's address and such would make each of them a metric of its own.
                "resource_to_telemetry_conversion": {"enabled": False},
            }
        },
        "service": {
            "pipelines": {
                "metrics/serving": {
                    "receivers": ["prometheus/serving"],
                    "processors": [
                        "filter/serving",
                        "cumulativetodelta/serving",
                        "metricstransform/serving",
                        "batch/serving",
                    ],
                    "exporters": ["awscloudwatch/serving"],
                }
            }
        },
    }


def _jobs(cluster_name: pulumi.Input[str], namespace: pulumi.Input[str]) -> list[Json]:
    labels = [
        {"target_label": CLUSTER, "replacement": cluster_name},
        {"target_label": NAMESPACE, "replacement": namespace},
    ]
    pods = {"role": "pod", "namespaces": {"names": [namespace]}} | {
        "selectors": [{"role": "pod", "field": f"spec.nodeName={NODE}"}]
    }
    targets = {
        GATEWAY_JOB: (GATEWAY.application, GATEWAY.port, "/metrics"),
        MODEL_SERVER_JOB: ("model-server", REST_PORT, METRICS_PATH),
        MODEL_SYNC_JOB: ("model-server", METRICS_PORT, "/metrics"),
    }
    return [
        *(
            {
                **_job(job),
                "metrics_path": path,
                "kubernetes_sd_configs": [pods],
                "relabel_configs": [
                    _keep([APPLICATION_LABEL, PORT, PHASE], f"{application};{port};Running"),
                    *labels,
                ],
            }
            for job, (application, port, path) in targets.items()
        ),
        _kubelet(labels, namespace),
    ]


def _job(job: str) -> Json:
    names = [name for scraped in SCRAPED if scraped.job == job for name in scraped.names]
    return {
        "job_name": job,
        "scrape_interval": INTERVAL,
        "metric_relabel_configs": [_keep(["__name__"], "|".join(names))],
    }


def _kubelet(labels: list[Json], namespace: pulumi.Input[str]) -> Json:
    """Through the API server: the agent's role has `nodes/proxy`, and no `nodes/metrics`."""
    job = _job(KUBELET_JOB)
    return job | {
        "scheme": "https",
        "metrics_path": f"/api/v1/nodes/{NODE}/proxy/metrics",
        "authorization": {"credentials_file": f"{SERVICE_ACCOUNT}/token"},
        "tls_config": {"ca_file": f"{SERVICE_ACCOUNT}/ca.crt"},
        "static_configs": [{"targets": [API_SERVER]}],
        "relabel_configs": labels,
        "metric_relabel_configs": [
            *job["metric_relabel_configs"],
            _keep(["namespace"], namespace),
            {
                # Into the first group, which needs no `replacement`.
                "source_labels": ["persistentvolumeclaim"],
                "regex": VOLUME_OF_CLAIM,
                "target_label": VOLUME,
            },
        ],
    }


def _keep(labels: list[str], pattern: pulumi.Input[str]) -> Json:
    """Prometheus joins the labels by semicolons, and matches the whole."""
    return {"action": "keep", "source_labels": labels, "regex": pattern}


def _dimensions(scraped: Scraped, name: str) -> Json:
    return {
        "include": name,
        "match_type": "strict",
        "action": "update",
        "operations": [
            {
                "action": "aggregate_labels",
                "label_set": [CLUSTER, *scraped.labels],
                "aggregation_type": scraped.aggregation,
            }
        ],
    }
