"""A VPC beside the planned one is no difference of the stack; what the two exchange is judged."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from bulkhead.agree import tabulate
from bulkhead.agree.table import Status
from bulkhead.compare import compare
from bulkhead.judge import FindingKind, judge
from bulkhead.judge.packets import packets
from bulkhead.judge.state.differing import differences
from bulkhead.judge.state.matching import matched
from bulkhead.judge.state.mending import Mending
from bulkhead.network import (
    ANY_PROTOCOL,
    TCP,
    AclEntry,
    Action,
    AttachmentKind,
    CidrPeer,
    Direction,
    GroupRule,
    Interface,
    InternetGateway,
    Listener,
    NetworkAcl,
    PeeredVpc,
    Peering,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    Service,
    Subnet,
    TargetKind,
    TransitAttachment,
    TransitGateway,
    Unmodelled,
    Vpc,
)
from bulkhead.prove import prove

OURS = "vpc-vpc/shop"
BLOCK, THEIR_BLOCK = IPv4Network("10.20.0.0/16"), IPv4Network("10.77.0.0/16")
ANYWHERE = IPv4Network("0.0.0.0/0")
EVERY_PORT = PortRange(0, 65535)


def everything(direction, cidr=ANYWHERE):
    return AclEntry(
        number=7,
        direction=direction,
        action=Action.ALLOW,
        protocol=ANY_PROTOCOL,
        ports=EVERY_PORT,
        cidr=cidr,
    )


def rule(direction, cidr, name="sgr-x"):
    return GroupRule(
        id=name,
        direction=direction,
        protocol=ANY_PROTOCOL,
        ports=EVERY_PORT,
        peer=CidrPeer(cidr),
    )


def to_the_peer(block):
    return Route(destination=block, target=TargetKind.PEERING, target_id="pcx-1")


def beside(network, *, seen=True, theirs=True, active=True):
    """With a second VPC, open to everything and peered; `theirs`: it has a route here."""
    peering = Peering(
        id="pcx-1",
        name="pcx-1",
        requester=PeeredVpc(vpc="vpc-2", region="eu-west-1", cidrs=(THEIR_BLOCK,)),
        accepter=PeeredVpc(vpc=OURS, region="eu-west-1", cidrs=(BLOCK,)),
        active=active,
    )
    network = replace(network, peerings=(peering,))
    if not seen:
        gap = Unmodelled(kind="vpc", id="vpc-2", scope="vpc-2", why="not observed", unseen=True)
        return replace(network, unmodelled=(*network.unmodelled, gap))
    acl = NetworkAcl(
        id="acl-2",
        name="acl-2",
        vpc="vpc-2",
        entries=(everything(Direction.INGRESS), everything(Direction.EGRESS)),
    )
    table = RouteTable(
        id="rtb-2",
        name="rtb-2",
        vpc="vpc-2",
        routes=(to_the_peer(BLOCK),) if theirs else (),
        main=True,
    )
    group = SecurityGroup(
        id="sg-2",
        name="open",
        vpc="vpc-2",
        rules=(rule(Direction.INGRESS, ANYWHERE), rule(Direction.EGRESS, ANYWHERE)),
    )
    subnet = Subnet(
        id="subnet-2",
        name="partner-a",
        vpc="vpc-2",
        zone="eu-west-1a",
        cidr=IPv4Network("10.77.1.0/24"),
        nacl="acl-2",
        route_table="rtb-2",
    )
    hosts = tuple(
        Interface(
            id=f"eni-2{last}",
            name=f"partner-{last}",
            subnet="subnet-2",
            address=IPv4Address(f"10.77.1.1{last}"),
            security_groups=("sg-2",),
            source_dest_check=last == 1,
        )
        for last in (1, 2)
    )
    vpc = Vpc(id="vpc-2", name="partner", region="eu-west-1", cidrs=(THEIR_BLOCK,), neighbour=True)
    return replace(
        network,
        vpcs=(*network.vpcs, vpc),
        subnets=(*network.subnets, subnet),
        interfaces=(*network.interfaces, *hosts),
        security_groups=(*network.security_groups, group),
        nacls=(*network.nacls, acl),
        route_tables=(*network.route_tables, table),
    )


def opened(network, *, routed=True):
    """The service `db` and the NACL before it open to the other VPC, with a route back."""

    def changed(kind, name, **more):
        return {
            kind: tuple(
                replace(each, **{key: (*getattr(each, key), *new) for key, new in more.items()})
                if each.name == name
                else each
                for each in getattr(network, kind)
            )
        }

    entries = [
        everything(direction, THEIR_BLOCK) for direction in (Direction.INGRESS, Direction.EGRESS)
    ]
    return replace(
        network,
        **changed("security_groups", "db", rules=[rule(Direction.INGRESS, THEIR_BLOCK)]),
        **changed("nacls", "data", entries=entries),
        **(changed("route_tables", "data", routes=[to_the_peer(THEIR_BLOCK)]) if routed else {}),
    )


def public(network):
    """The other VPC's hosts, of a service with a socket, are open to the internet."""
    route = Route(destination=ANYWHERE, target=TargetKind.INTERNET_GATEWAY, target_id="igw-2")
    listener = Listener(
        owner="partner/app", socket="in", type="REP", protocol=TCP, ports=PortRange(7000, 7000)
    )
    return replace(
        network,
        internet_gateways=(InternetGateway(id="igw-2", name="igw-2", vpc="vpc-2"),),
        route_tables=tuple(
            replace(each, routes=(route,)) if each.id == "rtb-2" else each
            for each in network.route_tables
        ),
        interfaces=tuple(
            replace(
                each,
                service="partner/app",
                source_dest_check=True,
                public_address=IPv4Address(f"198.51.100.{int(each.address) % 256}"),
            )
            if each.subnet == "subnet-2"
            else each
            for each in network.interfaces
        ),
        services=(
            *network.services,
            Service(name="partner/app", segment=None, security_group="sg-2"),
        ),
        listeners=(*network.listeners, listener),
    )


