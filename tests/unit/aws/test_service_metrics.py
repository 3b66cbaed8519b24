"""infra/aws/service_metrics.py: names of metrics as their producers really write them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.aws.service_metrics import (
    CLUSTER,
    GATEWAY_JOB,
    MODEL_SERVER_JOB,
    MODEL_SYNC_JOB,
    NAMESPACE,
    PROMETHEUS_NAMESPACE,
    SCRAPED,
    VOLUME,
    VOLUME_OF_CLAIM,
    ServiceMetrics,
    models_volume,
)
from tests.unit.harness import PROJECT_FOLDER, Program

SERVICES = PROJECT_FOLDER / "services"
COUNTERS = ("Counter", "_counter")
RELABELLED = {NAMESPACE, VOLUME}  # made by the scraper, not by the program that is scraped


def scraped_names(job: str) -> list[str]:
    return [name for scraped in SCRAPED if scraped.job == job for name in scraped.names]


def made_by(source: Path) -> Iterator[tuple[str, set[str]]]:
    """Each metric that prometheus_client is asked for in a module, with its labels."""
    for node in ast.walk(ast.parse(source.read_text())):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        kind = ast.unparse(node.func).rsplit(".", 1)[-1]
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            labels = node.args[2] if len(node.args) > 2 else ast.List(elts=[])
            listed = labels.elts if isinstance(labels, ast.List) else []
            text = f"{name.value}_total" if kind in COUNTERS else name.value
            yield text, {ast.literal_eval(label) for label in listed}


class TestScraped:
    """What the agent is to send on is what the programs show, under the same labels."""

    @pytest.mark.parametrize(
        ("job", "source"),
        [
            (GATEWAY_JOB, "gateway/gateway/metrics.py"),
            (MODEL_SYNC_JOB, "model/model/sync/metrics.py"),
        ],
    )
    def test_of_our_own_programs(self, job: str, source: str) -> None:
        made = dict(made_by(SERVICES / source))
        for scraped in SCRAPED:
            if scraped.job == job:
                for name in scraped.names:
                    assert name in made
                    assert set(scraped.labels) - RELABELLED <= made[name], name

    def test_of_the_model_server(self) -> None:
        # Its page turns the slashes of TensorFlow's names into colons.
        source = (SERVICES / "model/model/server/serving_metrics.py").read_text()
        for name in scraped_names(MODEL_SERVER_JOB):
            path = name.replace(":tensorflow:serving:", "{PREFIX}")
            assert f'"{path}", "model_name", "status"' in source

    def test_each_metric_once(self) -> None:
        names = [name for scraped in SCRAPED for name in scraped.names]
        assert len(set(names)) == len(names)


class TestVolumes:
    """Replicas' volumes are one volume to look at: as many as they are, none is overlooked."""

    def test_of_the_claims_of_a_stateful_set(self, local: Program) -> None:
        stateful_set = local.only("StatefulSet", "model-digits")
        (template,) = stateful_set.spec["volumeClaimTemplates"]
        claims = [
            f"{template['metadata']['name']}-{stateful_set.object_name}-{replica}"
            for replica in (0, 10)
        ]
        volumes = {re.fullmatch(VOLUME_OF_CLAIM, claim)[1] for claim in claims}  # type: ignore[index]
        assert volumes == {models_volume("digits")}

    def test_of_a_claim_without_a_number(self) -> None:
        match = re.fullmatch(VOLUME_OF_CLAIM, "datasets")
        assert match is not None
        assert match[1] == "datasets"

    def test_is_found_by_its_dimensions(self) -> None:
        metrics = ServiceMetrics(cluster_name="c", namespace="serving")
        used = metrics.volume_used_bytes("datasets")
        assert used.namespace == PROMETHEUS_NAMESPACE
        assert used.dimensions == {CLUSTER: "c", NAMESPACE: "serving", VOLUME: "datasets"}
        (scraped,) = [each for each in SCRAPED if used.name in each.names]
        assert {CLUSTER, *scraped.labels} == used.dimensions.keys()
