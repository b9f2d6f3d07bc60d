"""What is not ZeroMQ gets the same rules: at both ends, in both layers, of any protocol."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bulkhead.judge import judge
from bulkhead.network import ALL_PORTS, Direction, icmp_range
from bulkhead.network.tags import listeners_from, socket_tags
from bulkhead.plan import plan
from bulkhead.problems import InputError
from bulkhead.prove.reach import prove
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, topology_from

BESIDE = ("udp 53", "icmp", "sctp", "gre", "protocol 89")


def planned(document):
    with tempfile.TemporaryDirectory() as folder:
        return plan(topology_from(Path(folder), document))


def from_bastion(*flows):
    return {
        **HEAD,
        "zones": 1,
        "segments": {"edge": {"purpose": "logins"}, "core": {"purpose": "programs"}},
        "services": {
            "bastion": {"segment": "edge"},
            "app": {"segment": "core"},
            "db": {"segment": "core"},
        },
        "sites": {"office": {"cidrs": ["192.168.10.0/24"], "gateway": {"address": "203.0.113.10"}}},
        "flows": [{"from": "bastion", "to": "app", "why": "x", **flow} for flow in flows],
    }


def rules(made, service, direction):
    (group,) = [each for each in made.network.security_groups if each.service == service]
    return [each.description for each in group.towards(direction)]


def entries(made, acl, direction):
    (found,) = [each for each in made.network.nacls if each.name == acl]
    return [each.says() for each in found.ordered(direction)]


@pytest.mark.parametrize(
    ("traffic", "said", "reply"),
    [
        ("tcp 22", "tcp 22", "tcp 32768-60999"),
        ("udp 53", "udp 53", "udp 32768-60999"),
        ("icmp 8", "icmp type 8", "icmp type 0"),
        ("icmp 3/4", "icmp type 3 code 4", "icmp type 3 code 4"),
        ("icmp", "icmp", "icmp"),
        ("gre", "protocol 47", "protocol 47"),
        ("sctp 3868", "protocol 132", "protocol 132"),
    ],
)
def test_a_flow_is_a_rule_at_each_end_and_four_entries(traffic, said, reply):
    made = planned(from_bastion({"name": "it", "traffic": traffic}))
    assert rules(made, "bastion", Direction.EGRESS) == [f"{said} to app"]
    assert rules(made, "app", Direction.INGRESS) == [f"{said} from bastion"]
    core, edge = "10.20.0.0/22", "10.20.4.0/22"
    assert {*entries(made, "edge", Direction.EGRESS)} == {f"{said} to {core}"}
    assert {*entries(made, "edge", Direction.INGRESS)} == {f"{reply} from {core}"}
    assert {*entries(made, "core", Direction.INGRESS)} == {f"{said} from {edge}"}
    assert {*entries(made, "core", Direction.EGRESS)} == {f"{reply} to {edge}"}


def test_messages_of_neighbouring_types_are_a_rule_each_for_no_rule_names_two():
    made = planned(from_bastion({"name": "it", "traffic": ["icmp 8", "icmp 9"]}))
    assert sorted(rules(made, "app", Direction.INGRESS)) == [
        "icmp type 8 from bastion",
        "icmp type 9 from bastion",
    ]


def test_everybody_who_is_meant_has_it_but_the_client_itself():
    made = planned(from_bastion({"name": "node", "to": "*", "traffic": "tcp 9100"}))
    assert [each.server.owner for each in made.flows] == ["app", "db"]


def test_what_a_flow_says_stands_in_the_plan_with_its_line():
    flow = {"name": "ssh", "traffic": "tcp 22", "owner": "ops", "until": "2999-01-31"}
    made = planned(from_bastion(flow | {"encryption": "SSH"}))
    (found,) = made.flows
    assert (found.client_name, str(found)) == ("bastion", "bastion -> app.ssh (tcp 22)")
    assert (found.why, found.owner, found.until) == ("x", "ops", datetime.date(2999, 1, 31))
    assert found.encrypted
    assert made.origins.flow(found) == made.origins.named("app.ssh")
    group = next(each for each in made.network.security_groups if each.service == "app")
    assert made.origins.of(group.id, group.rules[0]) == made.origins.flow(found)


def test_its_tags_are_read_back():
    traffic = ["tcp 22", "tcp 8000-8010", "icmp 8", "icmp", "gre", "protocol 89"]
    waiting = planned(from_bastion({"name": "it", "traffic": traffic[:3] + traffic[4:]}))
    listeners = waiting.network.listeners
    assert set(listeners_from("app", socket_tags(listeners))) == set(listeners)
    assert {each.ports for each in listeners if each.protocol == 47} == {ALL_PORTS}
    assert {each.ports for each in listeners if each.protocol == 1} == {icmp_range(8, None)}


@st.composite
def with_flows(draw):
    document = draw(documents(max_services=2))
    services = sorted(document["services"])
    parties = [*services, *document.get("sites", ())]
    flows = []
    for number in range(draw(st.integers(1, 4))):
        client, server = draw(st.sampled_from(parties)), draw(st.sampled_from(services))
        if client != server:
            traffic = f"tcp {7000 + 10 * number}-{7000 + 10 * number + draw(st.integers(0, 9))}"
            other = draw(st.sampled_from(("", *BESIDE[number : number + 1])))
            flows.append(
                {
                    "name": f"flow{number}",
                    "from": client,
                    "to": server,
                    "traffic": [traffic, *filter(None, [other])],
                    "why": "x",
                }
            )
    return document | ({"flows": flows} if flows else {})


@given(with_flows())
@examples()
def test_a_plan_is_exactly_what_is_declared_whatever_the_protocol(document):
    try:
        made = planned(document)
    except InputError:  # more than a NACL holds, which a drawn topology may ask for
        assume(False)
    judgement = judge(prove(made.network), made.declaration)
    assert not judgement.findings
