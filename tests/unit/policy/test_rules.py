"""policy/rules: what keeps the rules passes, each way to break one is told, unknown is no fault."""

import pytest

from policy.rules.values import UNKNOWN
from tests.unit.policy.examples import GOOD, broken, policy, violations, without_known

CONTAINER = "spec.template.spec.containers.0"
ANYONE_AT_SSH = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

# the rule, its words → the good example, the field that is changed and its new value
BAD: dict[tuple[str, str], tuple[str, str, object]] = {
    ("encrypted-at-rest", "encrypted must be true"): ("volume", "encrypted", False),
    ("encrypted-at-rest", "/dev/xvda must be encrypted"): (
        "launch template",
        "blockDeviceMappings.0.ebs",
        {"volumeSize": 100},
    ),
    ("encrypted-at-rest", "must say that the root volume"): (
        "launch template",
        "blockDeviceMappings",
        None,
    ),
    ("encrypted-at-rest", "sseAlgorithm aws:kms"): (
        "bucket's encryption",
        "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm",
        "AES256",
    ),
    ("encrypted-at-rest", "images must be encrypted"): (
        "repository",
        "encryptionConfigurations",
        None,
    ),
    ("encrypted-at-rest", "Secrets must be encrypted"): ("cluster", "encryptionConfigKeyArn", None),
    ("encrypted-at-rest", "enableKeyRotation"): ("key", "enableKeyRotation", None),
    ("encrypted-at-rest", "kmsMasterKeyId"): ("topic", "kmsMasterKeyId", None),
    ("encrypted-at-rest", 'must be "true"'): ("storage class", "parameters", {}),
    ("no-public-access", "ignorePublicAcls must be true"): (
        "public access block",
        "ignorePublicAcls",
        None,
    ),
    ("no-public-access", "must name the networks"): ("cluster", "endpointPublicAccess", True),
    ("no-public-access", "must not be open to 0.0.0.0/0"): (
        "cluster with a public endpoint",
        "vpcConfig.publicAccessCidrs",
        ["0.0.0.0/0"],
    ),
    ("no-public-access", "public addresses"): ("subnet", "mapPublicIpOnLaunch", True),
    ("no-public-access", "ports 22 to 443"): ("TLS for anyone", "fromPort", 22),
    ("no-public-access", "ports 30696 to 30696"): (
        "a node port for the VPC",
        "ingress.0.cidrBlocks",
        ["0.0.0.0/0"],
    ),
    ("no-public-access", "type LoadBalancer"): ("service", "spec.type", "LoadBalancer"),
    ("no-wildcard-rights", "action s3:* must be named"): (
        "role policy",
        "policy",
        policy("s3:*", "arn:aws:s3:::models/*"),
    ),
    ("no-wildcard-rights", "must name its resources"): (
        "role policy",
        "policy",
        policy("autoscaling:SetDesiredCapacity", "*"),
    ),
    ("no-wildcard-rights", "NotAction"): (
        "role policy",
        "policy",
        policy([], "*", NotAction="iam:CreateUser", Condition={"a": {}}),
    ),
    ("imdsv2", "httpTokens must be required"): (
        "launch template",
        "metadataOptions.httpTokens",
        "optional",
    ),
    ("imdsv2", "HopLimit must be 1"): (
        "launch template",
        "metadataOptions.httpPutResponseHopLimit",
        2,
    ),
    ("restricted-pods", "container gateway is privileged"): (
        "pod",
        f"{CONTAINER}.securityContext.privileged",
        True,
    ),
    ("restricted-pods", "volume node is a hostPath"): (
        "pod",
        "spec.template.spec.volumes",
        [{"name": "node", "hostPath": {"path": "/"}}],
    ),
    ("pinned-images", "gateway:latest needs a tag"): (
        "pod",
        f"{CONTAINER}.image",
        "gateway:latest",
    ),
    ("pinned-images", "registry.example:5000/gateway needs"): (
        "pod",
        f"{CONTAINER}.image",
        "registry.example:5000/gateway",
    ),
    ("cost-tags", "tags must have Stack"): ("volume", "tags.Stack", None),
    ("log-retention", "kept, and paid, for ever"): ("log group", "retentionInDays", None),
    ("log-retention", "kmsKeyId"): ("log group", "kmsKeyId", None),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_keeps_the_rules_passes(name: str) -> None:
    assert violations(GOOD[name]) == {}


@pytest.mark.parametrize(("rule", "words"), BAD)
def test_a_broken_rule_is_told(rule: str, words: str) -> None:
    found = violations(broken(*BAD[rule, words]))
    assert list(found) == [rule]
    assert words in found[rule][0]


@pytest.mark.parametrize("name", GOOD)
def test_what_is_not_known_yet_is_no_fault(name: str) -> None:
    """A preview knows little of what AWS will answer."""
    kind, inputs = GOOD[name]
    assert violations((kind, without_known(inputs, UNKNOWN))) == {}


def test_every_rule_is_broken_by_an_example() -> None:
    from policy.rules import RULES

    assert {rule for rule, _ in BAD} == {rule.name for rule in RULES}


def test_the_device_plugin_alone_may_have_more() -> None:
    kind, inputs = broken("pod", f"{CONTAINER}.securityContext.privileged", True)
    inputs["metadata"]["namespace"] = "nvidia-device-plugin"
    assert violations((kind, inputs)) == {}


def test_rights_that_are_managed_by_amazon_and_too_many() -> None:
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    found = violations((attachment, {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}))
    assert "more than any part of a stack needs" in found["no-wildcard-rights"][0]


def test_a_boundary_gives_no_right() -> None:
    """It may name services whole, as long as nobody takes it for a policy."""
    boundary = {"name": "image-serving-boundary", "policy": policy("s3:*", "*")}
    assert not violations(("aws:iam/policy:Policy", boundary)).get("no-wildcard-rights")


def test_a_boundary_that_is_attached_does() -> None:
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    arn = "arn:aws:iam::111122223333:policy/ci/image-serving-boundary"
    found = violations((attachment, {"policyArn": arn}))
    assert "it would give all that it bounds" in found["no-wildcard-rights"][0]
