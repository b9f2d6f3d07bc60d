"""Network Firewall: where it stands, what it logs, what it does by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.lint import Severity
from bulkhead.network.inventory import FirewallOptions

_FORWARDED: Final = frozenset({"aws:drop", "aws:forward_to_sfe"})


def _own(evidence: Evidence) -> Iterator[FirewallOptions]:
    """Those of the VPCs that were asked for; one at a transit gateway is of no one topology."""
    there = evidence.own_vpcs | (frozenset() if evidence.narrowed else {""})
    return (each for each in evidence.inventory.firewall_options if each.vpc in there)


def _each(
    evidence: Evidence,
    *,
    right: Callable[[FirewallOptions], bool | None],
    wrong: str,
    well: str,
    remedy: str,
) -> Iterator[Checked]:
    for each in _own(evidence):
        name = f"firewall {each.name}"
        match right(each):
            case None:
                yield undecided(each.id, name, f"whether {well} is not known")
            case True:
                yield passes(each.id, name, well)
            case _:
                yield fails(each.id, name, wrong, remedy)


def _drops(actions: tuple[str, ...] | None) -> bool | None:
    return None if actions is None else bool(_FORWARDED & set(actions))


def _zones(each: FirewallOptions) -> bool | None:
    return len(each.zones) > 1 if each.zones else None


def _logs(each: FirewallOptions) -> bool | None:
    return None if each.logs is None else bool(each.logs)


def _has_rules(each: FirewallOptions) -> bool | None:
    return None if each.rule_groups is None else each.rule_groups > 0


def _not_empty(evidence: Evidence) -> Iterator[Checked]:
    for each in evidence.inventory.stateless_groups:
        name = f"rule group {each.name}"
        if each.rules is None:
            yield undecided(each.id, name, "its answer does not show its rules")
        elif each.rules:
            yield passes(each.id, name, f"it has {each.rules} rules")
        else:
            yield fails(
                each.id, name, "it has no rule", f"write rules into {each.name}, or delete it"
            )


_check = partial(
    Check,
    severity=Severity.MEDIUM,
    risk="The firewall does less than who relies on it believes.",
    about=("firewall_options",),
)


def _option(
    name: str,
    title: str,
    right: Callable[[FirewallOptions], bool | None],
    *,
    wrong: str,
    well: str,
    remedy: str,
) -> Check:
    return _check(
        id=name,
        title=title,
        remedy=f"{remedy[0].upper()}{remedy[1:]}.",
        run=partial(_each, right=right, wrong=wrong, well=well, remedy=remedy),
    )


FIREWALLS: Final = (
    _option(
        "firewall-zones",
        "A firewall stands in several zones",
        _zones,
        wrong="it stands in one zone",
        well="it stands in several zones",
        remedy="associate it with subnets of other zones",
    ),
    _option(
        "firewall-logged",
        "A firewall logs",
        _logs,
        wrong="it logs nothing",
        well="it logs",
        remedy="write a logging configuration for FLOW and ALERT",
    ),
    _option(
        "firewall-has-rules",
        "A firewall policy has a rule group",
        _has_rules,
        wrong="its policy refers to no rule group",
        well="its policy refers to rule groups",
        remedy="refer to a rule group",
    ),
    _option(
        "firewall-full-packets",
        "A policy drops or forwards full packets by default",
        lambda each: _drops(each.full_packets),
        wrong="its policy passes full packets that no stateless rule matches",
        well="its policy drops or forwards full packets by default",
        remedy="set the stateless default action to aws:drop or aws:forward_to_sfe",
    ),
    _option(
        "firewall-fragments",
        "A policy drops or forwards fragments by default",
        lambda each: _drops(each.fragments),
        wrong="its policy passes fragments that no stateless rule matches",
        well="its policy drops or forwards fragments by default",
        remedy="set the stateless fragment default action to aws:drop or aws:forward_to_sfe",
    ),
    _option(
        "firewall-delete-protected",
        "A firewall is protected against deletion",
        lambda each: each.delete_protected,
        wrong="anybody with the permission deletes it by one call",
        well="it is protected against deletion",
        remedy="set DeleteProtection",
    ),
    _option(
        "firewall-subnets-protected",
        "A firewall is protected against a change of its subnets",
        lambda each: each.subnets_protected,
        wrong="its subnets can be taken away by one call",
        well="it is protected against a change of its subnets",
        remedy="set SubnetChangeProtection",
    ),
    Check(
        id="firewall-group-not-empty",
        title="A stateless rule group is not empty",
        severity=Severity.LOW,
        risk="Who refers to it believes that it does something.",
        remedy="Write rules into it, or delete it.",
        run=_not_empty,
        about=("stateless_groups",),
        of_account=True,
    ),
)
