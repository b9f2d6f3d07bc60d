"""What tests of a topology become: who asks, at which addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from bulkhead.intent.load import topology_of
from bulkhead.plan.expectations import expectations_of
from bulkhead.plan.wiring import Wiring
from tests.support.examples import examples

HEAD = """
name: demo
region: eu-west-1
cidr: 10.20.0.0/16
zones: 1
segments: { left: { purpose: one side } }
services: { a: { segment: left } }
"""


@examples(1)
@given(st.sets(st.integers(0, 31), min_size=1, max_size=12), st.sets(st.integers(0, 7), max_size=3))
def test_a_site_but_for_some_hosts_is_exactly_its_other_addresses(
    hosts: set[int], fours: set[int]
) -> None:
    named = [f"address: 192.168.10.{each}" for each in hosts]
    named += [f"cidr: 192.168.10.{each * 4}/30" for each in fours]
    known = ", ".join(f"h{number}: {{ {each} }}" for number, each in enumerate(named))
    but = ", ".join(f"x/h{number}" for number in range(len(named)))
    site = f"x: {{ cidrs: [192.168.10.16/28, 192.168.10.0/28], hosts: {{ {known} }}, gateway: {{ address: 203.0.113.1 }} }}"  # noqa: E501 - one site a line
    test = f'{{ from: x, except: [{but}], deny: ["a:22"] }}'
    text = f"{HEAD}sites: {{ {site} }}\ntests: [{test}]\n"
    found = expectations_of(Wiring(topology_of("t.yaml", text.encode())))
    gone = hosts | {each * 4 + by for each in fours for by in range(4)}
    left = [IPv4Address(f"192.168.10.{each}") for each in range(32) if each not in gone]
    asking = [address for each in found for network in each.clients_at for address in network]
    assert sorted(asking) == left
    assert all(isinstance(each, IPv4Network) for one in found for each in one.clients_at)
