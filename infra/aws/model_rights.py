"""What a model's pods may read in S3."""

import pulumi

from infra.aws.ground import EksGround
from infra.aws.pod_role import PodRole, PodRoleArgs
from infra.aws.rights import model_sync
from infra.labels import model_workload
from infra.settings.model import ModelSettings


def model_rights(
    eks: EksGround | None, model: ModelSettings, namespace: str
) -> list[pulumi.Resource]:
    """What has to be there before its pods are; nothing for a model that has no bucket.

    namespace: its name, known from the start. An association takes seconds until it holds, and a
    pod that started within them never has credentials: made with the cluster, it is older than the
    nodes. https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
    """
    bucket_url = model.source.bucket_url
    if eks is None or not bucket_url:
        return []
    account, cluster = eks.account, eks.identity
    is_ours = account.bucket is not None and bucket_url.startswith(f"s3://{account.bucket_name}/")
    role = PodRole(
        f"model-{model.name}-role",
        PodRoleArgs(
            cluster=cluster,
            purpose=f"model-{model.name}",
            namespace=namespace,
            service_account=model_workload(model.name).name,
            statements=model_sync(
                cluster,
                bucket_url=bucket_url,
                key_arn=account.keys.storage_arn if is_ours else None,
            ),
        ),
        account.opts,
    )
    return role.ready
