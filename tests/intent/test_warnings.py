"""What can be planned, and somebody should know."""

from collections.abc import Callable

import pytest

from bulkhead.intent import Topology
from bulkhead.intent.complaints import MOST_MISTAKES, Complaints
from bulkhead.intent.document import FileLine
from bulkhead.intent.mechanisms import Mechanism, Protection, protections
from bulkhead.intent.rules import judge_security
from bulkhead.intent.wiring import End, Owner, Wire
from bulkhead.intent.written import WrittenSocket, WrittenTopology
from bulkhead.problems import InputError, Problem

Warned = Callable[[str], list[str]]


@pytest.fixture
def warned(completed: Callable[[str], str], load_text: Callable[[str], Topology]) -> Warned:
    """What a snippet that loads is warned of, by line and the first words."""

    def of(snippet: str) -> list[str]:
        return [f"{each.line}: {each.what}" for each in load_text(completed(snippet)).warnings]

    return of


def test_a_warning_has_its_line_and_is_no_mistake() -> None:
    complain = Complaints({("services", "a"): FileLine("a.yaml", 7)}, FileLine("t.yaml", 1), [])

    complain.warn(("services", "a", "sockets", "b"), "is odd", "make it even")

    assert complain.warnings == [Problem("a.yaml", 7, "is odd", "make it even")]
    assert complain.mistakes == []


def test_curve_without_zap_is_warned_of_where_a_socket_binds(warned: Warned) -> None:
    ticks = """
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: CURVE%s } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s, mechanism: CURVE } } }
"""
    (one,) = warned(ticks % "")
    assert one.startswith("3: a.s is CURVE without ZAP, so it admits any client, whatever its key")
    assert warned(ticks % ", zap: true") == []


def test_plain_is_warned_of_where_nothing_under_it_encrypts(warned: Warned) -> None:
    (one,) = warned(
        """
sites:
  x:
    cidrs: [192.168.1.0/24]
    gateway: { address: 203.0.113.10 }
    sockets: { s: { type: SUB, connect: a.s, mechanism: PLAIN } }
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: PLAIN } } }
  b: { segment: left, sockets: { s: { type: SUB, connect: a.s, mechanism: PLAIN } } }
"""
    )
    assert one.startswith("9: b.s -> a.s is PLAIN, and nothing under it encrypts")


def test_gssapi_is_told_what_it_needs(warned: Warned) -> None:
    (one,) = warned(
        """
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", mechanism: GSSAPI } } }
"""
    )
    assert "libgssapi_krb5" in one and "KDC" in one


@pytest.mark.parametrize("mechanism", Mechanism)
def test_what_protects_a_crossing_is_never_said_by_silence(mechanism: Mechanism) -> None:
    alone, carried = protections(mechanism), protections(mechanism, tunnelled=True)
    assert alone and carried[-1] is Protection.TUNNEL
    assert (Protection.NOTHING in alone) is (mechanism in (Mechanism.NULL, Mechanism.PLAIN))
    assert Protection.NOTHING not in carried
    assert Protection.TLS in protections(mechanism, tls=True)


@pytest.mark.parametrize(
    ("mechanism", "refused"),
    [(Mechanism.NULL, True), (Mechanism.PLAIN, True), (Mechanism.CURVE, False)],
)
def test_no_clear_text_leaves_the_vpc_without_a_tunnel(mechanism: Mechanism, refused: bool) -> None:
    """Sites are reached through a VPN, and nobody else is; what comes to be is asked the same."""
    socket = WrittenSocket(type="PUB", mechanism=mechanism, zap=True, bind="tcp://*:5556")
    inside = End(Owner("services", "a", 1, {"s": socket}), "s", socket)
    outside = End(Owner("peers", "venue", 1, {"s": socket}), "s", socket)
    found = Wire(outside, inside, "tcp", inside.bind, ("peers", "venue"))
    complain = Complaints({}, FileLine("t.yaml", 1), [])
    judge_security(WrittenTopology.model_construct(encryption="optional"), (), [found], complain)
    assert [each.what for each in complain.mistakes] == (
        [f"venue.s -> a.s leaves the VPC without a tunnel, and {mechanism} encrypts nothing"]
        if refused
        else []
    )


