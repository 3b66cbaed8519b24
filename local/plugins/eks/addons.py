"""The add-ons that the component makes by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from local.plugins.shared.values import Object

_OVERWRITE: Final = "OVERWRITE"
# Option, environment variable of the CNI's container, value without the option.
_ENVIRONMENT: Final = (
    ("nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT", None),
    ("customNetworkConfig", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", None),
    ("warmEniTarget", "WARM_ENI_TARGET", "1"),
    ("warmIpTarget", "WARM_IP_TARGET", None),
    ("warmPrefixTarget", "WARM_PREFIX_TARGET", None),
    ("enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION", None),
    ("logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"),
    ("logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"),
    ("vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"),
    ("eniMtu", "AWS_VPC_ENI_MTU", "9001"),
    ("eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF", None),
    ("pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"),
    ("pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"),
    ("enablePodEni", "ENABLE_POD_ENI", "false"),
    ("cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", None),
    ("cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"),
    ("externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"),
)


def addon(
    name: str,
    addon_name: str,
    cluster: aws.eks.Cluster,
    options: Mapping[str, Any],
    tags: pulumi.Input[Any],
    opts: pulumi.ResourceOptions,
) -> aws.eks.Addon:
    """An add-on with the component's defaults; without a version, the newest one."""
    values = options.get("configurationValues")
    return aws.eks.Addon(
        name,
        cluster_name=cluster.name,
        addon_name=addon_name,
        preserve=True,
        tags=tags,
        resolve_conflicts_on_create=options.get("resolveConflictsOnCreate") or _OVERWRITE,
        resolve_conflicts_on_update=options.get("resolveConflictsOnUpdate") or _OVERWRITE,
        addon_version=options.get("version") or _newest(addon_name, cluster, opts),
        configuration_values=None if values is None else pulumi.Output.json_dumps(values),
        service_account_role_arn=options.get("serviceAccountRoleArn"),
        opts=opts,
    )


class VpcCniAddon(pulumi.ComponentResource):
    """The genuine component's `eks:index:VpcCniAddon`."""

    def __init__(
        self,
        name: str,
        cluster: aws.eks.Cluster,
        options: Mapping[str, Any],
        tags: pulumi.Input[Any],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("eks:index:VpcCniAddon", name, {}, opts)
        values = pulumi.Output.from_input(dict(options)).apply(cni_configuration)
        made = addon(
            name,
            "vpc-cni",
            cluster,
            {**options, "version": options.get("addonVersion"), "configurationValues": values},
            tags,
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"addon": made})


def cni_configuration(options: Object) -> Object:
    """The add-on's configuration, from the component's options."""
    environment = {
        variable: _text(options[option]) if options.get(option) else default
        for option, variable, default in _ENVIRONMENT
        if options.get(option) or default is not None
    }
    first = {"DISABLE_TCP_EARLY_DEMUX": _text(options.get("disableTcpEarlyDemux") or False)}
    given = dict(options.get("configurationValues") or {})
    if options.get("enableNetworkPolicy") is not None:
        given.setdefault("enableNetworkPolicy", _text(options["enableNetworkPolicy"]))
    given["env"] = environment | (given.get("env") or {})
    init = given.get("init") or {}
    given["init"] = init | {"env": first | (init.get("env") or {})}
    return given


def _newest(
    addon_name: str, cluster: aws.eks.Cluster, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    found = aws.eks.get_addon_version_output(
        addon_name=addon_name,
        kubernetes_version=cluster.version,
        most_recent=True,
        opts=pulumi.InvokeOutputOptions(parent=opts.parent),
    )
    return found.version


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
