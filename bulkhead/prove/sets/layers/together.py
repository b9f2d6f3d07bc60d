"""All layers together, with what is unknown taken for shut, or for open."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from bulkhead.prove.sets.by_port import ByPort
from bulkhead.prove.sets.layers.acls import AclLayer
from bulkhead.prove.sets.layers.firewalls import InspectedPacket, firewall_passes
from bulkhead.prove.sets.layers.groups import GroupLayer
from bulkhead.prove.sets.layers.listeners import ListenerLayer
from bulkhead.prove.sets.rules import as_ipv6, past_nat64
from bulkhead.prove.sets.survey import Survey
from bulkhead.prove.sets.touched import Touched
from bulkhead.prove.sets.ways.passage import AclCheck, FirewallCheck, LayerCheck


class Layers:
    def __init__(self, survey: Survey, *, unknown_passes: bool) -> None:
        self.groups = GroupLayer(survey, unknown_passes=unknown_passes)
        self.acls = AclLayer(survey, unknown_passes=unknown_passes)
        self.listeners = ListenerLayer(survey, unknown_passes=unknown_passes)
        self._unknown_passes = unknown_passes
        self._tree = survey.classes.tree
        self._firewalls = {each.id: each for each in survey.network.firewalls}
        self._checks: dict[tuple[LayerCheck, int, bool], ByPort] = {}

    def after(self, survey: Survey, touched: Touched) -> Layers:
        """The layers after a change, with all answers that the change cannot touch."""
        heir = copy(self)
        heir.groups = self.groups.after(survey, touched)
        heir.acls = self.acls.after(survey, touched)
        heir._checks = {
            key: kept
            for key, kept in self._checks.items()
            if not (isinstance(key[0], AclCheck) and key[0].nacl in touched.acls)
        }
        return heir

    def check(self, check: LayerCheck, protocol: int, *, reply: bool) -> ByPort:
        """Per port: whether one thing on a packet's way lets it through (0 or 1)."""
        key = (check, protocol, reply)
        if key not in self._checks:
            if check.translated:
                seen = replace(check, translated=False)
                passing = self.check(seen, past_nat64(protocol), reply=reply)
                self._checks[key] = as_ipv6(passing, protocol)
            elif isinstance(check, AclCheck):
                self._checks[key] = self.acls.at(check, protocol)
            else:
                self._checks[key] = self._inspect(check, protocol, reply=reply)
        return self._checks[key]

    def _inspect(self, check: FirewallCheck, protocol: int, *, reply: bool) -> ByPort:
        packet = InspectedPacket(
            source=frozenset(self._tree.chain(check.source)),
            destination=frozenset(self._tree.chain(check.destination)),
            protocol=protocol,
            client_ports=None if reply else check.client_ports,
        )
        firewall = self._firewalls[check.firewall]
        return firewall_passes(firewall, packet, unknown_passes=self._unknown_passes)
