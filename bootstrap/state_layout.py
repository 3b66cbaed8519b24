"""Where Pulumi keeps the state of a stack in a bucket, and by which URLs it finds bucket and key.

https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/store.go, lock.go, state.go
"""

# An older Pulumi chooses an SDK of AWS's by it; a newer one takes the word, and has that one alone.
# https://gocloud.dev/howto/blob/#s3
_SDK = "awssdk=v2"
# What a secret of a stack is tied to, beside the key: KMS decrypts for whoever gives the same.
# https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
CONTEXT_KEY = "stack"


def bucket_name(prefix: str, account_id: str) -> str:
    """With the account's number, since bucket names are shared by all accounts of a partition."""
    return f"{prefix}-state-{account_id}"


def secrets_alias(prefix: str) -> str:
    """Not alias/<cluster>-secrets, which is a stack's own."""
    return f"alias/{prefix}-stack-secrets"


def backend_url(bucket: str, region: str) -> str:
    """As `pulumi login` takes it: https://www.pulumi.com/docs/iac/concepts/state-and-backends/"""
    return f"s3://{bucket}?region={region}&{_SDK}"


def secrets_provider(alias: str, region: str, stack_id: str) -> str:
    """As `pulumi stack init --secrets-provider` takes it; stack_id: <project>/<stack>.

    https://github.com/google/go-cloud/blob/master/secrets/awskms/kms.go
    """
    return f"awskms://{alias}?region={region}&{_SDK}&context_{CONTEXT_KEY}={stack_id}"


def written_by(stack_id: str) -> list[str]:
    """Keys that an operation on the stack writes: checkpoint with copies, tags, history, locks."""
    return [
        # `.json`, `.json.gz`, each with `.bak`, and `.pulumi-tags`. A stack's name ends at the dot.
        f".pulumi/stacks/{stack_id}.*",
        f".pulumi/history/{stack_id}/*",
        f".pulumi/backups/{stack_id}/*",
        f".pulumi/locks/organization/{stack_id}/*",
    ]
