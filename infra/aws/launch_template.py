"""How a node starts: its disk, its metadata service, the tags of all that comes with it."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from infra.settings.aws.nodes import NodeVolume

ROOT_DEVICE = "/dev/xvda"  # of Amazon Linux 2023
TAGGED_RESOURCES = ("instance", "volume", "network-interface")
# A pod's packets are one hop further: 1 keeps pods away from the node's credentials.
# https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
METADATA_HOPS = 1


def launch_template(
    resource_name: str,
    *,
    name_prefix: str,
    volume: NodeVolume,
    volumes_key_arn: pulumi.Input[str],
    tags: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> aws.ec2.LaunchTemplate:
    """For managed node groups: EKS itself adds image, bootstrap and security group."""
    return aws.ec2.LaunchTemplate(
        resource_name,
        name_prefix=name_prefix,
        update_default_version=True,
        block_device_mappings=[
            aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                device_name=ROOT_DEVICE,
                ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                    volume_type="gp3",
                    volume_size=volume.size_gib,
                    throughput=volume.throughput_mib_per_second,
                    iops=volume.iops,
                    kms_key_id=volumes_key_arn,
                    # Texts, which is how the provider has these two; `True` would be refused.
                    encrypted="true",
                    delete_on_termination="true",
                ),
            )
        ],
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled",
            http_tokens="required",
            http_put_response_hop_limit=METADATA_HOPS,
            instance_metadata_tags="disabled",
        ),
        # The provider's own tags stay on the template; what it starts has to be told.
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
            for kind in TAGGED_RESOURCES
        ],
        opts=opts,
    )
