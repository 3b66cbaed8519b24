"""infra/aws/model_rights.py: a model's pods read their own prefix, and nothing without a bucket."""

import json

from tests.unit.harness import Program, Registration, run_program, stack_settings

ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
OURS = "s3://image-serving-dev-models-111122223333/models/digits"


def with_bucket(url: str) -> Program:
    settings = stack_settings("dev")
    settings["models"][0]["source"] = {"bucketUrl": url}
    return run_program(settings, stack="dev")


def association_of_the_model(program: Program) -> Registration:
    (found,) = [
        one
        for one in program.of_type(ASSOCIATION)
        if one.inputs["serviceAccount"] == "model-digits"
    ]
    return found


def policy(program: Program) -> str:
    found = [
        one
        for one in program.resources
        if one.type == "aws:iam/rolePolicy:RolePolicy" and "model-digits" in one.name
    ]
    assert len(found) == 1, found
    return json.dumps(found[0].inputs["policy"])


def test_its_service_account_gets_the_role() -> None:
    association = association_of_the_model(with_bucket(OURS))
    assert association.inputs["namespace"] == "image-serving"


def test_pods_wait_for_it() -> None:
    """A pod that starts before has no credentials until it is started anew."""
    program = with_bucket(OURS)
    association = association_of_the_model(program)
    assert association.urn in program.only("StatefulSet", "model-digits").depends_on


def test_it_is_older_than_the_nodes() -> None:
    """An association holds seconds after it was made: a pod that came at once would miss it."""
    program = with_bucket(OURS)
    namespace = program.only("Namespace", "image-serving")
    assert namespace.urn not in association_of_the_model(program).depends_on


def test_only_its_own_prefix() -> None:
    text = policy(with_bucket(OURS))
    assert "image-serving-dev-models-111122223333/models/digits/*" in text
    assert "s3:PutObject" not in text


def test_the_key_of_our_bucket_and_of_no_other() -> None:
    assert "kms:Decrypt" in policy(with_bucket(OURS))
    assert "kms:Decrypt" not in policy(with_bucket("s3://another-bucket/models/digits"))


def test_no_role_without_a_bucket() -> None:
    settings = stack_settings("dev")
    settings["models"][0].pop("source", None)
    program = run_program(settings, stack="dev")
    accounts = {one.inputs["serviceAccount"] for one in program.of_type(ASSOCIATION)}
    assert "model-digits" not in accounts
