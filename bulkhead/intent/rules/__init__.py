"""What must hold between the parts of a topology, beside its wiring and its tests."""

from __future__ import annotations

from collections.abc import Mapping

from bulkhead.intent.complaints import Complain
from bulkhead.intent.rules.addresses import judge_bound_addresses
from bulkhead.intent.rules.balancers import judge_balancers, judge_flows
from bulkhead.intent.rules.bgp import judge_bgp
from bulkhead.intent.rules.dns import judge_dns
from bulkhead.intent.rules.exposures import judge_exposures
from bulkhead.intent.rules.flow_logs import judge_flow_logs
from bulkhead.intent.rules.gateways import judge_gateways
from bulkhead.intent.rules.hosts import judge_hosts
from bulkhead.intent.rules.interfaces import judge_interfaces, judge_ways_out
from bulkhead.intent.rules.ipv6 import judge_ipv6
from bulkhead.intent.rules.members import judge_functions, judge_members
from bulkhead.intent.rules.monitoring import judge_monitoring
from bulkhead.intent.rules.names import judge_names
from bulkhead.intent.rules.networks import expect_apart, judge_vpc_blocks
from bulkhead.intent.rules.outside import judge_outside
from bulkhead.intent.rules.path_mtu import warn_of_lost_packets
from bulkhead.intent.rules.proxies import judge_proxies
from bulkhead.intent.rules.public_access import judge_public_access
from bulkhead.intent.rules.renames import judge_renames
from bulkhead.intent.rules.security import judge_security
from bulkhead.intent.rules.segments import expect_segments
from bulkhead.intent.rules.standing import judge_standing
from bulkhead.intent.rules.tunnels import judge_tunnels
from bulkhead.intent.rules.vpc_encryption import judge_vpc_encryption
from bulkhead.intent.rules.vpcs import judge_crossings, judge_vpcs
from bulkhead.intent.rules.zones import former_zones, resolve_zones
from bulkhead.intent.wiring import Owner
from bulkhead.intent.written import WrittenTopology

__all__ = [
    "check",
    "former_zones",
    "judge_balancers",
    "judge_crossings",
    "judge_exposures",
    "judge_functions",
    "judge_security",
    "judge_ways_out",
    "resolve_zones",
    "warn_of_lost_packets",
]


def check(written: WrittenTopology, owners: Mapping[str, Owner], complain: Complain) -> None:
    """Complain about every name, segment, network and address that does not fit."""
    judge_names(written, owners, complain)
    judge_renames(written, complain)
    expect_segments(written, complain)
    expect_apart(written, complain)
    judge_vpc_blocks(written, complain)
    judge_vpcs(written, complain)
    judge_gateways(written, complain)
    judge_tunnels(written, complain)
    judge_bgp(written, complain)
    judge_bound_addresses(written, owners, complain)
    judge_interfaces(written, owners, complain)
    judge_members(written, owners, complain)
    judge_proxies(written, complain)
    judge_hosts(written, owners, complain)
    judge_outside(written, complain)
    judge_flow_logs(written, complain)
    judge_monitoring(written, complain)
    judge_vpc_encryption(written, complain)
    judge_public_access(written, complain)
    judge_dns(written, complain)
    judge_ipv6(written, complain)
    judge_flows(written, complain)
    judge_standing(written, owners, complain)
