"""The CNI's configuration, as the genuine component makes it of its options."""

from __future__ import annotations

from local.plugins.eks.addons import cni_configuration


def test_without_options_it_has_the_components_defaults() -> None:
    made = cni_configuration({})
    assert made["env"]["WARM_ENI_TARGET"] == "1"
    assert made["env"]["AWS_VPC_K8S_CNI_LOGLEVEL"] == "DEBUG"
    assert made["init"] == {"env": {"DISABLE_TCP_EARLY_DEMUX": "false"}}
    assert "enableNetworkPolicy" not in made


def test_options_are_texts_there_and_values_of_the_program_win() -> None:
    made = cni_configuration(
        {
            "enableNetworkPolicy": True,
            "enablePrefixDelegation": True,
            "warmIpTarget": 4,
            "configurationValues": {"env": {"WARM_ENI_TARGET": "2"}, "livenessProbe": {}},
        }
    )
    assert made["enableNetworkPolicy"] == "true"
    assert made["env"]["ENABLE_PREFIX_DELEGATION"] == "true"
    assert made["env"]["WARM_IP_TARGET"] == "4"
    assert made["env"]["WARM_ENI_TARGET"] == "2"
    assert made["livenessProbe"] == {}
