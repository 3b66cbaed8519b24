"""What every pod gives up to pass the Pod Security standard `restricted`.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    PodSecurityContextArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
)

# The user of our images; above the users of any host, so that an escape meets no one's files.
USER_ID = 10001


def pod_security_context() -> PodSecurityContextArgs:
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=USER_ID,
        run_as_group=USER_ID,
        fs_group=USER_ID,  # volumes are made for root; this hands them to the user
        fs_group_change_policy="OnRootMismatch",  # no walk over a large model at each start
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security_context() -> SecurityContextArgs:
    return SecurityContextArgs(
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        read_only_root_filesystem=True,
    )