def judged(planned, network):
    return judge(prove(network), planned.declaration)


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("theirs", [True, False])
def test_a_peering_that_opens_nothing_is_the_one_difference_and_leaves_nothing_open(
    planned, account, seen, theirs
):
    judgement = judged(planned, beside(account, seen=seen, theirs=theirs))
    (found,) = judgement.findings
    name = "partner (vpc-2)" if seen else "vpc-2"
    assert found.kind is FindingKind.UNPLANNED
    assert f"peering connection pcx-1 (with VPC {name}, 10.77.0.0/16) is in no" in found.message
    assert found.effects == ()
    assert not judgement.undetermined


def test_what_a_neighbour_may_send_here_is_undeclared_and_the_peering_is_the_cause(
    planned, account
):
    found, *others = judged(planned, opened(beside(account))).findings
    assert "VPC peering connection" in found.message
    assert found.why.startswith("Opens ")
    extra = {each.source for each in found.effects if each.kind is FindingKind.EXTRA}
    assert extra >= {"partner-1", "partner-2", "any host in partner-a"}
    assert {each.kind for each in others} == {FindingKind.UNPLANNED}


def test_a_request_needs_no_route_back_to_arrive(planned, account):
    found = judged(planned, opened(beside(account), routed=False)).findings
    assert any(each.kind is FindingKind.EXTRA for one in found for each in one.effects)
    found = judged(planned, opened(beside(account, theirs=False), routed=False)).findings
    assert not any(each.kind is FindingKind.EXTRA for one in found for each in one.effects)


@pytest.mark.parametrize("routed", [True, False])
def test_of_an_unseen_peer_only_what_the_layers_here_let_in_may_arrive(planned, account, routed):
    """Who is behind the tunnel of the site may send as one of the peer, for sure."""
    judgement = judged(planned, opened(beside(account, seen=False), routed=routed))
    arriving = [
        each
        for found in judgement.findings
        for each in found.effects
        if each.kind in (FindingKind.UNDETERMINED, FindingKind.EXTRA)
        and "alone" not in each.message
    ]
    assert arriving
    assert {each.destination for each in arriving} == {"db"}


def test_what_goes_on_within_a_neighbour_is_nobodys_question(planned, account):
    network = public(replace(beside(account, theirs=False), peerings=()))
    judgement = judged(planned, network)
    assert judgement.ok, judgement.findings
    table = tabulate(prove(network), planned.declaration)
    assert all(each.as_declared for each in table.pairs.values())
    assert {each.status for each in table.pairs.values() if each.socket == "partner/app.in"} >= {
        Status.OPEN
    }
    for delta in (compare(planned.network, network), compare(network, planned.network)):
        assert delta.same
        assert not any("partner" in each for each in (*delta.appeared, *delta.vanished))


def test_with_all_differences_mended_a_neighbour_leaves_nothing_wrong(planned, account):
    network = opened(beside(account))
    found = matched(planned.network, network)
    every = list(differences(found))
    mended = Mending(found, every).mended(every)
    assert list(packets(prove(mended), planned.declaration)) == []
    assert mended.route_table["rtb-2"].routes == (replace(to_the_peer(BLOCK), blackhole=True),)


def test_a_transit_attachment_is_the_difference_and_who_else_is_attached_is_not(planned, account):
    network = replace(
        beside(account, theirs=False),
        peerings=(),
        transit_gateways=(TransitGateway(id="tgw-1", name="tgw-1", region="eu-west-1"),),
        transit_attachments=tuple(
            TransitAttachment(
                id=f"att-{vpc}",
                name=f"att-{vpc}",
                gateway="tgw-1",
                kind=AttachmentKind.VPC,
                resource=vpc,
                table=None,
            )
            for vpc in (OURS, "vpc-2")
        ),
    )
    (found,) = judged(planned, network).findings
    assert "transit gateway tgw-1" in found.message
    assert [each.message for each in found.effects] == ["transit gateway tgw-1 is in no plan"]
