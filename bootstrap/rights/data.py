"""What holds data: keys, images, buckets, snapshots."""

from bootstrap.rights.actions import Actions, changing, ending, of_service
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

ACTIONS = {
    "aws:kms/key:Key": Actions(
        look=(
            "kms:DescribeKey",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
        ),
        change=(
            "kms:EnableKeyRotation",
            "kms:PutKeyPolicy",
            "kms:UpdateKeyDescription",
        ),
        end=("kms:ScheduleKeyDeletion",),
    ),
    "aws:kms/alias:Alias": Actions(
        look=("kms:ListAliases",),
        change=("kms:CreateAlias", "kms:UpdateAlias"),
        end=("kms:DeleteAlias",),
    ),
    "aws:ecr/repository:Repository": Actions(
        look=("ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"),
        change=(
            "ecr:CreateRepository",
            "ecr:PutImageScanningConfiguration",
            "ecr:PutImageTagMutability",
            "ecr:TagResource",
            "ecr:UntagResource",
        ),
        end=("ecr:BatchDeleteImage", "ecr:DeleteRepository"),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Actions(
        look=("ecr:GetLifecyclePolicy",),
        change=("ecr:PutLifecyclePolicy",),
        end=("ecr:DeleteLifecyclePolicy",),
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Actions(
        look=("ecr:GetRepositoryPolicy",),
        change=("ecr:SetRepositoryPolicy",),
        end=("ecr:DeleteRepositoryPolicy",),
    ),
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    "docker-build:index:Image": Actions(
        look=("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"),
        change=(
            "ecr:BatchCheckLayerAvailability",
            "ecr:CompleteLayerUpload",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ),
    ),
    # The plugin reads every part of a bucket, whoever manages it. Tags it gives as all of AWS does,
    # and only where that is refused in S3's own way:
    # https://github.com/hashicorp/terraform-provider-aws/pull/45251
    "aws:s3/bucket:Bucket": Actions(
        look=(
            "s3:GetAccelerateConfiguration",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketRequestPayment",
            "s3:GetBucketTagging",
            "s3:GetBucketWebsite",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:ListTagsForResource",
        ),
        change=("s3:CreateBucket", "s3:PutBucketTagging", "s3:TagResource", "s3:UntagResource"),
        # It is emptied before, where the stack doesn't protect its data.
        end=(
            "s3:DeleteBucket",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:ListBucketVersions",
        ),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": Actions(
        look=("s3:GetBucketVersioning",), change=("s3:PutBucketVersioning",)
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        Actions(look=("s3:GetEncryptionConfiguration",), change=("s3:PutEncryptionConfiguration",))
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Actions(
        look=("s3:GetBucketOwnershipControls",), change=("s3:PutBucketOwnershipControls",)
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Actions(
        look=("s3:GetBucketPublicAccessBlock",), change=("s3:PutBucketPublicAccessBlock",)
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Actions(
        look=("s3:GetBucketPolicy",),
        change=("s3:PutBucketPolicy",),
        end=("s3:DeleteBucketPolicy",),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Actions(
        look=("s3:GetLifecycleConfiguration",), change=("s3:PutLifecycleConfiguration",)
    ),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": Actions(
        look=("dlm:GetLifecyclePolicy", "dlm:ListTagsForResource"),
        change=(
            "dlm:CreateLifecyclePolicy",
            "dlm:TagResource",
            "dlm:UntagResource",
            "dlm:UpdateLifecyclePolicy",
        ),
        end=("dlm:DeleteLifecyclePolicy",),
    ),
}
_CHANGES = [*changing(ACTIONS), *ending(ACTIONS)]
_ON_ALIASES = ("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias")
# For services that keep data under the key: EKS, ECR and EBS get it by a grant.
_GRANTS = ("kms:CreateGrant", "kms:RetireGrant")
_UNDER_KEY = (
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
)


def data(target: Target) -> list[Statement]:
    bucket = target.global_arn("s3", target.models_bucket)
    return [
        *_keys(target),
        Statement(
            sid="ChangeItsImages",
            actions=[
                *of_service(_CHANGES, "ecr"),
                # To push is to ask which layers are there.
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            resources=[target.arn("ecr", f"repository/{target.prefix}/*")],
        ),
        Statement(
            sid="ChangeItsBucket",
            # Who writes a bucket's policy could take the right to its objects: so it has it openly,
            # and may publish models.
            actions=[*of_service(_CHANGES, "s3"), "s3:GetObject", "s3:PutObject"],
            resources=[bucket, f"{bucket}/*"],
        ),
        *_snapshots(target),
    ]


def _snapshots(target: Target) -> list[Statement]:
    schedules = target.arn("dlm", "policy/*")
    create, tag = "dlm:CreateLifecyclePolicy", "dlm:TagResource"
    return [
        Statement(
            sid="ScheduleSnapshots",
            actions=[create],
            resources=["*"],
            conditions=target.in_its_region,
        ),
        Statement(
            sid="TagItsSchedule",
            actions=[tag],
            resources=[schedules],
            conditions=target.gets_its_tag,
        ),
        Statement(
            sid="ChangeItsSchedule",
            actions=[each for each in of_service(_CHANGES, "dlm") if each not in (create, tag)],
            resources=[schedules],
            conditions=target.is_its_own,
        ),
    ]


def _keys(target: Target) -> list[Statement]:
    keys = target.arn("kms", "key/*")
    on_keys = [each for each in of_service(_CHANGES, "kms") if each not in _ON_ALIASES]
    return [
        Statement(
            sid="MakeKeysOfItsOwn",
            actions=["kms:CreateKey", "kms:TagResource"],
            resources=["*"],
            conditions=target.gets_its_tag,
        ),
        Statement(
            sid="ChangeItsKeys",
            actions=[*on_keys, "kms:TagResource", "kms:UntagResource", *_ON_ALIASES],
            resources=[keys],
            conditions=target.is_its_own,
        ),
        Statement(
            sid="NameItsKeys",
            actions=list(_ON_ALIASES),
            resources=[target.arn("kms", f"alias/{target.prefix}-*")],
        ),
        Statement(
            sid="UseItsKeys",
            actions=[*_GRANTS, *_UNDER_KEY],
            resources=[keys],
            conditions=target.is_its_own,
        ),
    ]
