"""The checks in the order in which they are made: `make up` stops at the first problem."""

from __future__ import annotations

from functools import cached_property

from local.cluster.sandbox import find_sandbox
from local.cluster.spec import (
    DEFAULT_GATEWAY_PORT,
    LARGEST_PORT,
    ClusterSpec,
    find_problem,
    load_spec,
    port_taken,
)
from local.errors import LocalError
from local.locks import busy, cluster_holder
from local.paths import ClusterPaths
from local.preconditions import ground
from local.preconditions.finding import Check, Finding, first_problem
from local.preconditions.machine import Machine, ThisMachine
from local.preconditions.network import clock, network
from local.preconditions.plan import Plan, plan_for, plan_for_a_context, plan_for_the_tool
from local.preconditions.sources import url_of
from local.preconditions.space import space


class Preconditions:
    """All checks for one cluster. What they look up is looked up once."""

    def __init__(
        self, name: str, gateway_port: int | None, machine: Machine, plan: Plan | None = None
    ) -> None:
        self._name = name
        self._gateway_port = gateway_port
        self._machine = machine
        if plan is not None:
            self.plan = plan

    @cached_property
    def plan(self) -> Plan:
        return plan_for(self._name)

    def checks(self) -> list[Check]:
        machine = self._machine
        return [
            Check("system", lambda: ground.system(machine)),
            Check("rights", lambda: ground.rights(machine)),
            Check("state", self._state),
            Check("other runs", self._other_runs),
            Check("port", self._port),
            Check("memory", lambda: ground.memory(machine, runs=self._runs)),
            Check("clock", lambda: clock(machine, self._spec)),
            Check("packages", lambda: ground.packages(machine, self.plan)),
            Check("space", lambda: space(machine, self._name, self.plan)),
            Check("network", lambda: network(machine, self.plan, url_of)),
        ]

    def checks_of_the_tool(self) -> list[Check]:
        """Those that concern every verb."""
        wanted = ("system", "clock", "space", "network")
        return [each for each in self.checks() if each.name in wanted]

    @cached_property
    def _spec(self) -> ClusterSpec | None:
        return load_spec(self._name)

    @cached_property
    def _runs(self) -> bool:
        return self._spec is not None and find_sandbox(self._spec) is not None

    def _state(self) -> Finding:
        root = ClusterPaths.of(self._name).root
        problem = find_problem(self._name)
        if problem is None:
            kind = "known" if self._spec else "new"
            return Finding(f"{root}: {kind} cluster, {'runs' if self._runs else 'stopped'}")
        return Finding(str(root), problem)

    def _other_runs(self) -> Finding:
        holder = cluster_holder(self._name)
        return Finding("none") if holder is None else Finding(str(holder), busy(self._name, holder))

    def _port(self) -> Finding:
        known = self._spec.gateway_port if self._spec else None
        wanted = self._gateway_port if self._gateway_port is not None else known
        port = wanted if wanted is not None else DEFAULT_GATEWAY_PORT
        if not 1 <= port <= LARGEST_PORT:
            return Finding(str(port), f"GATEWAY_PORT={port}: a port is 1 to {LARGEST_PORT}")
        if self._runs and port == known:
            return Finding(f"{port}: the cluster's own")
        holder = self._machine.port_holder(port)
        if holder is None:
            return Finding(f"{port}: free")
        return Finding(f"{port}: {holder}", port_taken(port, holder))


def require_for_the_tool(name: str) -> None:
    """Raises `LocalError` with what keeps the tool's own packages from being installed."""
    checks = Preconditions(name, None, ThisMachine(), plan_for_the_tool()).checks_of_the_tool()
    problem = first_problem(checks)
    if problem is not None:
        raise LocalError(problem)


def require_for_a_context(state_name: str) -> None:
    """Raises `LocalError` with what keeps `make up CONTEXT=…` from starting on this machine.

    It runs no cluster here, so that it needs neither root nor Linux.
    """
    wanted = ("other runs", "clock", "space", "network")
    checks = Preconditions(state_name, None, ThisMachine(), plan_for_a_context()).checks()
    problem = first_problem([each for each in checks if each.name in wanted])
    if problem is not None:
        raise LocalError(problem)


def require(name: str, gateway_port: int | None) -> None:
    """Raises `LocalError` with the first problem of this machine."""
    problem = first_problem(Preconditions(name, gateway_port, ThisMachine()).checks())
    if problem is not None:
        raise LocalError(problem)