def test_a_number_of_a_ticket_that_yaml_takes_for_a_comment_is_warned_of(warned: Warned) -> None:
    assert warned(
        """
segments:
  left:  { purpose: a }
  right:
    purpose: as asked in #123
    owner: "team #7"  # 3 people
services:
  a: { segment: left, owner: x }  #5 or 6 others
  b: { segment: left, owner: C#, purpose: a#1 } #of all
"""
    ) == ["5: #123 is a comment to YAML, and no part of the text before it"]


def test_who_makes_a_thousand_mistakes_is_told_no_more_of_them() -> None:
    complain = Complaints({}, FileLine("t.yaml", 1), [])
    with pytest.raises(InputError) as told:
        for number in range(5_000):
            complain((), f"is odd {number}", "make it even")
    assert len(told.value.problems) == MOST_MISTAKES + 2
    assert "there are more than 1000 mistakes; correct these first" in str(told.value)


def test_an_endpoint_that_seldom_means_what_it_seems_to_is_warned_of_at_its_line(
    warned: Warned,
) -> None:
    snippet = """
services:
  a:
    segment: left
    sockets:
      s:
        type: PUB
        bind:
          - "tcp://eth0:0;*:5556"
          - "ipc://a.sock"
"""
    assert warned(snippet) == [
        "9: socket a.s, bind: 'tcp://eth0:0;*:5556' has a source address before ';', "
        "which libzmq ignores when it binds",
        "10: socket a.s, bind: 'ipc://a.sock' is relative to wherever the program starts",
    ]


def test_what_was_needed_until_a_day_that_has_passed_is_warned_of(warned: Warned) -> None:
    snippet = """
services:
  a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://*:5556", until: 2020-02-29 } } }
  b: { segment: right, sockets: { s: { type: SUB, connect: a.s, until: 2999-01-31 } } }
flows:
  - { name: ssh, from: a, to: b, traffic: tcp 22, why: x, until: 2020-01-31 }
"""
    still = "and it is open still"
    assert warned(snippet) == [
        f"3: a.s was needed until 2020-02-29, {still}",
        f"6: flow ssh was needed until 2020-01-31, {still}",
    ]


def test_ports_that_aws_does_not_look_at_are_warned_of(warned: Warned) -> None:
    snippet = """
services: { a: { segment: left }, b: { segment: right } }
flows:
  - { name: diameter, from: a, to: b, traffic: sctp 3868, why: x }
"""
    assert warned(snippet) == [
        "4: flow diameter is for sctp 3868, and AWS looks at the ports of TCP and UDP alone: "
        "all of SCTP is opened"
    ]


def test_what_is_called_as_a_host_of_a_service_is_is_warned_of(warned: Warned) -> None:
    """Its plan is sound, and an explanation names both."""
    snippet = """
sites:
  feed-2: { cidrs: [192.168.10.0/24], gateway: { address: 203.0.113.10 } }
services:
  feed: { segment: left, replicas: 2..3, sockets: { s: { type: PUB, bind: "tcp://*:5556" } } }
  feed-3: { segment: left, sockets: { s: { type: SUB, connect: feed.s } } }
  feed-4: { segment: left, sockets: { s: { type: SUB, connect: feed.s } } }
  feed-3-x: { segment: left, sockets: { s: { type: SUB, connect: feed.s } } }
  feed-03: { segment: left, sockets: { s: { type: SUB, connect: feed.s } } }
"""
    assert warned(snippet) == [
        "3: site feed-2 is called as host 2 of service feed is, and answers name both",
        "6: service feed-3 is called as host 3 of service feed is, and answers name both",
    ]


