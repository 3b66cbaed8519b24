"""A batch job that classifies a folder of the datasets volume through the service."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pulumi
from pulumi_kubernetes.batch.v1 import Job, JobSpecArgs
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs, Secret
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from archive.pod import POD_LABELS, VOLUME_FOLDER, PodFiles, container, pod_spec
from archive.serving import OutputError, Serving

RETRIES = 3
# Then the job is ended, and the engine stops waiting for it.
DEADLINE_SECONDS = 3600
DNS_PORT = 53


@dataclass(frozen=True, kw_only=True)
class ClassificationArgs:
    """images, table: on the volume. run: another value runs the job again."""

    serving: Serving
    images: str
    table: str
    run: str
    api_key: pulumi.Output[str] | None = None


class Classification(pulumi.ComponentResource):
    """The job, in the service's own namespace: a claim can be mounted from no other.

    It ends well once every image has a class. What it has classified stays in the table when it
    fails; a retry goes on from there.
    """

    TYPE = "archive:batch:Classification"

    job_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ClassificationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        self._metadata = ObjectMetaArgs(namespace=args.serving.namespace, labels=POD_LABELS)
        key = self._api_key()
        job = self._job(key, self._network_policy())
        self.job_name = job.metadata.name
        self.register_outputs({"job_name": self.job_name})

    @property
    def _url(self) -> pulumi.Output[str]:
        """The gateway's, once it is sure that it will answer."""
        serving, has_key = self._args.serving, self._args.api_key is not None

        def checked(values: list[object]) -> str:
            url, is_key_required = values
            if is_key_required and not has_key:
                raise OutputError(
                    "the gateway asks for an API key: get one from the serving team, then\n"
                    "  pulumi config set --secret apiKey"
                )
            return str(url)

        return pulumi.Output.all(serving.gateway_cluster_url, serving.api_key_required).apply(
            checked
        )

    def _api_key(self) -> Secret | None:
        if self._args.api_key is None:
            return None
        return Secret(
            f"{self._name}-api-key",
            metadata=self._metadata,
            string_data={"key": self._args.api_key},
            opts=self._child,
        )

    def _network_policy(self) -> NetworkPolicy:
        """Names and the gateway, and nothing else."""
        port = self._args.serving.gateway_cluster_url.apply(lambda url: urlsplit(url).port or 80)
        return NetworkPolicy(
            f"{self._name}-network-policy",
            metadata=self._metadata,
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels=POD_LABELS),
                policy_types=["Ingress", "Egress"],
                egress=[
                    NetworkPolicyEgressRuleArgs(
                        to=[NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs())],
                        ports=[
                            NetworkPolicyPortArgs(port=DNS_PORT, protocol=protocol)
                            for protocol in ("UDP", "TCP")
                        ],
                    ),
                    NetworkPolicyEgressRuleArgs(
                        to=[NetworkPolicyPeerArgs(pod_selector=LabelSelectorArgs())],
                        ports=[NetworkPolicyPortArgs(port=port, protocol="TCP")],
                    ),
                ],
            ),
            opts=self._child,
        )

    def _job(self, key: Secret | None, policy: NetworkPolicy) -> Job:
        """Without a name of its own: a changed job is another one, beside the one before."""
        args, serving = self._args, self._args.serving
        table = f"{VOLUME_FOLDER}/{args.table}"
        command: list[pulumi.Input[str]] = [
            *("python3", "-m", "gateway.client", f"{VOLUME_FOLDER}/{args.images}"),
            *("--url", self._url, "--csv", table),
        ]
        files = PodFiles(
            claim_name=serving.datasets_claim, secret_name=key.metadata.name if key else None
        )
        spec = pod_spec(
            # The table last and by itself, so that the job's log is the table.
            init_containers=[
                container("classify", [*command, *files.key_options], serving.gateway_image, files)
            ],
            containers=[container("table", ["cat", table], serving.gateway_image, files)],
            files=files,
        )
        return Job(
            f"{self._name}-job",
            metadata=self._metadata,
            spec=JobSpecArgs(
                backoff_limit=RETRIES,
                active_deadline_seconds=DEADLINE_SECONDS,
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(
                        labels=POD_LABELS, annotations={"image-archive/run": args.run}
                    ),
                    spec=spec,
                ),
            ),
            opts=self._child.merge(
                pulumi.ResourceOptions(
                    depends_on=[policy],
                    custom_timeouts=pulumi.CustomTimeouts(create=f"{DEADLINE_SECONDS}s"),
                )
            ),
        )
