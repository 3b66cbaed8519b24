"""The stack file's text: a template, filled with the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from local.new_stack.questions import EKS, PROD, Answers, several, with_assumptions
from local.paths import PROJECT

_TEMPLATES = Path(__file__).parent / "templates"
# What YAML reads as the same text without quotes, inside of lists too.
_PLAIN = re.compile(r"[A-Za-z][\w./@:+=-]*[\w/]|[A-Za-z]")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_DEFAULT_NAMESPACE = PROJECT


def stack_file_text(stack: str, given: Answers) -> str:
    """Of answers that needn't be complete: what is missing is assumed."""
    answers = with_assumptions(given)
    values = _eks_values(stack, answers) if answers["kind"] == EKS else _cluster_values(answers)
    template = Template((_TEMPLATES / f"{_template(answers)}.yaml.template").read_text())
    lines = template.substitute(values).splitlines()
    return "\n".join([*(line for line in lines if line.strip()), ""])


def secrets_provider(stack: str, region: str) -> str:
    """The KMS key of a protected stack's secrets, by its alias."""
    return f"awskms://alias/{PROJECT}-{stack}?region={region}"


def _template(answers: Answers) -> str:
    if answers["kind"] == EKS:
        return f"{EKS}-{answers['size']}"
    return answers["kind"]


def _eks_values(stack: str, answers: Answers) -> Mapping[str, str]:
    bucket = f"{PROJECT}-{stack}-models-{answers['account']}"
    image = answers["model_image"]
    return {
        "region": _text(answers["region"]),
        "account": _text(answers["account"]),
        "zones": _list(several(answers["zones"])),
        "admins": _list(several(answers["admins"])),
        "deployers": _list(several(answers["deployers"])),
        "api_networks": _list(several(answers["api_networks"])),
        "entry": "\n".join(f"    {line}" for line in _entry(answers)),
        "emails": _list(several(answers["emails"])),
        "budget": answers["budget"] if answers["budget"].isdecimal() else _text(answers["budget"]),
        "model": _text(answers["model"]),
        "model_image": f"      image: {_text(image)}" if image else "",
        "bucket_url": _text(f"s3://{bucket}/models/{answers['model']}"),
        "secrets_provider": secrets_provider(stack, answers["region"]),
    }


def _entry(answers: Answers) -> list[str]:
    """Inside of the VPC without TLS, or with a name and its certificate; prod then in public."""
    is_prod = answers["size"] == PROD
    if not answers["domain"]:
        internal = ["scheme: internal # inside of the VPC"] if is_prod else []
        return [*internal, "allowPlainHttp: true # for as long as there is no name to certify"]
    named = [
        f"domainName: {_text(answers['domain'])} # the stack makes its certificate and record",
        f"hostedZoneId: {_text(answers['hosted_zone'])}",
    ]
    if not is_prod:
        return named
    clients = _list(several(answers["clients"]))
    return [
        "scheme: internet-facing",
        f"sourceCidrs: {clients} # keys and rate limits guard it",
        *named,
    ]


def _cluster_values(answers: Answers) -> Mapping[str, str]:
    namespace = answers["namespace"]
    return {
        "context": _setting("kubeContext", answers["context"]),
        "namespace": _setting("namespace", "" if namespace == _DEFAULT_NAMESPACE else namespace),
        "storage_class": _setting("storageClass", answers["storage_class"]),
        "gateway_image": _text(answers["gateway_image"]),
        "server_image": _text(answers["server_image"]),
        "model": _text(answers["model"]),
        "own_model_image": _text(answers["model_image"]),
    }


def _setting(key: str, value: str) -> str:
    """A line, or none where the default does."""
    return f"  {PROJECT}:{key}: {_text(value)}" if value else ""


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(_text(item) for item in items)}]"


def _text(value: str) -> str:
    """A scalar that YAML reads as this very text."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value)
