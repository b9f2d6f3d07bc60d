"""The ledger: every boundary that ZeroMQ crosses, with the flows over it and their reasons."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given

from bulkhead.ledger import BoundaryKind, ledger
from bulkhead.network import Verdict
from bulkhead.plan import plan
from bulkhead.prove.finer import telling_apart
from bulkhead.prove.reach import prove
from bulkhead.report.documents.ledger import ledger as document
from bulkhead.report.markdown.escaping import escaped
from bulkhead.report.markdown.ledger import ledger as page
from tests.support.examples import examples
from tests.support.topologies import HEAD, documents, sending_to_a_site, topology_from


def written(topology):
    planned = plan(topology)
    reach = telling_apart(prove(planned.network), planned.declaration)
    return ledger(topology, planned, reach), planned


def told(found):
    return page(found, topology="shop.yaml", command="bulkhead document", picture="flows.svg")


SHOP = {
    **HEAD,
    "zones": 1,
    "segments": {
        "front": {"purpose": "takes orders", "owner": "web", "data": "internal"},
        "back": {"purpose": "keeps orders", "isolation": "service"},
    },
    "sites": {
        "partner": {
            "cidrs": ["192.168.10.0/24"],
            "gateway": {"address": "203.0.113.10"},
            "owner": "sales",
            "sockets": {"asks": {"type": "REQ", "connect": "web.api", "why": "asks for prices"}},
        }
    },
    "services": {
        "web": {
            "segment": "front",
            "replicas": 2,
            "sockets": {
                "api": {"type": "ROUTER", "bind": "tcp://*:5556"},
                "spare": {"type": "PUB", "bind": "tcp://*:5557"},
                "log": {"type": "PUSH", "bind": "ipc:///run/log"},
                "logger": {"type": "PULL", "connect": "web.log"},
            },
        },
        "cart": {"segment": "front", "sockets": {"ask": {"type": "REQ", "connect": "web.api"}}},
        "store": {
            "segment": "back",
            "owner": "data",
            "sockets": {
                "in": {"type": "PULL", "bind": "tcp://*:5558", "why": "orders must not be lost"}
            },
        },
        "till": {"segment": "back", "sockets": {"out": {"type": "PUSH", "connect": "store.in"}}},
    },
}


def test_boundaries_are_told_from_the_outside_in(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    assert [(each.kind, each.source, each.destination) for each in found.boundaries] == [
        (BoundaryKind.SITE, "partner", "front"),
        (BoundaryKind.BETWEEN, "back/till", "back/store"),
        (BoundaryKind.WITHIN, "front", "front"),
    ]


def test_a_flow_has_the_reason_of_who_connects_or_else_of_who_binds(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    reasons = {str(each.flow): each.flow.why for each in found.flows}
    assert reasons == {
        "partner.asks -> web.api (tcp 5556)": "asks for prices",
        "till.out -> store.in (tcp 5558)": "orders must not be lost",
        "cart.ask -> web.api (tcp 5556)": "",
    }
    assert [str(each.flow) for each in found.unexplained] == ["cart.ask -> web.api (tcp 5556)"]


def test_a_service_without_an_owner_has_its_segments(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    owners = {each.flow.client: each.owner for each in found.flows}
    assert owners == {"partner": "sales", "till": "", "cart": "web"}
    assert found.unowned == ("till",)


def test_who_answers_for_a_socket_answers_for_its_flows(tmp_path):
    shop = deepcopy(SHOP)
    shop["services"]["store"]["sockets"]["in"]["owner"] = "auditors"
    shop["services"]["web"]["sockets"]["api"]["owner"] = "shop"
    shop["services"]["cart"]["sockets"]["ask"]["owner"] = "carts"
    found, _ = written(topology_from(tmp_path, shop))
    owners = {each.flow.client: each.owner for each in found.flows}
    assert owners == {"partner": "shop", "till": "auditors", "cart": "carts"}


def test_how_data_is_classified_is_said_of_every_part_of_a_service_as_its_segment_says(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    page = told(found)
    assert "| front | takes orders | web | internal | the segment |" in page
    assert "| cart | front | 1 | - | web | internal |" in page
    assert "| store | back | 1 | - | data | - |" in page
    said = document(found)
    back, front = said["segments"]
    assert (front["data"], back["data"]) == ("internal", None)
    assert {each["name"]: each["data"] for each in said["services"]}["cart"] == "internal"
    assert said["sites"] == [{"name": "partner", "purpose": None, "owner": "sales", "data": None}]


def test_what_stays_on_a_host_and_who_waits_in_vain_are_listed_apart(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    assert [str(each) for each in found.local] == ["web.logger -> web.log"]
    assert [each.name for each in found.idle] == ["web.spare"]


def test_of_sockets_that_draw_from_one_range_none_waits_in_vain(tmp_path):
    shop = deepcopy(SHOP)
    sockets = shop["services"]["web"]["sockets"]
    sockets["api"]["bind"] = sockets["spare"]["bind"] = "tcp://*:9000-9009"
    found, _ = written(topology_from(tmp_path, shop))
    assert found.idle == ()
    assert [[each.name for each in some] for some in found.sharing] == [["web.api", "web.spare"]]
    assert "| web.api, web.spare | tcp 9000-9009 |" in told(found)
    assert document(found)["sharing"] == [["web.api", "web.spare"]]


def test_only_a_site_is_behind_encryption_and_its_algorithms_are_named(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    site, *others = found.boundaries
    assert "ikev2" in site.encryption
    assert "AES256-GCM" in site.encryption
    assert {each.encryption for each in others} == {""}


def test_between_units_each_layer_is_named_at_both_ends_and_for_the_reply(tmp_path):
    found, _ = written(topology_from(tmp_path, SHOP))
    (entry,) = found.boundaries[1].flows
    layers = [(each.reply, str(each.layer), each.name) for each in entry.hops]
    assert layers == [
        (False, "security group egress", "till"),
        (False, "NACL egress", "back.till"),
        (False, "NACL ingress", "back.store"),
        (False, "security group ingress", "store"),
        (True, "NACL egress", "back.store"),
        (True, "NACL ingress", "back.till"),
    ]


def test_each_socket_at_an_address_of_a_site_is_a_flow_of_its_own(tmp_path):
    bound = sending_to_a_site(orders="tcp://192.168.10.7:6001", fills="tcp://192.168.10.8:6001")
    found, planned = written(topology_from(tmp_path, bound))
    assert len(found.flows) == len(planned.flows) == 2
    assert {each.verdict for each in found.flows} == {Verdict.ALLOWED}


@given(documents() | documents(vpcs=True))
@examples(0.3)
def test_every_declared_flow_stands_under_one_boundary_and_is_let_by_its_plan(
    tmp_path_factory, document
):
    topology = topology_from(tmp_path_factory.mktemp("topology"), document)
    found, planned = written(topology)
    assert sorted(str(each.flow) for each in found.flows) == sorted(map(str, planned.flows))
    assert {each.verdict for each in found.flows} <= {Verdict.ALLOWED}
    assert told(found) == told(written(topology)[0])


def test_what_people_write_is_text_on_the_page_and_no_markup(tmp_path):
    hostile = {**SHOP, "segments": {**SHOP["segments"]}}
    hostile["segments"]["front"] = {"purpose": "a|b <img src=x> `c` [d](e) **f** @g"}
    text = told(written(topology_from(tmp_path, hostile))[0])
    assert r"a\|b &lt;img src=x&gt; \`c\` \[d\](e) \*\*f\*\* @&#8203;g" in text


def test_one_more_flow_changes_the_lines_that_speak_of_it_and_no_other(tmp_path):
    before = told(written(topology_from(tmp_path, SHOP))[0]).splitlines()
    services = {name: dict(each) for name, each in SHOP["services"].items()}
    services["cart"]["sockets"] = {
        **services["cart"]["sockets"],
        "more": {"type": "REQ", "connect": "web.api", "why": "stock"},
    }
    after = told(written(topology_from(tmp_path, {**SHOP, "services": services}))[0]).splitlines()
    assert [each for each in after if each not in before] == [
        "- 4 flows over 3 boundaries",
        "- without a reason (`why`): 1 of 4",
        "- not encrypted from program to program: 4 of 4",
        "| cart.more (REQ) | web.api (ROUTER) x2 | tcp 5556 | nothing | stock | web |",
    ]


@pytest.mark.parametrize(
    ("said", "within", "outside"),
    [
        ({"mechanism": "CURVE", "zap": True}, "CURVE", "CURVE, tunnel"),
        ({"mechanism": "CURVE"}, "CURVE (any client key)", "CURVE, tunnel (any client key)"),
        ({"mechanism": "PLAIN"}, "nothing", "tunnel"),
    ],
)
def test_a_flow_says_what_encrypts_it_and_whether_anybody_asks_who_connects(
    tmp_path, said, within, outside
):
    def secured(owners):
        return {
            name: {
                **each,
                "sockets": {key: {**one, **said} for key, one in each["sockets"].items()},
            }
            for name, each in owners.items()
        }

    shop = {key: secured(SHOP[key]) for key in ("services", "sites")}
    lines = told(written(topology_from(tmp_path, {**SHOP, **shop}))[0]).splitlines()
    (asked,) = (each for each in lines if each.startswith("| partner.asks"))
    (sold,) = (each for each in lines if each.startswith("| cart.ask "))
    assert f"| tcp 5556 | {outside} |" in asked
    assert f"| tcp 5556 | {within} |" in sold


def test_a_text_of_a_page_strikes_nothing_out_and_is_no_formula_and_no_entity():
    assert escaped("~~open~~ $x$ &lt;") == r"\~\~open\~\~ \$x\$ &amp;lt;"


def test_of_both_families_it_has_the_rules_and_of_icmp_those_of_its_own(tmp_path):
    document = {
        **HEAD,
        "ipv6": "amazon",
        "segments": {"left": {"purpose": "l"}, "right": {"purpose": "r"}},
        "services": {
            "a": {"segment": "left", "sockets": {"s": {"type": "PUB", "bind": "tcp://[::]:5556"}}},
            "b": {"segment": "right", "sockets": {"r": {"type": "SUB", "connect": "a.s"}}},
        },
        "flows": [
            {"name": "ping", "from": "b", "to": "a", "traffic": "icmp 8", "why": "-"},
            {"name": "ping6", "from": "b", "to": "a", "traffic": "icmpv6 128", "why": "-"},
        ],
    }
    found, _ = written(topology_from(tmp_path, document))
    versions = {
        each.flow.server.name: {one.source.version for one in each.told} for each in found.flows
    }
    assert versions == {"a.s": {4, 6}, "a.ping": {4}, "a.ping6": {6}}
    assert {each.verdict for each in found.flows} == {Verdict.ALLOWED}
    page = told(found)
    assert "allow tcp 5556 to 10.20.0.0/22" in page
    assert "allow tcp 5556 to 2001:db8:a::/62" in page
    assert "IPv6 beside IPv4: in 2001:db8:a::/56, which stands for the block that AWS gives" in page


def test_what_the_vpc_encrypts_is_said_of_each_flow_and_counted(tmp_path):
    held = {**SHOP, "vpc-encryption": {"mode": "enforce"}}
    found, _ = written(topology_from(tmp_path, held))
    by = {each.flow.client: [*map(str, each.protected)] for each in found.flows}
    assert by["cart"] == ["VPC encryption control"]
    assert by["partner"] == ["tunnel"]
    page = told(found)
    assert f"from host to host by the VPC: {len(found.encrypted_by_vpc)} of these" in page
    bare, _ = written(topology_from(tmp_path, SHOP))
    assert bare.encrypted_by_vpc == ()
    assert "by the VPC" not in told(bare)


def test_what_crosses_into_another_vpc_is_a_boundary_of_its_own(tmp_path):
    text = """
        name: desks
        region: eu-west-1
        zones: 1
        vpcs: { core: { cidr: 10.0.0.0/16 }, desk: { cidr: 10.1.0.0/16 } }
        joins: [{ peering: [core, desk] }]
        segments:
          feed: { vpc: core, purpose: prices }
          strategy: { vpc: desk, purpose: trading, isolation: service }
        services:
          ticker: { segment: feed, sockets: { ticks: { type: PUB, bind: "tcp://*:5556" } } }
          momentum: { segment: strategy, sockets: { in: { type: SUB, connect: ticker.ticks } } }
    """
    found, _ = written(topology_from(tmp_path, text))
    (boundary,) = found.boundaries
    assert boundary.kind == "between VPCs"
    assert (boundary.source, boundary.destination) == ("strategy/momentum", "feed")
    hops = {str(each.layer) for entry in boundary.flows for each in entry.hops}
    assert "route" in hops
    assert "From VPC desk into VPC core by a VPC peering connection" in told(found)
