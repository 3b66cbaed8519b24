"""The name by which clients find the gateway, and its certificate."""

from bootstrap.rights.actions import Actions, changing, ending, of_service
from bootstrap.rights.target import Target
from infra.aws.iam_documents import Statement

ACTIONS = {
    "aws:acm/certificate:Certificate": Actions(
        look=("acm:DescribeCertificate", "acm:ListTagsForCertificate"),
        change=(
            "acm:AddTagsToCertificate",
            "acm:RemoveTagsFromCertificate",
            "acm:RequestCertificate",
        ),
        end=("acm:DeleteCertificate",),
    ),
    "aws:acm/certificateValidation:CertificateValidation": Actions(),  # waits, and looks
    "aws:route53/record:Record": Actions(
        look=("route53:GetChange", "route53:GetHostedZone", "route53:ListResourceRecordSets"),
        change=("route53:ChangeResourceRecordSets",),
    ),
}
_REQUEST = ("acm:AddTagsToCertificate", "acm:RequestCertificate")
_CHANGES = [*changing(ACTIONS), *ending(ACTIONS)]


def name(target: Target) -> list[Statement]:
    """None for a stack whose settings here name no hosted zone: the zone is others' too."""
    if not target.hosted_zone_id:
        return []
    return [
        Statement(
            sid="RequestCertificates",
            actions=list(_REQUEST),
            resources=["*"],
            conditions=target.gets_its_tag,
        ),
        Statement(
            sid="ChangeItsCertificate",
            actions=[each for each in of_service(_CHANGES, "acm") if each not in _REQUEST],
            resources=[target.arn("acm", "certificate/*")],
            conditions=target.is_its_own,
        ),
        Statement(
            sid="ChangeRecordsOfItsZone",
            actions=of_service(_CHANGES, "route53"),
            resources=[target.global_arn("route53", f"hostedzone/{target.hosted_zone_id}")],
        ),
    ]
