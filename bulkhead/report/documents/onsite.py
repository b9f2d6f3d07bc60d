"""`bulkhead.site/1`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bulkhead.network import Provenance, protocol_name
from bulkhead.network.traffic import traffic
from bulkhead.onsite import DevicePassage, Onsite, OnsiteTunnel, Speaking
from bulkhead.onsite.parts import HOLD_TIME, KEEPALIVE, TUNNEL_MTU
from bulkhead.problems import Problem
from bulkhead.report.documents.parts import problem
from bulkhead.report.documents.provenance import provenance as made_from
from bulkhead.report.documents.writing import Document


def onsite(
    found: Onsite, *, warnings: Iterable[Problem] = (), provenance: Provenance | None = None
) -> Document:
    """What the other side of a site needs."""
    return {
        "schema": "bulkhead.site/1",
        "provenance": made_from(provenance),
        "topology": found.topology,
        "site": found.site,
        "region": found.region,
        "trusted": found.trusted,
        "device": {"address": str(found.device.address), "asn": found.device.asn},
        "connection": found.connection,
        "networks": [str(each) for each in found.networks],
        "vpc": [str(each) for each in found.beyond],
        "bgp": None if found.bgp is None else _bgp(found.bgp),
        "mtu": TUNNEL_MTU,
        "tunnels": [_tunnel(each) for each in found.tunnels],
        "passages": [_passage(each) for each in found.passages],
        "hosts": [
            {
                "name": each.name,
                "at": str(each.at),
                "purpose": each.purpose or None,
                "vlan": each.vlan,
            }
            for each in found.hosts
        ],
        "warnings": [problem(each) for each in warnings],
    }


def _bgp(found: Speaking) -> dict[str, Any]:
    return {
        "asn": found.own,
        "aws_asn": found.aws,
        "announces": [str(each) for each in found.announces],
        "accepts": [str(each) for each in found.accepts],
        "hold_time": HOLD_TIME,
        "keepalive": KEEPALIVE,
    }


def _tunnel(each: OnsiteTunnel) -> dict[str, Any]:
    options = each.options
    return {
        "tunnel": each.number,
        "interface": each.interface,
        "outside": None if each.outside is None else str(each.outside),
        "inside": str(each.inside),
        "aws_inside": str(each.beyond),
        "key": each.key or None,
        "ike_versions": list(options.ike_versions),
        "phase1": {
            "encryption": list(options.phase1_encryption),
            "integrity": list(options.phase1_integrity),
            "dh_groups": list(options.phase1_dh_groups),
            "lifetime": options.phase1_lifetime,
        },
        "phase2": {
            "encryption": list(options.phase2_encryption),
            "integrity": list(options.phase2_integrity),
            "dh_groups": list(options.phase2_dh_groups),
            "lifetime": options.phase2_lifetime,
        },
    }


def _passage(each: DevicePassage) -> dict[str, Any]:
    return {
        "opened_by": "site" if each.outward else "vpc",
        "site": [str(one) for one in each.inside],
        "vpc": [str(one) for one in each.beyond],
        "protocol": protocol_name(each.protocol),
        "traffic": traffic(each.protocol, (each.ports,)),
        "flows": list(each.flows),
    }
