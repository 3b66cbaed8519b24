"""Data that outlives what works on it: the datasets, and snapshots of them."""

import pulumi

from infra.aws.datasets_volume import DatasetsVolume, DatasetsVolumeArgs
from infra.aws.ground import EksGround
from infra.aws.snapshots import Snapshots, SnapshotsArgs


def datasets_volume(
    eks: EksGround | None, namespace: pulumi.Input[str], on_cluster: pulumi.ResourceOptions
) -> DatasetsVolume | None:
    """None where the stack has none. Its objects in the cluster are in `namespace`."""
    if eks is None or not eks.account.settings.datasets_volume.enabled:
        return None
    account, settings = eks.account, eks.account.settings
    both = pulumi.ResourceOptions.merge(account.opts, on_cluster)
    volume = DatasetsVolume(
        "datasets",
        DatasetsVolumeArgs(
            prefix=account.prefix,
            settings=settings.datasets_volume,
            zone=settings.datasets_volume.zone or settings.network.zones[0],
            key_arn=account.keys.volumes_arn,
            protect_data=settings.protect_data,
            namespace=namespace,
        ),
        both,
    )
    Snapshots(
        "snapshots",
        SnapshotsArgs(
            prefix=account.prefix,
            region=settings.region,
            account_id=settings.account_id,
            settings=settings.datasets_volume,
            volume_id=volume.volume_id,
        ),
        account.opts,
    )
    return volume
