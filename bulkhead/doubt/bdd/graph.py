"""Packets pushed through the whole graph."""

from __future__ import annotations

from bulkhead.doubt.bdd.gateways import Gateways
from bulkhead.doubt.bdd.parts import Node, Past, sites_of
from bulkhead.doubt.bdd.sets import PacketSet
from bulkhead.network import TargetKind

__all__ = ["Flood", "Past", "sites_of"]


class Flood(Gateways):
    def _visit(self, node: Node, past: Past, part: PacketSet) -> None:
        match node:
            case ("router", subnet):
                self._router(subnet, past, part)
            case ("transit", gateway, door, zone):
                self._transit(gateway, door, zone, past, part)
            case ("exit", subnet, gateway):
                self._exit(subnet, gateway, past, part)
            case _:
                raise AssertionError(node)

    def from_edge(self, gateway: str, vpc: str, past: Past, part: PacketSet) -> None:
        part = self._undoubted(past, part, gateway)
        table = next((each for each in self.network.route_tables if each.gateway == gateway), None)
        if table is None:
            return self._local(vpc, past, part)
        for route, portion in self._by_table(table.id, vpc, past, part):
            if route is None:
                self._local(vpc, past, portion)
            elif route.blackhole:
                self.lose(portion)
            elif route.target is TargetKind.LOCAL:
                self._local(vpc, past, portion)
            elif route.target is TargetKind.UNMODELLED:
                self.drift(past, portion)
            elif route.target is TargetKind.INTERFACE:
                self._to_interface(route.target_id, vpc, past, portion)
            elif route.target is TargetKind.FIREWALL:
                self._to_firewall(route.target_id, vpc, None, past, portion)
            else:
                self.lose(portion)
        return None
