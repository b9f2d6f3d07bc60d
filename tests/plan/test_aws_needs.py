"""Services of AWS: who needs one reaches it, nobody else does, and what is left open is said."""

from __future__ import annotations

import pytest

from bulkhead.judge import ResidueKind, judge
from bulkhead.ledger import ledger
from bulkhead.lint import Severity, lint
from bulkhead.network import Action, InterfaceKind, Verdict
from bulkhead.plan import plan
from bulkhead.prove import prove
from bulkhead.settings import settings
from tests.support.topologies import HEAD, topology_from

SITE = {"cidrs": ["192.168.10.0/24"], "gateway": {"address": "203.0.113.10"}}


@pytest.fixture
def topology(tmp_path):
    def of(needs, *, site=False):
        services = {
            "caller": {"segment": "left", "needs": needs},
            "other": {"segment": "left"},
            "far": {
                "segment": "right",
                "sockets": {"in": {"type": "PULL", "bind": "tcp://*:5000"}},
            },
        }
        if site:
            services["caller"]["sockets"] = {"out": {"type": "PUSH", "connect": "plant.in"}}
        plant = {"in": {"type": "PULL", "bind": "tcp://*:6000"}}
        return topology_from(
            tmp_path,
            {
                **HEAD,
                "segments": {"left": {"purpose": "x"}, "right": {"purpose": "y"}},
                "services": services,
                **({"sites": {"plant": {**SITE, "sockets": plant}}} if site else {}),
            },
        )

    return of


def reached(made, client):
    """The services of AWS that somebody reaches."""
    reach = prove(made.network)
    return {
        end.known or end.service
        for sender in reach.endpoints
        if sender.service == client
        for end in reach.endpoints
        if (end.known or (end.service or "").startswith("AWS "))
        and reach.verdict(sender, end, 6, 443) is Verdict.ALLOWED
    }


@pytest.mark.parametrize(
    ("needs", "names"),
    [
        ("s3", {"AWS s3"}),
        (["dynamodb", "sts"], {"AWS dynamodb", "AWS sts"}),
        ("ssm", {"AWS ssm", "AWS ssmmessages", "AWS ec2messages"}),
        ("ecr", {"AWS ecr-api", "AWS ecr-dkr", "AWS s3"}),
        (["logs", "secretsmanager"], {"AWS logs", "AWS secretsmanager"}),
    ],
)
@pytest.mark.parametrize("site", [False, True])
def test_who_needs_a_service_of_aws_reaches_it_and_nobody_else_does(topology, needs, names, site):
    made = plan(topology(needs, site=site))
    assert judge(prove(made.network), made.declaration).findings == ()
    assert reached(made, "caller") == names
    assert reached(made, "other") == reached(made, "far") == set()


def test_an_endpoint_is_in_each_zone_and_opens_nothing(topology):
    made = plan(topology("sts"))
    places = made.network.interfaces_of("AWS sts")
    assert {each.kind for each in places} == {InterfaceKind.ENDPOINT}
    assert [made.network.subnet_of(each).zone for each in places] == ["eu-west-1a", "eu-west-1b"]
    group = made.network.security_group["sg/AWS sts"]
    assert [each.description for each in group.rules] == ["tcp 443 from caller"]


def test_what_a_nacl_lets_everybody_is_counted_as_that(topology):
    found = judge(prove((made := plan(topology("s3", site=True))).network), made.declaration)
    unnamed = [each for each in found.residue if each.kind is ResidueKind.UNNAMED]
    assert unnamed
    # Hosts of the site have private addresses, and are refused before everybody is let through.
    assert "plant" not in {end for each in unnamed for end in (each.source, each.destination)}


def test_private_addresses_are_refused_where_they_could_come_from_or_go_to(topology):
    def refused(**said):
        nacl = plan(topology("s3", **said)).network.nacl["acl/left"]
        return [str(each.cidr) for each in nacl.entries if each.action is Action.DENY]

    assert refused() == []
    coming = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"]
    assert sorted(refused(site=True)) == sorted([*coming, "192.168.0.0/16"])


def test_nobody_is_told_to_narrow_what_cannot_be_named(topology):
    smells = lint(plan(topology("s3")).network)
    assert {each.severity for each in smells} <= {Severity.NOTE}


def test_the_ledger_has_a_boundary_for_each_with_what_lets_it_through(topology):
    said = topology(["s3", "sts"])
    made = plan(said)
    kept = ledger(said, made, prove(made.network))
    boundaries = {each.destination: each for each in kept.boundaries}
    assert set(boundaries) == {"AWS s3", "AWS sts"}
    for each in boundaries.values():
        assert str(each.kind) == "service of AWS"
        (entry,) = each.flows
        assert entry.verdict is Verdict.ALLOWED
        assert entry.hops


def test_a_program_is_told_by_which_name_it_calls_them(topology):
    said = topology(["s3", "ecr"])
    told = settings(said, plan(said), "caller").beside
    assert {each.peer: each.at for each in told} == {
        "AWS s3": ("s3.eu-west-1.amazonaws.com",),
        "AWS ecr-api": ("api.ecr.eu-west-1.amazonaws.com",),
        "AWS ecr-dkr": ("*.dkr.ecr.eu-west-1.amazonaws.com",),
    }


def test_all_of_it_has_the_line_of_who_needs_it(topology):
    said = topology(["s3", "sts"])
    made = plan(said)
    line = said.place_of("services", "caller", "needs").line
    for id_ in ("vpce/s3", "sg/AWS sts", "subnet/AWS/eu-west-1a", "acl/AWS"):
        assert made.origins.of(id_).line == line
