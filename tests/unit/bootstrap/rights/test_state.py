"""bootstrap/rights/state.py: state and secrets, and what nobody in CI may do to them."""

from bootstrap.rights import state
from infra.aws.iam_documents import Statement
from tests.unit.bootstrap.rights.written import unmeant, written
from tests.unit.bootstrap.shared import BUCKET, DEV, SHARED, allows

DEV_STATE = f"{BUCKET}/.pulumi/stacks/image-serving/dev.json"
PROD_STATE = f"{BUCKET}/.pulumi/stacks/image-serving/prod.json"
THROUGH_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
STATE_KEY, SECRETS_KEY = str(SHARED.state_key_arn), str(SHARED.secrets_key_arn)
OWN = [DEV.regionless_arn("iam", "role/image-serving-ci/*")]
# As if somebody had attached AdministratorAccess later.
ALL = Statement(
    sid="All",
    actions=["s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy", "kms:Encrypt"],
    resources=["*"],
    because="a specification",
)


def test_the_linter_finds_nothing() -> None:
    assert (
        unmeant(
            lambda: [
                *state.read_state(SHARED),
                *state.write_state(SHARED, DEV.id),
                *state.use_secrets(SHARED, [DEV.id], may_encrypt=True),
                *state.never_touch_what_is_shared(SHARED, OWN),
            ]
        )
        == []
    )


def test_reading_is_of_every_stack() -> None:
    """StackReferences rest on it."""
    reading = written(lambda: state.read_state(SHARED))
    for key in (DEV_STATE, PROD_STATE, f"{BUCKET}/.pulumi/meta.yaml"):
        assert allows(reading, "s3:GetObject", key)
    assert allows(reading, "s3:ListBucket", BUCKET)
    assert allows(reading, "kms:Decrypt", STATE_KEY, THROUGH_S3)


def test_the_key_of_states_is_used_through_s3_alone() -> None:
    assert not allows(written(lambda: state.read_state(SHARED)), "kms:Decrypt", STATE_KEY)


def test_writing_is_of_one_stack() -> None:
    writing = written(lambda: state.write_state(SHARED, DEV.id))
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert allows(writing, action, DEV_STATE)
        assert not allows(writing, action, PROD_STATE)
        assert not allows(writing, action, f"{BUCKET}/.pulumi/meta.yaml")


def test_secrets_of_another_stack_stay_closed() -> None:
    """Its file in the repository has them, for everybody to see: the key's context keeps them."""
    using = written(lambda: state.use_secrets(SHARED, [DEV.id], may_encrypt=False))
    for stack, own in (("image-serving/dev", True), ("image-serving/prod", False)):
        context = {"kms:EncryptionContext:stack": stack}
        assert allows(using, "kms:Decrypt", SECRETS_KEY, context) is own
    assert not allows(using, "kms:Decrypt", SECRETS_KEY)
    assert not allows(using, "kms:Encrypt", SECRETS_KEY, {"kms:EncryptionContext:stack": DEV.id})


def test_who_only_looks_never_writes_whatever_it_is_given() -> None:
    given = written(lambda: [ALL, *state.never_write_state(SHARED)])
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert not allows(given, action, DEV_STATE)
    assert not allows(given, "s3:PutBucketPolicy", BUCKET)
    assert not allows(given, "kms:Encrypt", SECRETS_KEY)
    assert allows(given, "s3:PutObject", "arn:aws:s3:::another/key")  # it is about the state


def test_who_deploys_never_changes_what_all_stand_on() -> None:
    wide = ["s3:PutBucketPolicy", "s3:DeleteObjectVersion", "kms:ScheduleKeyDeletion"]
    give = ["iam:PutRolePolicy", "iam:PassRole", "iam:UpdateAssumeRolePolicy"]
    all_ = Statement(sid="All", actions=[*wide, *give], resources=["*"], because="a specification")
    given = written(lambda: [all_, *state.never_touch_what_is_shared(SHARED, OWN)])
    assert not allows(given, "s3:PutBucketPolicy", BUCKET)
    assert not allows(given, "s3:DeleteObjectVersion", DEV_STATE)
    assert not allows(given, "kms:ScheduleKeyDeletion", STATE_KEY)
    for action in give:
        deploy = DEV.regionless_arn("iam", "role/image-serving-ci/image-serving-dev-deploy")
        assert not allows(given, action, deploy)
        assert allows(given, action, DEV.regionless_arn("iam", "role/image-serving-dev-nodes"))
