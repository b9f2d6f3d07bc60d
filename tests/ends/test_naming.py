"""What people may write for an endpoint, and the table they read."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from bulkhead.ends import EndpointKind, listeners, partition, resolve
from bulkhead.ends.nowhere import nowhere, why_nowhere
from bulkhead.explain import Code, explain
from bulkhead.network import PortRange, Unmodelled, Verdict
from bulkhead.prove import PARTLY, matrix, prove
from bulkhead.prove.cells import cells_nowhere
from tests.support.estate import Estate
from tests.support.shop import shop, with_rule


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("web", ["web-0", "web-1"]),
        ("store.orders", ["store-0", "store-1"]),
        ("web-1", ["web-1"]),
        ("sg-idle", ["idle-0"]),
        ("plant", ["plant"]),
        ("vpn-plant", ["plant"]),
        ("front-a", ["web-0", "any host in front-a"]),
        ("front", ["web-0", "web-1", "any host in front-a", "any host in front-b"]),
        ("internet", ["internet"]),
        ("10.0.2.10", ["store-0"]),
        ("10.0.2.77", ["any host in back-a (10.0.2.77)"]),
        ("192.168.10.3", ["plant (192.168.10.3)"]),
        ("8.8.8.8", ["internet (8.8.8.8)"]),
    ],
)
def test_a_word_means_what_people_would_say(text, names):
    assert [each.name for each in resolve(shop()[0], text)] == names


def test_a_misspelt_name_is_answered_with_those_that_come_close():
    with pytest.raises(LookupError, match="did you mean store"):
        resolve(shop()[0], "stroe")


def inhabited():
    """Instances and public addresses: web-0 has two interfaces on one instance."""
    network = shop()[0]
    extra = {
        "web-0": {"instance": "i-web", "public_address": IPv4Address("198.51.100.7")},
        "web-1": {"instance": "i-web"},
        "store-0": {"name": "vpc"},
    }
    return replace(
        network,
        interfaces=tuple(replace(each, **extra.get(each.id, {})) for each in network.interfaces),
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("i-web", ["web-0", "web-1"]),
        ("198.51.100.7", ["internet (198.51.100.7)"]),
        ("198.51.100.0/29", ["internet (198.51.100.0/29)"]),
        ("198.51.100.8", ["internet (198.51.100.8)"]),
        ("10.0.1.0/29", ["any host in front-a (10.0.1.0/29)"]),
        ("10.0.1.10/31", ["web-0", "any host in front-a (10.0.1.10/31)"]),
        ("192.168.10.128/25", ["plant (192.168.10.128/25)"]),
        ("192.168.10.0/24", ["plant (192.168.10.0/24)"]),
    ],
)
def test_an_instance_an_address_or_a_cidr_means_all_ends_there(text, names):
    assert [each.name for each in resolve(inhabited(), text)] == names


def test_an_id_means_more_than_the_same_word_as_a_name():
    network = inhabited()
    assert {each.vpc for each in resolve(network, "vpc")} == {"vpc"}
    assert len(resolve(network, "vpc")) > 1
    assert [each.name for each in resolve(network, "store-0")] == ["vpc"]


def test_private_space_that_nobody_here_has_is_elsewhere():
    network = shop()[0]
    (found,) = resolve(network, "192.168.99.1")
    assert found.kind is EndpointKind.ELSEWHERE
    assert found.whole in resolve(network, "elsewhere")


@pytest.mark.parametrize(
    ("text", "first", "last", "prefix"),
    [
        ("8.8.8.8", "8.8.8.8", "8.8.8.8", "8.8.8.8/32"),
        ("8.8.8.0/24", "8.8.8.0", "8.8.8.255", "8.8.8.0/24"),
        ("10.0.2.76/30", "10.0.2.76", "10.0.2.79", "10.0.2.76/30"),
        ("10.0.2.0/29", "10.0.2.4", "10.0.2.7", "10.0.2.0/29"),
    ],
)
def test_of_a_class_what_was_asked_about_is_an_end_by_itself(text, first, last, prefix):
    network = shop()[0]
    (found,) = resolve(network, text)
    assert [(str(one), str(other)) for one, other in found.ranges] == [(first, last)]
    assert str(found.prefix) == prefix
    assert found.whole in partition(network).endpoints
    assert found.address in found.whole


@pytest.mark.parametrize("text", ["10.0.1.1", "127.0.0.1", "127.0.0.0/8"])
def test_an_address_that_no_host_can_have_is_refused(text):
    with pytest.raises(LookupError, match=f"no host can have .* {text}"):
        resolve(shop()[0], text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10.0.9.9", "no subnet of VPC vpc holds it"),
        ("10.0.1.0", "AWS keeps this address of subnet front-a for itself"),
        ("10.0.1.3", "AWS keeps this address of subnet front-a for itself"),
        ("10.0.1.127", "AWS keeps this address of subnet front-a for itself"),
        ("10.0.1.131", "AWS keeps this address of subnet front-b for itself"),
    ],
)
def test_an_address_of_the_vpc_that_no_host_can_have_is_nowhere_and_denied_both_ways(text, why):
    network = shop()[0]
    end = nowhere(network, text)
    assert (end.kind, end.id, end.vpc) == (EndpointKind.NOWHERE, text, "vpc")
    assert why_nowhere(network, end) == why
    (store,) = resolve(network, "store-0")
    for ends in ((store, end), (end, store)):
        said = explain(network, *ends, 6, 5556)
        assert (said.verdict, said.codes) == (Verdict.DENIED, (Code.NO_PATH,))
        assert [hop.why for hop in said.blocking] == [why]
        (cell,) = cells_nowhere(ends[:1], ends[1:], ((6, PortRange(5556, 5556)),))
        assert (cell.source, cell.destination, cell.verdict) == (*ends, Verdict.DENIED)


@pytest.mark.parametrize(
    "text", ["10.0.0.2", "127.0.0.1", "8.8.8.8", "192.168.99.1", "10.0.9.0/24", "web", "fd00::1"]
)
def test_nothing_else_is_nowhere(text):
    assert nowhere(shop()[0], text) is None


def test_the_resolver_of_a_vpc_is_refused_as_what_no_rule_holds_back():
    with pytest.raises(LookupError, match="the resolver of VPC vpc"):
        resolve(shop()[0], "10.0.0.2")


def test_the_address_of_a_nat_gateway_without_an_interface_is_nowhere():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.nat("nat", "a", "10.0.1.5")
    network = estate.build()
    assert "NAT gateway nat" in why_nowhere(network, nowhere(network, "10.0.1.5"))


@pytest.mark.parametrize(
    ("kind", "id_", "scope"),
    [
        ("vpc", "vpc", "vpc"),
        ("subnet", "subnet-6", "subnet-6"),
        ("unanswered", "ec2:DescribeSubnets", "ec2:DescribeSubnets"),
    ],
)
def test_an_address_in_no_subnet_is_not_denied_where_some_subnets_are_not_known(kind, id_, scope):
    doubt = Unmodelled(kind=kind, id=id_, scope=scope, why="it was not observed")
    network = replace(shop()[0], unmodelled=(doubt,))
    assert nowhere(network, "10.0.9.9") is None
    with pytest.raises(LookupError, match="not every subnet of VPC vpc is known"):
        resolve(network, "10.0.9.9")
    assert nowhere(network, "10.0.1.1") is not None


def test_a_group_that_nobody_holds_is_known_and_has_no_address():
    network = replace(shop()[0], interfaces=())
    with pytest.raises(LookupError, match="sg-web has no address"):
        resolve(network, "sg-web")


def test_a_socket_is_found_by_name_and_all_of_an_owner_together():
    network = shop()[0]
    assert [str(each.ports) for each in listeners(network, "store.orders")] == ["5556"]
    assert [each.name for each in listeners(network, "web")] == ["web.feed"]
    with pytest.raises(LookupError, match="did you mean"):
        listeners(network, "store.order")


def table(network):
    found = matrix(prove(network))
    return {
        (row.name, column.name): found.entry(row, column)
        for row in found.rows
        for column in found.columns
    }


def test_the_matrix_has_a_row_for_everybody_and_a_column_for_every_socket():
    found = table(shop()[0])
    allowed = {key for key, entry in found.items() if entry is Verdict.ALLOWED}
    assert allowed == {("web", "store.orders"), ("plant", "web.feed")}
    assert found["any host in front", "store.orders"] is Verdict.DENIED
    assert found["internet", "web.feed"] is Verdict.DENIED
    assert {row for row, _ in found} == {
        *("web", "store", "idle", "plant", "internet"),
        *("any host in front", "any host in back"),
    }


def test_a_port_that_nobody_declared_and_somebody_reaches_gets_its_own_column():
    found = matrix(prove(with_rule(shop()[0], "sg-idle", "in tcp 20-22 0.0.0.0/0")))
    (extra,) = [column for column in found.columns if not column.declared]
    assert (extra.name, extra.ports) == ("idle tcp 20-22", PortRange(20, 22))
    (row,) = [row for row in found.rows if row.name == "any host in back"]
    # From its own subnet the port is open; from the other zone the NACL holds it back.
    assert found.entry(row, extra) == PARTLY


def test_an_account_without_services_is_shown_by_its_interfaces():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("g", "in tcp 80 g", "out all 0.0.0.0/0")
    estate.host("x", "a", "10.0.1.10", "g")
    estate.host("y", "a", "10.0.1.11", "g")
    found = table(estate.build())
    assert found["x", "y tcp 80"] is Verdict.ALLOWED
    assert found["y", "y tcp 80"] is None


def test_a_socket_at_one_address_of_a_site_means_that_address_and_its_name_all_of_them():
    estate = Estate()
    estate.vgw()
    estate.site("office", "192.168.10.0/24")
    estate.listener("office", "in", 7000, address="192.168.10.7")
    estate.listener("office", "out", 7001)
    network = estate.build()
    assert [str(each.prefix) for each in resolve(network, "office.in")] == ["192.168.10.7/32"]
    for word in ("office", "office.out"):
        assert [str(each.prefix) for each in resolve(network, word)] == [
            "192.168.10.0/24",
            "192.168.10.7/32",
        ]