@pytest.mark.parametrize(
    ("traffic", "ports", "said"),
    [
        ("tcp 2049", "linux", "the NFS client of Linux asks from 665-1023"),
        ("tcp 2049", "800-60999", "the NFS client of Linux asks from 665-1023"),
        ("tcp 2049", "665-60999", ""),
        ("udp 2049", "any", "the NFS client of Linux asks from 665-1023"),
        ("tcp 2000-2100", "linux", ""),
        ("udp 123", "linux", "ntpd asks from 123"),
        ("udp 123", "123-60999", ""),
        ("tcp 123", "linux", ""),
        ("udp 67", "linux", "a DHCP client asks from 68"),
        ("udp 500", "linux", "IKE asks from 500"),
        ("udp 69", "1-65535", "TFTP answers from another port"),
        ("tcp 21", "1-65535", "FTP has a second connection"),
    ],
)
def test_clients_with_ports_of_their_own_are_warned_of_where_no_reply_gets_back_to_them(
    warned: Warned, traffic: str, ports: str, said: str
) -> None:
    told = warned(
        f"""
services:
  a: {{ segment: left }}
  b: {{ segment: right, client-ports: {ports} }}
flows:
  - {{ name: f, from: b, to: a, traffic: {traffic}, why: it is needed }}
"""
    )
    assert [said in each for each in told] == [True] * bool(said)
    assert all(each.startswith("6: flow f is for") for each in told)


def test_clients_of_a_site_have_no_port_below_1024_unless_it_is_said(warned: Warned) -> None:
    site = """
sites: {{ x: {{ cidrs: [192.168.1.0/24], gateway: {{ address: 203.0.113.10 }}{ports} }} }}
services: {{ a: {{ segment: left }} }}
flows:
  - {{ name: nfs, from: x, to: a, traffic: tcp 2049, why: they keep files }}
"""
    (one,) = warned(site.format(ports=""))
    assert one.endswith("no reply gets back there, for these are no client-ports of x")
    assert warned(site.format(ports=", client-ports: 1-65535")) == []


def test_a_broker_that_answers_nobody_is_warned_of(warned: Warned) -> None:
    ends = '{ in: { type: ROUTER, bind: "tcp://*:1" }, out: { type: PUB, bind: "tcp://*:2" } }'
    service = f"a: {{ segment: left, proxy: {{ front: in, back: out }}, sockets: {ends} }}"
    [said] = warned(f"services:\n  {service}\n")
    assert "between a ROUTER and a PUB messages go one way, and nobody is answered" in said


