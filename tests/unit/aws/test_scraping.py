"""infra/aws/scraping.py: what alarms look at is scraped, and the agent can reach it."""

import re
from typing import Any

import pytest

from infra.aws.scraping import scraping
from infra.aws.service_metrics import PROMETHEUS_NAMESPACE, SCRAPED, Scraped
from tests.unit.aws.ground import PREFIX
from tests.unit.aws.nodes import SERVICE_NAMESPACE
from tests.unit.cloud import REGION
from tests.unit.harness import Program, local_settings, run_program

CONFIGURATION = scraping(cluster_name=PREFIX, namespace=SERVICE_NAMESPACE, region=REGION)
JOBS = {
    job["job_name"]: job
    for job in CONFIGURATION["receivers"]["prometheus/serving"]["config"]["scrape_configs"]
}
POD_JOBS = ("gateway", "model-server", "model-sync")
NAMES = [(scraped, name) for scraped in SCRAPED for name in scraped.names]


@pytest.fixture(scope="module")
def service() -> Program:
    return run_program(local_settings())


def targets(program: Program) -> set[str]:
    """What Kubernetes tells Prometheus of each port of each running pod."""
    return {
        f"{template['metadata']['labels']['app.kubernetes.io/name']};{port['containerPort']};Running"
        for _, template in program.pod_templates()
        for kind in ("containers", "initContainers")
        for container in template["spec"].get(kind, [])
        for port in container.get("ports", [])
    }


class TestTargets:
    @pytest.mark.parametrize("job", POD_JOBS)
    def test_each_job_finds_its_pods(self, job: str, service: Program) -> None:
        (keep,) = (one for one in JOBS[job]["relabel_configs"] if one.get("action") == "keep")
        assert keep["source_labels"] == [
            "__meta_kubernetes_pod_label_app_kubernetes_io_name",
            "__meta_kubernetes_pod_container_port_number",
            "__meta_kubernetes_pod_phase",
        ]
        found = {one for one in targets(service) if re.fullmatch(keep["regex"], one)}
        assert len(found) == 1, found

    @pytest.mark.parametrize("job", POD_JOBS)
    def test_on_the_agents_own_node(self, job: str) -> None:
        """From another node NetworkPolicies would refuse it, and pods would be counted twice."""
        (discovery,) = JOBS[job]["kubernetes_sd_configs"]
        assert discovery["namespaces"] == {"names": [SERVICE_NAMESPACE]}
        assert discovery["selectors"] == [
            {"role": "pod", "field": "spec.nodeName=${env:K8S_NODE_NAME}"}
        ]

    def test_the_paths(self) -> None:
        assert {job: JOBS[job]["metrics_path"] for job in POD_JOBS} == {
            "gateway": "/metrics",
            "model-server": "/monitoring/prometheus/metrics",
            "model-sync": "/metrics",
        }

    def test_the_kubelet_by_a_right_that_the_agent_has(self) -> None:
        """`nodes/proxy`, https://github.com/aws-observability/helm-charts: no `nodes/metrics`."""
        assert JOBS["kubelet"]["metrics_path"] == (
            "/api/v1/nodes/${env:K8S_NODE_NAME}/proxy/metrics"
        )


class TestSeries:
    @pytest.mark.parametrize(("scraped", "name"), NAMES, ids=lambda value: str(value)[:40])
    def test_every_metric_gets_through(self, scraped: Scraped, name: str) -> None:
        first = JOBS[scraped.job]["metric_relabel_configs"][0]
        assert first["action"] == "keep" and re.fullmatch(first["regex"], name)
        (dropped,) = CONFIGURATION["processors"]["filter/serving"]["metrics"]["metric"]
        kept = re.search(r'IsMatch\(name, "(.*)"\) != true', dropped)
        assert kept and re.search(kept[1], name)

    @pytest.mark.parametrize("name", ["up", "gateway_request_seconds", "python_info"])
    def test_others_do_not(self, name: str) -> None:
        """Each is billed, and nobody looks at it."""
        (dropped,) = CONFIGURATION["processors"]["filter/serving"]["metrics"]["metric"]
        kept = re.search(r'IsMatch\(name, "(.*)"\) != true', dropped)
        assert kept and not re.search(kept[1], name)

    @pytest.mark.parametrize(("scraped", "name"), NAMES, ids=lambda value: str(value)[:40])
    def test_dimensions_are_those_that_alarms_name(self, scraped: Scraped, name: str) -> None:
        """A metric with one more dimension is another metric: the alarm would see no data."""
        (transform,) = (
            one
            for one in CONFIGURATION["processors"]["metricstransform/serving"]["transforms"]
            if one["include"] == name
        )
        (operation,) = transform["operations"]
        assert operation["label_set"] == ["ClusterName", *scraped.labels]
        assert operation["aggregation_type"] == scraped.aggregation

    @pytest.mark.parametrize("job", JOBS)
    def test_cluster_and_namespace_are_told(self, job: str) -> None:
        told = {
            one["target_label"]: one["replacement"]
            for one in JOBS[job]["relabel_configs"]
            if "replacement" in one
        }
        assert told == {"ClusterName": PREFIX, "Namespace": SERVICE_NAMESPACE}

    def test_replicas_volumes_are_one_metric(self) -> None:
        """The claim's name without the replica's number."""
        relabel = JOBS["kubelet"]["metric_relabel_configs"][-1]
        match = re.fullmatch(relabel["regex"], "models-model-digits-7")
        assert match and match[1] == "models-model-digits"
        assert "replacement" not in relabel  # `$` is eaten by the environment on the way


class TestPipeline:
    def test_counters_arrive_as_increases(self) -> None:
        """CloudWatch would else add up all requests since each pod's start, every minute anew."""
        (pipeline,) = CONFIGURATION["service"]["pipelines"].values()
        assert pipeline["processors"].index("cumulativetodelta/serving") < pipeline[
            "processors"
        ].index("metricstransform/serving")

    def test_all_its_parts_are_there(self) -> None:
        (pipeline,) = CONFIGURATION["service"]["pipelines"].values()
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) == CONFIGURATION[kind].keys()

    def test_it_goes_where_the_role_may_write(self) -> None:
        exporter = CONFIGURATION["exporters"]["awscloudwatch/serving"]
        assert exporter["namespace"] == PROMETHEUS_NAMESPACE
        assert exporter["region"] == REGION

    def test_pods_are_no_dimension(self) -> None:
        """Each new pod would be a metric of its own, for fifteen months."""
        exporter: dict[str, Any] = CONFIGURATION["exporters"]["awscloudwatch/serving"]
        assert exporter["resource_to_telemetry_conversion"] == {"enabled": False}
