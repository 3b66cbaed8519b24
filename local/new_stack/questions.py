"""What is asked of somebody who wants a stack of their own, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Answers = Mapping[str, str]

EKS, CLUSTER, LOCAL = "eks", "cluster", "local"
DEV, PROD = "dev", "prod"
NONE = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """`name` is its key in a file of answers; `keys` are the settings that it decides.

    `example` stands for an answer that isn't there yet, so that those before can be checked.
    """

    name: str
    text: str
    keys: Sequence[str] = ()
    choices: Sequence[str] = ()
    default: Callable[[Answers], str] | None = None  # None: has to be answered
    example: str = NONE
    is_asked: Callable[[Answers], bool] = lambda answers: True

    def assumed(self, answers: Answers) -> str:
        return self.example if self.default is None else self.default(answers)


def asked(answers: Answers) -> Iterator[Question]:
    """Those that these answers lead to; they may be added to meanwhile."""
    return (question for question in QUESTIONS if question.is_asked(answers))


def several(answer: str) -> list[str]:
    """The parts of a list, as it is typed."""
    return [part for part in answer.replace(",", " ").split() if part]


def with_assumptions(answers: Answers) -> dict[str, str]:
    """All questions answered: by these, by defaults, by examples."""
    complete = dict(answers)
    for question in asked(complete):
        complete.setdefault(question.name, question.assumed(complete))
    return complete


def _always(answer: str) -> Callable[[Answers], str]:
    return lambda answers: answer


def _on_eks(answers: Answers) -> bool:
    return answers["kind"] == EKS


def _on_a_cluster(answers: Answers) -> bool:
    return answers["kind"] != EKS


def _has_domain(answers: Answers) -> bool:
    return _on_eks(answers) and answers["domain"] != NONE


def _is_public(answers: Answers) -> bool:
    return _has_domain(answers) and answers["size"] == PROD


def _zones(answers: Answers) -> str:
    letters = "ab" if answers["size"] == DEV else "abc"
    return ", ".join(f"{answers['region']}{letter}" for letter in letters)


def _budget(answers: Answers) -> str:
    """Nobody would hear of one without an address."""
    if not answers["emails"]:
        return "0"
    return "800" if answers["size"] == DEV else "5000"


QUESTIONS = (
    Question(
        name="kind",
        text="Where does it run: on an EKS cluster that it makes (eks), on a cluster of yours "
        "(cluster), or on one machine, in kind, minikube or `make up`'s cluster (local)?",
        choices=(EKS, CLUSTER, LOCAL),
        default=_always(EKS),
    ),
    Question(
        name="size",
        text="Small, and gone with one command (dev), or protected and in three zones (prod)?",
        choices=(DEV, PROD),
        default=_always(DEV),
        is_asked=_on_eks,
    ),
    Question(
        name="account",
        text="AWS account, 12 digits: the only one that the stack may touch",
        keys=("awsAccountId",),
        example="111122223333",
        is_asked=_on_eks,
    ),
    Question(
        name="region",
        text="AWS region",
        keys=("awsRegion",),
        default=_always("eu-west-1"),
        is_asked=_on_eks,
    ),
    Question(
        name="zones",
        text="Availability zones, two or three; GPU instances aren't in every one",
        keys=("network",),
        default=_zones,
        is_asked=_on_eks,
    ),
    Question(
        name="admins",
        text="ARNs of IAM roles or users who may do everything in the cluster, the one that runs "
        "Pulumi among them",
        keys=("eksCluster.admins",),
        example="arn:aws:iam::111122223333:role/platform-admin",
        is_asked=_on_eks,
    ),
    Question(
        name="deployers",
        text="ARNs of roles with which CI deploys the stack",
        keys=("eksCluster.deployers", "eksCluster.viewers"),
        default=_always(NONE),
        is_asked=_on_eks,
    ),
    Question(
        name="api_networks",
        text="Networks that may reach the cluster's API from outside, such as 198.51.100.7/32; "
        "without any it is reached through the VPC alone",
        keys=("eksCluster.publicAccessCidrs",),
        default=_always(NONE),
        is_asked=_on_eks,
    ),
    Question(
        name="domain",
        text="Name that clients call, such as vision.example.com; without one it is inside of the "
        "VPC, and without TLS",
        keys=("entry.domainName",),
        default=_always(NONE),
        is_asked=_on_eks,
    ),
    Question(
        name="hosted_zone",
        text="Id of the name's hosted zone in Route 53",
        keys=("entry.hostedZoneId", "entry.allowPlainHttp"),
        example="Z0123456789EXAMPLE",
        is_asked=_has_domain,
    ),
    Question(
        name="clients",
        text="Networks of clients",
        keys=("entry.sourceCidrs",),
        default=_always("0.0.0.0/0"),
        is_asked=_is_public,
    ),
    Question(
        name="emails",
        text="Addresses that alarms go to",
        keys=("observability.alarmEmails",),
        default=_always(NONE),
        is_asked=_on_eks,
    ),
    Question(
        name="budget",
        text="Monthly budget in USD, told to these addresses; 0 is none",
        keys=("observability.monthlyBudgetUsd",),
        default=_budget,
        is_asked=_on_eks,
    ),
    Question(
        name="context",
        text="Context of your kubeconfig; none is the current one at the time",
        keys=("kubeContext",),
        default=_always(NONE),
        is_asked=_on_a_cluster,
    ),
    Question(
        name="namespace",
        text="Namespace, made and owned by the stack",
        keys=("namespace",),
        default=_always("image-serving"),
        is_asked=_on_a_cluster,
    ),
    Question(
        name="storage_class",
        text="StorageClass of the model volumes; none is the cluster's default",
        keys=("storageClass",),
        default=_always(NONE),
        is_asked=_on_a_cluster,
    ),
    Question(
        name="gateway_image",
        text="Image of the gateway, built from services/gateway, with a tag",
        keys=("gatewayImage",),
        example="registry.example/gateway:1.0.0",
        is_asked=_on_a_cluster,
    ),
    Question(
        name="server_image",
        text="Image of the model server",
        keys=("modelServerImage",),
        default=_always("tensorflow/serving:2.20.0"),
        is_asked=_on_a_cluster,
    ),
    Question(
        name="model",
        text="Name of the model",
        keys=("models[0].name", "models[0].source"),
        default=_always("digits"),
    ),
    Question(
        name="model_image",
        text="Image of the model; none is built from services/model/export/<model>",
        keys=("models[0].image",),
        default=_always(NONE),
        is_asked=_on_eks,
    ),
    Question(
        name="model_image",
        text="Image of the model, built from services/model, with a tag",
        keys=("models[0].image",),
        example="registry.example/models:digits-1",
        is_asked=_on_a_cluster,
    ),
)
