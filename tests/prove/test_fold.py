"""An account that no topology described still gets a matrix that a person can read."""

import io
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from rich.console import Console

from bulkhead.agree import tabulate
from bulkhead.ends import EndpointKind
from bulkhead.network import (
    TCP,
    CidrPeer,
    Direction,
    GroupRule,
    InternetGateway,
    Network,
    PortRange,
    Route,
    TargetKind,
    Verdict,
)
from bulkhead.prove import prove
from bulkhead.prove.fold import folding
from bulkhead.report.matrix import print_matrix
from tests.support.estate import OPEN, Estate

ANYWHERE = IPv4Network("0.0.0.0/0")


@pytest.fixture
def foreign(shop) -> Network:
    """The shop as an account that knows no services, with `db` open to the internet."""
    network = shop.network
    opening = GroupRule(
        id="open",
        direction=Direction.INGRESS,
        protocol=TCP,
        ports=PortRange(443, 443),
        peer=CidrPeer(ANYWHERE),
    )
    out = Route(destination=ANYWHERE, target=TargetKind.INTERNET_GATEWAY, target_id="igw")
    wide = [
        replace(
            acl,
            entries=tuple(
                replace(
                    acl.entries[0],
                    number=1,
                    direction=way,
                    protocol=-1,
                    ports=PortRange(0, 65535),
                    cidr=ANYWHERE,
                )
                for way in Direction
            ),
        )
        if acl.entries
        else acl
        for acl in network.nacls
    ]
    return replace(
        network,
        listeners=(),
        services=(),
        nacls=tuple(wide),
        internet_gateways=(InternetGateway(id="igw", name="igw", vpc=network.vpcs[0].id),),
        route_tables=tuple(
            replace(each, routes=(*each.routes, out)) for each in network.route_tables
        ),
        security_groups=tuple(
            replace(
                each,
                service=None,
                rules=(*each.rules, opening) if each.name == "db" else each.rules,
            )
            for each in network.security_groups
        ),
        interfaces=tuple(
            replace(each, service=None, public_address=IPv4Address(f"198.51.100.{number}"))
            for number, each in enumerate(network.interfaces, start=1)
        ),
    )


def text(matrix, width=160):
    file = io.StringIO()
    print_matrix(Console(file=file, width=width, color_system=None), Network(), matrix)
    return file.getvalue()


def names(network):
    fold = folding(prove(network))
    return {
        each.name: fold(each)
        for each in prove(network).endpoints
        if each.kind is EndpointKind.INTERFACE
    }


def test_interfaces_that_nothing_tells_apart_go_by_their_groups(foreign):
    assert names(foreign) == {"db-1": "db-1", "front-1": "front (2)", "front-2": "front (2)"}


def test_interfaces_behind_different_route_tables_are_not_one(foreign):
    elsewhere = replace(foreign.route_tables[0], id="rtb-2", name="rtb-2")
    moved = foreign.interfaces[-1].subnet
    network = replace(
        foreign,
        route_tables=(*foreign.route_tables, elsewhere),
        subnets=tuple(
            replace(each, route_table="rtb-2") if each.id == moved else each
            for each in foreign.subnets
        ),
    )
    assert names(network)["front-1"] == "front-1"


def test_interfaces_of_one_name_are_told_apart_by_id(foreign):
    network = replace(
        foreign,
        interfaces=tuple(
            replace(each, name="same", security_groups=each.security_groups if number else ())
            for number, each in enumerate(foreign.interfaces)
        ),
    )
    assert f"same ({foreign.interfaces[0].id})" in {
        folding(prove(network))(each) for each in prove(network).endpoints
    }


def test_a_service_keeps_its_name(shop):
    assert set(names(shop.network).values()) == {"db", "front"}


def test_what_the_internet_reaches_comes_first_and_is_not_lost_in_a_wider_range(foreign):
    matrix = tabulate(prove(foreign))
    lines = text(matrix).splitlines()
    rows = [line for line in lines if " tcp " in line or "all traffic" in line]
    assert rows[0].startswith("db-1")
    assert "tcp 443" in rows[0]
    internet = [
        pair.proved
        for (row, column), pair in matrix.pairs.items()
        if row.name == "internet" and column.owner == "db-1" and 6000 in column.ports
    ]
    assert internet == [Verdict.DENIED]


def test_a_narrow_terminal_gets_every_sender_in_blocks():
    estate = Estate()
    estate.acl("open", *OPEN)
    estate.group("sg", "in tcp 5556 10.0.0.0/16", "out all 0.0.0.0/0")
    for number in range(12):
        estate.subnet(f"s{number}", f"10.0.{number}.0/24", acl="open")
        estate.host(f"host-{number}", f"s{number}", f"10.0.{number}.10", "sg")
    matrix = tabulate(prove(estate.build()))
    wide, narrow = text(matrix), text(matrix, width=60)
    assert max(map(len, narrow.splitlines())) <= 60
    assert narrow.count("socket ") > wide.count("socket ")
    for row in matrix.senders:
        name = f"({row.place})" if row.place else row.name
        assert narrow.count(f"┌ {name}\n") == 1


def test_where_no_table_fits_each_socket_lists_who_reaches_it(foreign):
    matrix = tabulate(prove(foreign))
    narrow = text(matrix, width=26)
    assert max(map(len, narrow.splitlines())) <= 26
    listed = [line[4:] for line in narrow.splitlines() if line.startswith("  ● ")]
    reached = [row for (row, _), pair in matrix.pairs.items() if pair.proved is Verdict.ALLOWED]
    assert sorted(listed) == sorted(f"({row.place})" if row.place else row.name for row in reached)


def test_a_long_name_is_clipped_to_what_tells_it_apart(foreign):
    long = f"arn:aws:ecs:eu-west-1:{'0' * 60}/task-7"
    first, *others = foreign.interfaces
    network = replace(foreign, interfaces=(replace(first, name=long), *others))
    lines = text(tabulate(prove(network))).splitlines()
    assert any("arn:aws:ecs" in line and "/task-7" in line for line in lines)
    assert not any(long in line for line in lines)
    assert len(lines) < 20
