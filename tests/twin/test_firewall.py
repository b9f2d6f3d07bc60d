"""The nftables text of security groups, NACLs and gateways."""

from ipaddress import IPv4Address

from bulkhead.twin import firewall
from tests.support.drills import host, pair
from tests.support.estate import OPEN, Estate


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_a_group_allows_its_rules_and_then_drops():
    net = pair(
        server=["in tcp 5555-5560 client", "in udp 53 10.0.0.0/8", "in all 10.0.1.7/32"]
    ).build()
    assert lines(firewall.host_rules(net, ["server"], "server")) == [
        "table inet sg {",
        "set g0 { type ipv4_addr; elements = { 10.0.1.10 } }",
        "chain ingress {",
        "type filter hook input priority 0; policy drop;",
        'iifname "lo" accept',
        "ct state established,related accept",
        'ip saddr @g0 tcp dport 5555-5560 counter accept comment "server server-0"',
        'ip saddr 10.0.0.0/8 udp dport 53 counter accept comment "server server-1"',
        'ip saddr 10.0.1.7/32 counter accept comment "server server-2"',
        'counter drop comment "server ingress: no security group rule"',
        "}",
        "chain egress {",
        "type filter hook output priority 0; policy drop;",
        'oifname "lo" accept',
        "ct state established,related accept",
        'counter drop comment "server egress: no security group rule"',
        "}",
        "}",
    ]


def test_a_reference_lists_every_address_of_every_holder():
    net = pair(server=["in tcp 5555 client"])
    host(net, "wide", "left", "10.0.1.30", "client", more=["10.0.1.31"])
    text = firewall.host_rules(net.build(), ["server"], "server")
    assert "elements = { 10.0.1.10, 10.0.1.30, 10.0.1.31 }" in text


def test_a_reference_without_holders_is_an_empty_set():
    text = firewall.host_rules(pair(server=["in tcp 5555 nobody"]).build(), ["server"], "server")
    assert "set g0 { type ipv4_addr; }" in text


def test_every_port_and_every_other_protocol_match_by_protocol_alone():
    text = firewall.host_rules(
        pair(server=["in tcp 0-65535 10.0.0.0/8", "in icmp 0.0.0.0/0", "in 47 0.0.0.0/0"]).build(),
        ["server"],
        "server",
    )
    assert "ip saddr 10.0.0.0/8 meta l4proto tcp counter accept" in text
    assert "meta nfproto ipv4 meta l4proto 1 counter accept" in text
    assert "meta nfproto ipv4 meta l4proto 47 counter accept" in text


def test_a_nacl_keeps_the_order_of_its_numbers_and_ends_with_a_drop():
    net = Estate()
    acl = net.acl(
        "acl-left",
        "in 200 allow all 0.0.0.0/0",
        "in 90 deny tcp 22 10.9.0.0/16",
        "out 100 allow tcp 1024-65535 10.0.2.0/24",
    )
    subnet = net.subnet("left", "10.0.1.0/24", acl=acl.id)
    text = firewall.router_rules([(subnet, acl, "br10")])
    assert lines(text) == [
        "table inet nacl {",
        "chain egress_br10 {",
        "ip daddr 10.0.2.0/24 tcp dport 1024-65535 counter return "
        'comment "acl-left at left egress 100"',
        'counter drop comment "acl-left at left egress *"',
        "}",
        "chain ingress_br10 {",
        'ip saddr 10.9.0.0/16 tcp dport 22 counter drop comment "acl-left at left ingress 90"',
        'meta nfproto ipv4 counter return comment "acl-left at left ingress 200"',
        'counter drop comment "acl-left at left ingress *"',
        "}",
        "chain between {",
        "type filter hook forward priority 0; policy accept;",
        'iifname vmap { "br10" : jump egress_br10 }',
        'oifname vmap { "br10" : jump ingress_br10 }',
        "}",
        "}",
    ]


def test_a_nacl_is_stateless():
    net = Estate()
    acl = net.acl("acl-left", *OPEN)
    subnet = net.subnet("left", "10.0.1.0/24", acl=acl.id)
    assert "ct " not in firewall.router_rules([(subnet, acl, "br10")])


def test_an_internet_gateway_translates_one_to_one_both_ways():
    public = {IPv4Address("10.0.1.10"): IPv4Address("203.0.113.10")}
    text = firewall.internet_gateway_rules(public, "to11")
    assert 'iifname "to11" dnat to ip daddr map { 203.0.113.10 : 10.0.1.10 }' in text
    assert 'oifname "to11" snat to ip saddr map { 10.0.1.10 : 203.0.113.10 }' in text


def test_names_from_an_account_cannot_break_out_of_a_comment():
    text = firewall.host_rules(pair().build(), [], 'web" accept\n# \\' + "x" * 300)
    assert 'counter drop comment "web_ accept_# _xxx' in text
    assert max(len(part) for part in text.split('"')[1::2]) < 128
