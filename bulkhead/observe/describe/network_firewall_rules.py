"""Rules of a Network Firewall that look at the five-tuple alone; any other is named.

(docs.aws.amazon.com/network-firewall/latest/APIReference/API_RulesSource.html)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulkhead.network import (
    ALL_PORTS,
    ICMP,
    ICMP6,
    TCP,
    UDP,
    FirewallAction,
    FirewallRule,
    IPNetwork,
    PortRange,
)
from bulkhead.observe.record import Record, UnreadableError, as_block

Doubt = Callable[[str], None]

_ACTIONS: Final[Mapping[str, FirewallAction]] = {
    "PASS": FirewallAction.PASS,
    "DROP": FirewallAction.DROP,
    "REJECT": FirewallAction.DROP,
    "aws:pass": FirewallAction.PASS,
    "aws:drop": FirewallAction.DROP,
    "aws:forward_to_sfe": FirewallAction.FORWARD,
}
_PROTOCOLS: Final[Mapping[str, tuple[int, ...]]] = {
    "IP": (),
    "TCP": (TCP,),
    "UDP": (UDP,),
    "ICMP": (ICMP, ICMP6),
}
"""Of Suricata's words those that name no application."""
_REMARKS: Final = frozenset(
    {"sid", "rev", "msg", "gid", "metadata", "classtype", "priority", "reference"}
)
"""Rule options that match nothing."""
_NUMBER: Final = re.compile(r"[0-9]{1,5}")


class _BeyondError(ValueError):
    """It looks at more than the five-tuple, or in a way that is not modelled."""


@dataclass(frozen=True, slots=True)
class Variables:
    """$NAMES in rules: of the group, else of the policy; HOME_NET is else the firewall's VPC.

    (docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-ips.html)
    """

    home: tuple[IPNetwork, ...]
    policy: Record | None
    group: Record | None = None

    def within(self, group: Record | None) -> Variables:
        return replace(self, group=group)

    def addresses(self, name: str) -> tuple[str, ...]:
        found = self._definition("IPSets", name)
        if found is None and name == "HOME_NET":
            return tuple(map(str, self.home))
        return self._known(found, name)

    def ports(self, name: str) -> tuple[str, ...]:
        return self._known(self._definition("PortSets", name), name)

    def _known(self, found: tuple[str, ...] | None, name: str) -> tuple[str, ...]:
        if not found:
            raise _BeyondError(f"${name} is not defined in what was observed")
        return found

    def _definition(self, kind: str, name: str) -> tuple[str, ...] | None:
        # A policy has IP sets only, and calls them RuleVariables.
        for holder, key in ((self.group, kind), (self.policy, "RuleVariables")):
            sets = holder.inside(key) if holder else None
            found = sets.inside(name) if sets else None
            if found is not None:
                return found.texts("Definition")
        return None


def stateless(source: Record, group: str, doubt: Doubt) -> Iterator[FirewallRule]:
    """By priority. A custom action only counts packets."""
    rules = source.records("StatelessRules")
    for rule in sorted(rules, key=lambda each: each.integer("Priority")):
        number = rule.integer("Priority")
        known_as = f"{group}/{number}"
        try:
            definition = rule.inside("RuleDefinition") or Record(rule.where, {})
            match = definition.inside("MatchAttributes") or Record(rule.where, {})
            if match.has("TCPFlags"):
                raise _BeyondError("it matches flags of TCP")
            yield FirewallRule(
                id=known_as,
                action=_stateless_action(definition),
                protocols=match.integers("Protocols"),
                sources=_plain(each.text("AddressDefinition") for each in match.records("Sources")),
                destinations=_plain(
                    each.text("AddressDefinition") for each in match.records("Destinations")
                ),
                client_ports=_ranges(match, "SourcePorts"),
                ports=_ranges(match, "DestinationPorts"),
            )
        except (_BeyondError, UnreadableError) as error:
            doubt(f"stateless rule {known_as} is not modelled: {error}")


def _stateless_action(definition: Record) -> FirewallAction:
    for action in definition.texts("Actions"):
        if action in _ACTIONS:
            return _ACTIONS[action]
    raise _BeyondError("it names no action")


def _plain(addresses: Iterator[str]) -> tuple[IPNetwork, ...]:
    found = tuple(as_block(each, "an address definition") for each in addresses)
    return () if any(each.prefixlen == 0 for each in found) and _both(found) else found


def _both(found: tuple[IPNetwork, ...]) -> bool:
    """Whether everything of each family is in it, which is as good as no condition."""
    return {each.version for each in found if each.prefixlen == 0} == {4, 6}


def _ranges(match: Record, key: str) -> tuple[PortRange, ...]:
    found = []
    for each in match.records(key):
        first, last = each.integer("FromPort"), each.maybe_integer("ToPort")
        found.append(_range(first, first if last is None else last))
    return () if ALL_PORTS in found else tuple(found)


def stateful(
    source: Record, group: str, variables: Variables, doubt: Doubt
) -> Iterator[FirewallRule]:
    """In the order in which they are written."""
    for number, rule in enumerate(source.records("StatefulRules")):
        known_as = f"{group}/{number + 1}"
        try:
            action = rule.text("Action")
            if action == "ALERT":
                continue
            header = rule.inside("Header") or Record(rule.where, {})
            protocol = header.text("Protocol").upper()
            for option in rule.records("RuleOptions"):
                # A program may write the setting into the keyword: 'sid:1'.
                keyword = option.text("Keyword").partition(":")[0].strip()
                if keyword not in _REMARKS:
                    raise _BeyondError(f"it looks at {keyword}")
            if protocol not in _PROTOCOLS or action not in _ACTIONS:
                raise _BeyondError(f"{action} of {protocol}")
            yield FirewallRule(
                id=known_as,
                action=_ACTIONS[action],
                protocols=_PROTOCOLS[protocol],
                sources=tuple(_addresses(header.text("Source"), variables)),
                destinations=tuple(_addresses(header.text("Destination"), variables)),
                client_ports=tuple(_ports(header.text("SourcePort"), variables)),
                ports=tuple(_ports(header.text("DestinationPort"), variables)),
                both_ways=(header.maybe("Direction") or "FORWARD") == "ANY",
            )
        except (_BeyondError, UnreadableError) as error:
            doubt(f"stateful rule {known_as} is not modelled: {error}")


def _words(text: str) -> Iterator[str]:
    """'[a, b]' -> a, b; nothing for ANY. What is excluded with '!' is not modelled."""
    if "!" in text:
        raise _BeyondError(f"it excludes: {text}")
    for word in text.replace("[", " ").replace("]", " ").replace(",", " ").split():
        if word.upper() != "ANY":
            yield word


def _addresses(text: str, variables: Variables) -> Iterator[IPNetwork]:
    for word in _words(text):
        if word.startswith("@"):
            raise _BeyondError(f"it refers to {word}")
        every = variables.addresses(word[1:]) if word.startswith("$") else (word,)
        for each in every:
            yield from (as_block(one, "an address") for one in _words(each))


def _ports(text: str, variables: Variables) -> Iterator[PortRange]:
    for word in _words(text):
        every = variables.ports(word[1:]) if word.startswith("$") else (word,)
        for each in every:
            for one in _words(each):
                first, colon, last = one.partition(":")
                low = _number(first or "0")
                yield _range(low, _number(last or "65535") if colon else low)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _BeyondError(f"{text!r} is not a port")
    return int(text)


def _range(first: int, last: int) -> PortRange:
    try:
        return PortRange(first, last)
    except ValueError as error:
        raise UnreadableError(str(error)) from None
