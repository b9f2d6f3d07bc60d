"""A site's socket at some addresses alone: rules open those, and routes their network."""

from ipaddress import IPv4Address, IPv4Network

from bulkhead.network import Direction
from bulkhead.plan import plan
from tests.support.topologies import sending_to_a_site, topology_from

TOLD = [
    "icmp type 3 code 4 from 192.168.10.0/24",
    "icmp type 3 code 4 from 192.168.11.0/24",
]
"""That a packet is too large any router of the site may tell."""


def planned(folder, **bound):
    return plan(topology_from(folder, sending_to_a_site(**bound)))


def entries(network, direction):
    acl = network.nacl["acl/feed"]
    return [each.says() for each in acl.ordered(direction)]


def test_group_and_nacl_open_the_address_and_the_route_its_network(tmp_path):
    made = planned(tmp_path, orders="tcp://192.168.10.7:6001")
    network = made.network
    (flow,) = made.flows
    assert flow.server.address == IPv4Address("192.168.10.7")
    assert flow.server in network.listeners
    (rule,) = network.security_group["sg/orders-sender"].rules
    assert (rule.direction, str(rule.peer)) == (Direction.EGRESS, "192.168.10.7/32")
    assert entries(network, Direction.EGRESS) == ["tcp 6001 to 192.168.10.7/32"]
    assert entries(network, Direction.INGRESS) == [*TOLD, "tcp 32768-60999 from 192.168.10.7/32"]
    routes = network.route_table["rtb/feed"].routes
    assert [each.destination for each in routes] == [IPv4Network("192.168.10.0/24")]
    (connection,) = network.vpn_connections
    assert len(connection.routes) == 2, "the VPN leads to all of the site"


def test_a_websocket_is_planned_as_the_tcp_that_it_is_on_the_wire(tmp_path):
    over_tcp = planned(tmp_path, orders="tcp://192.168.10.7:6001").network
    assert planned(tmp_path, orders="ws://192.168.10.7:6001/orders").network == over_tcp


def test_one_port_on_two_addresses_is_a_rule_for_each_and_only_for_its_client(tmp_path):
    network = planned(
        tmp_path, orders="tcp://192.168.10.7:6001", fills="tcp://192.168.11.8:6001"
    ).network
    to = {
        each.service: [str(rule.peer) for rule in each.rules]
        for each in network.security_groups
        if each.service
    }
    assert to == {
        "orders-sender": ["192.168.10.7/32"],
        "fills-sender": ["192.168.11.8/32"],
        "bystander": [],
    }


def test_a_socket_on_several_addresses_is_a_flow_to_each(tmp_path):
    made = planned(tmp_path, orders=["tcp://192.168.10.7:6001", "tcp://192.168.11.8:6001"])
    assert [str(each.server) for each in made.flows] == [
        "exchange.orders (tcp 192.168.10.7:6001)",
        "exchange.orders (tcp 192.168.11.8:6001)",
    ]


def test_where_all_of_a_site_may_reply_an_address_of_it_needs_no_entry_of_its_own(tmp_path):
    network = planned(tmp_path, orders="tcp://192.168.10.7:6001", fills="tcp://*:6002").network
    assert set(entries(network, Direction.EGRESS)) == {
        "tcp 6002 to 192.168.10.0/24",
        "tcp 6002 to 192.168.11.0/24",
        "tcp 6001 to 192.168.10.7/32",
    }
    assert set(entries(network, Direction.INGRESS)) == {
        "tcp 32768-60999 from 192.168.10.0/24",
        "tcp 32768-60999 from 192.168.11.0/24",
        *TOLD,
    }


def test_an_address_more_moves_no_number(tmp_path):
    before = planned(tmp_path, orders="tcp://*:6002")
    document = sending_to_a_site(orders="tcp://*:6002", fills="tcp://192.168.10.7:6001")
    after = plan(topology_from(tmp_path, document), before.lock)
    kept = {(each.number, each.says()) for each in before.network.nacl["acl/feed"].entries}
    assert kept <= {(each.number, each.says()) for each in after.network.nacl["acl/feed"].entries}


def in_a_network(tmp_path):
    document = sending_to_a_site(orders="tcp://*:6001", fills="tcp://192.168.10.70:6002")
    exchange = document["sites"]["exchange"]
    exchange["hosts"] = {"floor": {"cidr": "192.168.10.64/26", "vlan": 12}}
    exchange["sockets"]["orders"]["host"] = "floor"
    document["flows"] = [
        {
            "name": "ssh",
            "from": "bystander",
            "to": "exchange/floor",
            "traffic": "tcp 22",
            "why": "x",
        }
    ]
    return plan(topology_from(tmp_path, document))


def test_group_and_nacl_open_a_network_in_which_a_socket_or_a_program_waits_and_no_more(tmp_path):
    made = in_a_network(tmp_path)
    network = made.network
    assert [str(each.server) for each in made.flows] == [
        "exchange.fills (tcp 192.168.10.70:6002)",
        "exchange.orders (tcp 192.168.10.64/26:6001)",
        "exchange.ssh (tcp 192.168.10.64/26:22)",
    ]
    opened = {
        (each.service, rule.ports.first, str(rule.peer))
        for each in network.security_groups
        for rule in each.rules
    }
    assert opened == {
        ("orders-sender", 6001, "192.168.10.64/26"),
        ("fills-sender", 6002, "192.168.10.70/32"),
        ("bystander", 22, "192.168.10.64/26"),
    }
    assert entries(network, Direction.EGRESS) == [
        "tcp 6001 to 192.168.10.64/26",
        "tcp 6002 to 192.168.10.70/32",
    ]
    assert entries(network, Direction.INGRESS) == [
        *TOLD,
        "tcp 32768-60999 from 192.168.10.64/26",
    ]
    routes = network.route_table["rtb/feed"].routes
    assert [each.destination for each in routes] == [IPv4Network("192.168.10.0/24")]
