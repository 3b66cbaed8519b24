"""Every way through the questions."""

from itertools import product

from local.new_stack.questions import asked

CHOICES = {
    "kind": ("eks", "cluster", "local"),
    "size": ("dev", "prod"),
    "api_networks": ("", "198.51.100.7/32, 203.0.113.0/24"),
    "domain": ("", "vision.example.com"),
    "emails": ("", "a@example.com b@example.com"),
    "context": ("", "arn:aws:eks:eu-west-1:111122223333:cluster/other"),
    "namespace": ("image-serving", "vision"),
    "storage_class": ("", "gp3"),
}


def all_answers() -> list[dict[str, str]]:
    """Each choice of each question that changes which others are asked, or what is written."""
    found = {}
    for values in product(*CHOICES.values()):
        wanted = dict(zip(CHOICES, values, strict=True))
        answers: dict[str, str] = {}
        for question in asked(answers):
            answers[question.name] = wanted.get(question.name, question.assumed(answers))
        found[tuple(answers.items())] = answers
    return list(found.values())


def name_of(answers: dict[str, str]) -> str:
    """Of a test: what its answers choose."""
    chosen = [
        f"{key}" if answers[key] not in ("eks", "cluster", "local", "dev", "prod") else answers[key]
        for key in CHOICES
        if answers.get(key, "") not in ("", "image-serving")
    ]
    return "-".join(chosen)
