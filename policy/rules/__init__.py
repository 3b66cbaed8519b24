"""All rules. Each is a plain function of a resource's type and inputs."""

from policy.rules.cost_tags import COST_TAGS
from policy.rules.encryption import ENCRYPTED_AT_REST
from policy.rules.iam import NO_WILDCARD_RIGHTS
from policy.rules.images import PINNED_IMAGES
from policy.rules.instance_metadata import IMDSV2
from policy.rules.log_retention import LOG_RETENTION
from policy.rules.pods import RESTRICTED_PODS
from policy.rules.public_access import NO_PUBLIC_ACCESS

RULES = (
    ENCRYPTED_AT_REST,
    NO_PUBLIC_ACCESS,
    NO_WILDCARD_RIGHTS,
    IMDSV2,
    RESTRICTED_PODS,
    PINNED_IMAGES,
    COST_TAGS,
    LOG_RETENTION,
)