def test_a_selector_leaves_out_with_a_warning_what_stays_on_its_host(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    topology = load_text(
        completed(
            "services:\n"
            '  a: { segment: left, sockets: { m: { type: PUB, bind: "ipc:///run/m" } } }\n'
            '  b: { segment: left, sockets: { m: { type: PUB, bind: "tcp://*:5556" } } }\n'
            '  c: { segment: right, sockets: { all: { type: SUB, connect: "*.m" } } }\n'
        )
    )
    assert [(each.client, each.server) for each in topology.connections] == [("c", "b")]
    [warning] = topology.warnings
    assert (warning.line, "a.m is not among these" in warning.what) == (4, True)


def test_all_addresses_of_both_families_are_all_those_of_ipv4(
    completed: Callable[[str], str], load_text: Callable[[str], Topology]
) -> None:
    said = (
        'services: { a: { segment: left, sockets: { s: { type: PUB, bind: "tcp://[::]:5556" } } } }'
    )
    topology = load_text(completed(said))
    assert [each.at for each in topology.sockets["a.s"].listens] == ["5556"]
    [warning] = topology.warnings
    assert "IPv4 reaches it too" in warning.what


def test_who_gets_at_a_socket_by_the_range_of_another_is_told_where_it_binds(
    warned: Warned,
) -> None:
    written = """
services:
  a:
    segment: left
    sockets:
      s: { type: ROUTER, bind: "tcp://*:51000-51999" }
      t: { type: REP, bind: "tcp://*:51000-51999" }
      apart: { type: REP, bind: "tcp://*:52000-52999" }
  both:
    segment: left
    sockets: { s: { type: DEALER, connect: [a.s, a.apart] }, t: { type: REQ, connect: a.t } }
  beat: { segment: left, sockets: { t: { type: REQ, connect: a.t } } }
"""
    assert warned(written) == [
        "6: a.s draws its port from one range with a.t, so that beat can connect to it as well, "
        "and nobody declared that"
    ]
    assert warned(written.replace("connect: a.t } } }", "connect: [a.t, a.s] } } }")) == []


def test_what_a_sender_by_norm_hears_is_warned_of_where_it_connects(warned: Warned) -> None:
    (one,) = warned("""
services:
  a: { segment: left, sockets: { s: { type: SUB, bind: "norm://localhost:5556" } } }
  b: { segment: left, client-ports: 40000-40999, sockets: { p: { type: PUB, connect: a.s } } }
""")
    assert one == (
        "4: b.p sends by norm to a.s, which says what was lost at the port whence it came: "
        "service a may send udp to all client-ports of service b"
    )


def test_a_peer_of_ipv6_alone_is_warned_of_where_a_socket_may_wait_at_ipv4_alone(
    warned: Warned,
) -> None:
    tape = """
ipv6: amazon
peers:
  clients:
    addresses: ["2001:db8:77::/64"%s]
    sockets: { in: { type: SUB, connect: a.tape, mechanism: CURVE } }
services:
  a:
    segment: left
    sockets:
      tape:
        { type: PUB, bind: "%s", mechanism: CURVE, zap: true,
          exposure: { why: they read it, owner: sales } }
"""
    (one,) = warned(tape % ("", "tcp://*:5556"))
    assert one == (
        "12: a.tape binds tcp://*:5556, which is IPv4 unless its program sets ZMQ_IPV6, and peer "
        "clients has IPv6 alone"
    )
    assert not any("IPv6 alone" in each for each in warned(tape % ("", "tcp://[::]:5556")))
    assert warned(tape % (", 198.51.100.7/32", "tcp://*:5556")) == []


@pytest.mark.parametrize(
    ("kind", "other", "said"),
    [
        ("PUB", "SUB", "has what that copy publishes, and nothing of the others (RFC 29)"),
        ("SUB", "PUB", "publishes to that copy, and the others hear nothing of it (RFC 29)"),
        ("ROUTER", "DEALER", "knows its peers by identities of its own connections (RFC 28)"),
        ("PULL", "PUSH", "at least 1 get nothing"),
        ("REP", "REQ", "at least 1 get nothing"),
    ],
)
def test_what_a_pattern_loses_behind_a_load_balancer_is_warned_of(
    warned: Warned, kind: str, other: str, said: str
) -> None:
    text = """
services:
  a: { segment: left, replicas: %d, sockets: { s: { type: %s, bind: "tcp://*:5556", via: nlb } } }
  b: { segment: left, sockets: { s: { type: %s, connect: a.s } } }
"""
    assert any(said in each for each in warned(text % (2, kind, other)))
    assert warned(text % (1, kind, other)) == []
    direct = text.replace(", via: nlb", "")
    assert warned(direct % (2, kind, other)) == []


def test_as_many_clients_as_copies_may_keep_all_of_them_busy(warned: Warned) -> None:
    text = """
services:
  a: { segment: left, replicas: 2, sockets: { s: { type: REP, bind: "tcp://*:5556", via: nlb } } }
  b: { segment: left, replicas: 2, sockets: { s: { type: REQ, connect: a.s } } }
"""
    assert warned(text) == []


def test_a_zap_handler_that_goes_by_addresses_is_told_the_load_balancers(warned: Warned) -> None:
    text = """
services:
  a:
    segment: left
    sockets: { s: { type: REP, bind: "tcp://*:1", zap: true, via: nlb, mechanism: %s } }
  b: { segment: left, sockets: { s: { type: REQ, connect: a.s, mechanism: %s } } }
"""
    (one,) = warned(text % ("NULL", "NULL"))
    assert "its ZAP handler is told the address alone: that is the NLB's, whoever connects" in one
    assert warned(text % ("CURVE", "CURVE")) == []
