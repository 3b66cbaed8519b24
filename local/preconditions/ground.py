"""Checks of the machine itself: system, rights, packages, memory."""

from __future__ import annotations

from local.preconditions.finding import Finding
from local.preconditions.machine import GIB, Machine
from local.preconditions.plan import Plan
from local.preconditions.sources import Source

ARCHITECTURES = ("x86_64", "aarch64")
MEMORY_GIB = 3.0  # control plane and node agents 1.2, gateways and model servers the rest


def system(machine: Machine) -> Finding:
    found = f"{machine.system()} {machine.architecture()}, {machine.cores()} cores"
    if machine.system() != "Linux":
        return Finding(
            found,
            f"this is {machine.system()}, and the local cluster is made of Linux namespaces; "
            "run it on Linux, for instance in a virtual machine with Debian 12",
        )
    if machine.architecture() not in ARCHITECTURES:
        return Finding(
            found,
            f"the architecture {machine.architecture()} is not supported; "
            f"use a machine with one of: {', '.join(ARCHITECTURES)}",
        )
    return Finding(found)


def rights(machine: Machine) -> Finding:
    if machine.user_id() == 0:
        return Finding("root")
    return Finding(
        f"user {machine.user_id()}", "namespaces and containers need root; run it with sudo"
    )


def packages(machine: Machine, plan: Plan) -> Finding:
    missing = plan.fetched_from(Source.DEBIAN)
    if not missing:
        return Finding("all installed")
    if machine.has_program("apt-get"):
        return Finding("to do: " + "; ".join(missing))
    return Finding(
        "no apt-get",
        f"there is no apt-get to {missing[0]}; use Debian 12, or install these programs yourself",
    )


def memory(machine: Machine, *, runs: bool) -> Finding:
    available = machine.available_memory_bytes() / GIB
    found = f"{available:.1f} GiB available"
    if runs or available >= MEMORY_GIB:
        return Finding(found)
    return Finding(
        found,
        f"{available:.1f} GiB of memory are available and the cluster needs {MEMORY_GIB:.0f} GiB; "
        "end other programs, or take a machine with 8 GiB",
    )
