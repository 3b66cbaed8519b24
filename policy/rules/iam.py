"""Rights are named: no wildcard in an action, and `*` as a resource only where there is no other.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterator, Mapping

from policy.rules.rule import Inputs, Rule
from policy.rules.values import document, fields

# Where a policy stands in the inputs.
_DOCUMENTS: Mapping[str, str] = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
}
# In a key's policy `*` is the key itself, and its account keeps all rights, as AWS advises:
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_ON_ITSELF = frozenset({"aws:kms/key:Key"})
# These look, and many of them know no narrower resource.
_READING = ("Describe", "List", "Get", "BatchGet")
_MANAGED = {"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"}
# A permissions boundary, which gives nobody a right, as long as nobody attaches it as a policy.
_BOUNDARY = "-boundary"


def check(resource_type: str, inputs: Inputs) -> Iterator[str]:
    if resource_type in _DOCUMENTS and not str(inputs.get("name")).endswith(_BOUNDARY):
        policy = document(inputs.get(_DOCUMENTS[resource_type]))
        for statement in _listed(policy.get("Statement")):
            if fields(statement).get("Effect") == "Allow":
                yield from _statement(fields(statement), on_itself=resource_type in _ON_ITSELF)
    if resource_type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
        name = str(inputs.get("policyArn")).rpartition("/")[2]
        if name in _MANAGED:
            yield f"{name} is more than any part of a stack needs"
        if name.endswith(_BOUNDARY):
            yield f"{name} is a boundary: attached as a policy it would give all that it bounds"


def _statement(statement: Inputs, *, on_itself: bool) -> Iterator[str]:
    actions = [str(action) for action in _listed(statement.get("Action"))]
    if on_itself and _is_the_account(statement):
        return
    for action in actions:
        if "*" in action and not (on_itself and action.startswith("kms:")):
            yield f"action {action} must be named in full"
    if "NotAction" in statement or "NotResource" in statement:
        yield "NotAction and NotResource allow all that they don't name"
    everywhere = "*" in _listed(statement.get("Resource"))
    narrowed = on_itself or is_narrowed(statement)
    only_looks = all(action.partition(":")[2].startswith(_READING) for action in actions)
    if everywhere and not narrowed and not only_looks:
        yield f"{', '.join(actions)} must name its resources, or a condition"


def is_narrowed(statement: Inputs) -> bool:
    return bool(statement.get("Condition"))


def _is_the_account(statement: Inputs) -> bool:
    principal = fields(statement.get("Principal")).get("AWS")
    return any(str(each).endswith(":root") for each in _listed(principal))


def _listed(value: object) -> list[object]:
    """IAM writes a single item without a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


NO_WILDCARD_RIGHTS = Rule(
    name="no-wildcard-rights",
    description="IAM policies name their actions, and their resources wherever AWS lets them.",
    check=check,
)
