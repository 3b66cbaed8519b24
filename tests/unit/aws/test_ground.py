"""infra/aws/ground.py: each layer waits for what it stands on, and goes before it."""

import pytest

from tests.unit.harness import Program, Registration, run_program, stack_settings

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ADD_ON = "aws:eks/addon:Addon"


def add_on(program: Program, name: str) -> Registration:
    (found,) = [one for one in program.of_type(ADD_ON) if one.inputs["addonName"] == name]
    return found


def before(program: Program, urn: str) -> set[str]:
    """All that a resource waits for, at any distance: its inputs, options, parents and provider."""
    by_urn = {one.urn: one for one in program.resources}
    seen: set[str] = set()
    waiting = [urn]
    while waiting:
        one = by_urn.get(waiting.pop())
        if one is None:
            continue
        provider = one.provider.rpartition("::")[0]
        for each in (*one.depends_on, provider):
            if each and each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen


@pytest.mark.parametrize("name", ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"])
def test_nodes_wait_for_their_network(dev: Program, name: str) -> None:
    for group in dev.of_type(NODE_GROUP):
        assert add_on(dev, name).urn in before(dev, group.urn), group


@pytest.mark.parametrize("name", ["coredns", "aws-ebs-csi-driver", "metrics-server"])
def test_add_ons_with_pods_wait_for_nodes(dev: Program, name: str) -> None:
    groups = [one for one in dev.of_type(NODE_GROUP) if "nvidia" not in str(one.inputs).lower()]
    for group in groups:
        assert group.urn in before(dev, add_on(dev, name).urn), group


def test_every_object_waits_for_nodes_names_and_volumes(dev: Program) -> None:
    """And so is gone before they go: else finalizers and volumes would hang."""
    for one in dev.manifests:
        needs = before(dev, one.urn)
        for name in ("coredns", "aws-ebs-csi-driver", "vpc-cni"):
            assert add_on(dev, name).urn in needs, one


def test_every_object_waits_for_gpu_groups_too(dev: Program) -> None:
    """Else `destroy` would end the nodes under models that still let go of their volumes."""
    stateful_set = dev.only("StatefulSet", "model-digits")
    needs = before(dev, stateful_set.urn)
    groups = dev.of_type(NODE_GROUP)
    assert {group.inputs["amiType"] for group in groups} == {
        "AL2023_x86_64_STANDARD",
        "AL2023_x86_64_NVIDIA",
    }
    assert {group.urn for group in groups} <= needs


def test_the_cluster_waits_for_keys_and_ways_out(dev: Program) -> None:
    (cluster,) = dev.of_type("eks:index:Cluster")
    needs = before(dev, cluster.urn)
    assert dev.one("aws:kms/key:Key", "keys-secrets").urn in needs
    assert any("way-out" in each for each in needs)


def test_an_existing_vpc_is_left_as_it_is() -> None:
    subnets = {
        f"eu-west-1{zone}": f"subnet-0123456789abcde{number}{number}"
        for number, zone in enumerate("ab")
    }
    settings = stack_settings("dev")
    settings["network"]["existingVpc"] = {
        "vpcId": "vpc-0123456789abcdef0",
        "cidr": "10.0.0.0/16",
        "privateSubnetIds": subnets,
        "publicSubnetIds": {},
    }
    program = run_program(settings, stack="dev")
    assert not program.of_type("aws:ec2/vpc:Vpc")
    assert not program.of_type("aws:ec2/subnet:Subnet")
    groups = program.of_type(NODE_GROUP)
    assert {one.inputs["subnetIds"][0] for one in groups} == set(subnets.values())
