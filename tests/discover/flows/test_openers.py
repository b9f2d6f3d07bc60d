"""Who opened a connection, by what that is known, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

from bulkhead.discover.flows import FlowOutcome, OpenedBy
from bulkhead.network import TCP, Interface, InterfaceKind, Listener, Network, PortRange, Service
from tests.discover.flows.conftest import told
from tests.support.flow_logs import DAY, NOVEMBER, V2, Host, Record, talk

A, B, C = Host("eni-a", "10.0.0.4"), Host("eni-b", "10.0.1.5"), Host("eni-c", "10.0.1.6")


def one(seen):
    (edge,) = seen.edges
    return edge


def test_the_first_packet_tells_also_against_the_ports(read):
    edge = one(read(talk(A, B, 50_000, client_port=1_500)))
    assert (edge.client.address, edge.port, edge.opened_by) == (
        A.address,
        50_000,
        OpenedBy.FIRST_PACKET,
    )
    assert edge.opened_by.sure


def test_flags_of_a_short_connection_hold_its_end_too(read):
    records = [replace(each, flags=each.flags | 1) for each in talk(A, B, 5556)]
    assert one(read(records)).opened_by is OpenedBy.FIRST_PACKET


def test_a_socket_that_answered_others_is_the_server_of_a_connection_older_than_the_log(read):
    old = talk(A, B, 50_000, client_port=51_000, opened=False, windows=5)
    seen = read([*old, *talk(C, B, 50_000, client_port=52_000)])
    assert told(seen) == [
        (A.address, B.address, 50_000, "ACCEPTED", "ANSWERED_OTHERS"),
        (C.address, B.address, 50_000, "ACCEPTED", "FIRST_PACKET"),
    ]


def test_a_declared_socket_tells_where_ports_do_not(read):
    edge = one(read(talk(A, B, 50_000, client_port=51_000, opened=False), network=network()))
    assert (edge.client.name, edge.server.name) == ("asker-1", "waiter-1")
    assert (edge.port, edge.opened_by) == (50_000, OpenedBy.DECLARED)


def test_many_that_meet_at_one_port_tell_that_it_waits(read):
    old = [
        each
        for number in range(3)
        for each in talk(A, B, 50_000, client_port=51_000 + number, opened=False)
    ]
    edge = one(read(old))
    assert (edge.server.address, edge.port, edge.opened_by) == (B.address, 50_000, OpenedBy.MANY)


def test_without_any_of_that_it_is_unsure_and_said(read):
    edge = one(read(talk(A, B, 50_000, client_port=51_000, opened=False)))
    assert edge.opened_by is OpenedBy.UNSURE
    assert edge.port == 50_000, "the lower port is taken for the server's"


def test_what_both_ends_recorded_is_counted_once(read):
    edge = one(read(talk(A, B, 5556, windows=4)))
    assert (edge.accepted, edge.answered, edge.packets, edge.size) == (4, 4, 80, 8000)
    assert edge.recorded_by == ("eni-a", "eni-b")


def test_a_request_that_the_servers_side_refuses_is_refused_though_the_client_sent_it(read):
    edge = one(read(talk(A, B, 5556, refused_at="eni-b")))
    assert edge.outcome is FlowOutcome.REFUSED
    assert (edge.accepted, edge.rejected, edge.refused_at) == (0, 1, ("eni-b",))


def test_a_reply_that_a_network_acl_refuses_is_told_as_that(read):
    edge = one(read(talk(A, B, 5556, reply_refused_at="eni-b")))
    assert edge.outcome is FlowOutcome.REPLY_REFUSED


def test_a_request_without_a_reply_opened_nothing(read):
    assert one(read(talk(A, B, 5556, answered=False))).outcome is FlowOutcome.UNANSWERED
    udp = talk(A, B, 5556, answered=False, protocol=17)
    assert one(read(udp)).outcome is FlowOutcome.ACCEPTED, "of UDP none need come"


def test_a_host_that_only_resets_says_that_nobody_waits_there(read):
    edge = one(read(talk(A, B, 5556, resets=True)))
    assert (edge.outcome, edge.resets, edge.answered) == (FlowOutcome.CLOSED, 1, 0)
    lasting = [*talk(A, B, 5556, windows=2), *talk(A, B, 5556, start=NOVEMBER + 600, resets=True)]
    assert one(read(lasting)).outcome is FlowOutcome.ACCEPTED, "it ended so"
    said = [replace(each, bytes=9_000) for each in talk(A, B, 5556, resets=True)]
    assert one(read(said)).outcome is FlowOutcome.ACCEPTED, "with something said before"


def test_what_was_refused_on_one_day_and_passed_on_another_passed(read):
    seen = read([*talk(A, B, 5556, refused_at="eni-b"), *talk(A, B, 5556, start=NOVEMBER + DAY)])
    edge = one(seen)
    assert (edge.outcome, edge.rejected) == (FlowOutcome.ACCEPTED, 1)
    assert [str(each) for each in edge.days] == ["2026-11-01", "2026-11-02"]


def test_a_scan_from_the_internet_is_one_attempt_with_its_ports_and_addresses(read):
    scan = [
        each
        for number in range(20)
        for each in talk(f"203.0.113.{number}", A, 1000 + number, refused_at="eni-a", reason="BPA")
    ]
    edge = one(read(scan))
    assert (edge.client.name, edge.clients, edge.ports, edge.port) == ("internet", 20, 20, None)
    assert (edge.outcome, edge.reasons) == (FlowOutcome.REFUSED, ("BPA",))


def test_behind_a_nat_gateway_the_ends_are_those_of_the_packet(read):
    server = "198.51.100.7"
    ingress = Record(
        "eni-nat", A.address, "10.0.9.9", 40_000, 443, flags=2, direction="ingress", pkt_dst=server
    )
    out = Record("eni-nat", "10.0.9.9", server, 1_024, 443, flags=2, direction="egress", path=8)
    records = [*talk(A, server, 443, path=1), ingress, out]
    seen = read(records, network=network(nat=True))
    assert told(seen) == [("10.0.0.4", "internet", 443, "ACCEPTED", "FIRST_PACKET")]
    assert seen.carried == 2


def test_a_service_of_aws_has_its_name(read):
    edge = one(read(talk(A, "52.218.0.1", 443, dst_aws="S3", answered=False)))
    assert edge.server.name == "AWS s3"
    other = one(read(talk(A, "52.218.0.1", 443, dst_aws="EC2", answered=False)))
    assert other.server.name == "internet", "that is whoever rents an instance"


def test_an_address_that_went_to_somebody_else_is_told_by_the_day(read):
    heir = Host("eni-new", A.address)
    early = [each for each in talk(A, B, 5556) if each.interface in ("eni-a", "eni-b")]
    late = talk(heir, B, 5556, start=NOVEMBER + DAY, client_port=41_000)
    seen = read([*early, *late])
    assert sorted(each.client.interface for each in seen.edges) == ["eni-a", "eni-new"]


def test_an_address_that_changed_hands_within_a_day_is_nobodys_at_the_far_end(read):
    heir = Host("eni-new", A.address)
    records = [*talk(A, C, 5556), *talk(heir, C, 5556, client_port=41_000, start=NOVEMBER + 3600)]
    far = [each for each in records if each.interface == "eni-c"]
    own = [each for each in records if each.interface != "eni-c"]
    seen = read([*far, *own])
    changed = [each.client for each in seen.edges if each.client.changed]
    assert [each.address for each in changed] == [A.address]


def test_a_task_of_ecs_goes_by_the_name_of_its_service(read):
    edge = one(read([replace(each, service="quotes") for each in talk(A, B, 5556)]))
    assert edge.client.owner == "quotes"


def test_who_had_an_address_before_the_present_interface_is_not_that(read):
    """Interfaces of an account have ids that do not come again."""
    present = replace(network().interfaces[0], id="eni-today")
    seen = read(talk(A, B, 5556), network=Network(interfaces=(present,)))
    assert one(seen).client.owner == ""


def test_without_a_direction_the_address_in_every_record_is_the_interfaces(read):
    seen = read([*talk(A, B, 5556), *talk(A, C, 5557)], V2)
    assert {each.id: each.address for each in seen.interfaces} == {
        "eni-a": A.address,
        "eni-b": "",
        "eni-c": "",
    }, "who talked to one alone may be either"


def network(*, nat: bool = False) -> Network:
    def interface(name: str, address: str, **more: object) -> Interface:
        return Interface(
            id=more.pop("id", f"eni/{name}-1"),
            name=f"{name}-1",
            subnet="subnet/a",
            address=ip_address(address),
            security_groups=(),
            service=name,
            **more,
        )

    ends = [interface("asker", A.address), interface("waiter", B.address)]
    if nat:
        gateway = interface("nat", "10.0.9.9", id="eni-nat", kind=InterfaceKind.GATEWAY)
        ends.append(replace(gateway, service=None))
    return Network(
        interfaces=tuple(ends),
        services=(
            Service(name="asker", segment="a", security_group="sg/asker"),
            Service(name="waiter", segment="a", security_group="sg/waiter"),
        ),
        listeners=(
            Listener(
                owner="waiter",
                socket="in",
                type="PULL",
                protocol=TCP,
                ports=PortRange(50_000, 50_000),
            ),
        ),
    )
