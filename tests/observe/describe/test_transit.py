"""Transit gateways: what is attached, which table routes it, and where that leads."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest

from bulkhead.network import AttachmentKind


def only(things):
    (thing,) = things
    return thing


def attachment(name, kind, resource, table="tgw-rtb-1", **more):
    return {
        "TransitGatewayAttachmentId": name,
        "TransitGatewayId": "tgw-1",
        "ResourceType": kind,
        "ResourceId": resource,
        "State": "available",
        **(
            {"Association": {"TransitGatewayRouteTableId": table, "State": "associated"}}
            if table
            else {}
        ),
        **more,
    }


def route(block, *attachments, kind="static", state="active", **more):
    return {
        "DestinationCidrBlock": block,
        "Type": kind,
        "State": state,
        "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": each} for each in attachments],
        **more,
    }


@pytest.fixture
def hub(account):
    """The account with a second VPC, both attached to one transit gateway."""
    document = account.document
    document["Vpcs"].append({"VpcId": "vpc-2", "CidrBlock": "10.50.0.0/16"})
    document["Subnets"].append(
        {
            "SubnetId": "subnet-c",
            "VpcId": "vpc-2",
            "CidrBlock": "10.50.0.0/24",
            "AvailabilityZone": "eu-west-1a",
        }
    )
    account.thing("NetworkAcls", "acl-feed")["Associations"].append({"SubnetId": "subnet-c"})
    account.thing("RouteTables", "rtb-public")["Associations"].append({"SubnetId": "subnet-c"})
    document["TransitGateways"] = [
        {
            "TransitGatewayId": "tgw-1",
            "State": "available",
            "TransitGatewayArn": "arn:aws:ec2:eu-west-1:1:transit-gateway/tgw-1",
            "Options": {"SecurityGroupReferencingSupport": "enable"},
        }
    ]
    document["TransitGatewayAttachments"] = [
        attachment("tgw-attach-1", "vpc", "vpc-1"),
        attachment("tgw-attach-2", "vpc", "vpc-2"),
    ]
    document["TransitGatewayVpcAttachments"] = [
        {
            "TransitGatewayAttachmentId": "tgw-attach-1",
            "TransitGatewayId": "tgw-1",
            "VpcId": "vpc-1",
            "State": "available",
            "SubnetIds": ["subnet-a", "subnet-b"],
            "Options": {
                "ApplianceModeSupport": "enable",
                "SecurityGroupReferencingSupport": "disable",
            },
            "Tags": [{"Key": "Name", "Value": "spoke"}],
        },
        {
            "TransitGatewayAttachmentId": "tgw-attach-2",
            "TransitGatewayId": "tgw-1",
            "VpcId": "vpc-2",
            "State": "modifying",
            "SubnetIds": ["subnet-c"],
        },
    ]
    document["TransitGatewayPeeringAttachments"] = []
    document["TransitGatewayRouteTables"] = [
        {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}
    ]
    document["TransitGatewayRoutes"] = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "Routes": [
                route("10.20.0.0/16", "tgw-attach-1", kind="propagated"),
                route("10.50.0.0/16", "tgw-attach-2", kind="propagated"),
                route("10.66.0.0/16", state="blackhole"),
            ],
            "AdditionalRoutesAvailable": False,
        }
    ]
    return account


def routes(network, table="tgw-rtb-1"):
    found = only(each for each in network.transit_route_tables if each.id == table)
    return {str(each.destination): each for each in found.routes}


def test_a_hub_with_two_spokes_is_taken_in_whole(hub):
    network = hub.observe()
    assert network.unmodelled == ()
    gateway = only(network.transit_gateways)
    assert (gateway.region, gateway.references) == ("eu-west-1", True)
    first, second = network.transit_attachments
    assert (first.kind, first.resource, first.table) == (AttachmentKind.VPC, "vpc-1", "tgw-rtb-1")
    assert (first.name, first.subnets) == ("spoke", ("subnet-a", "subnet-b"))
    assert (first.appliance_mode, first.references) == (True, False)
    assert (second.available, second.appliance_mode, second.references) == (True, False, True)
    found = routes(network)
    assert found["10.50.0.0/16"].attachments == ("tgw-attach-2",)
    assert found["10.50.0.0/16"].propagated
    assert found["10.66.0.0/16"].blackhole


def test_a_gateway_that_does_not_mention_references_has_them_off(hub):
    hub.document["TransitGateways"][0]["Options"] = {}
    assert not only(hub.observe().transit_gateways).references


def test_routes_follow_from_static_ones_and_what_propagates(hub):
    """The way Batfish keeps them."""
    del hub.document["TransitGatewayRoutes"]
    hub.document["TransitGatewayStaticRoutes"] = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "Routes": [route("0.0.0.0/0", "tgw-attach-1")],
        }
    ]
    hub.document["TransitGatewayPropagations"] = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "TransitGatewayRouteTablePropagations": [
                {
                    "ResourceId": "vpc-1",
                    "ResourceType": "vpc",
                    "State": "enabled",
                    "TransitGatewayAttachmentId": "tgw-attach-1",
                },
                {
                    "ResourceId": "vpc-2",
                    "ResourceType": "vpc",
                    "State": "disabled",
                    "TransitGatewayAttachmentId": "tgw-attach-2",
                },
            ],
        }
    ]
    network = hub.observe()
    assert {block: each.propagated for block, each in routes(network).items()} == {
        "0.0.0.0/0": False,
        "10.20.0.0/16": True,
        "10.30.0.0/16": True,
    }
    assert network.unmodelled == ()


def test_a_search_for_static_routes_alone_is_completed_by_what_propagates(hub):
    answer = hub.document["TransitGatewayRoutes"][0]
    answer["Routes"] = [route("10.66.0.0/16", state="blackhole")]
    hub.document["TransitGatewayPropagations"] = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "TransitGatewayRouteTablePropagations": [
                {
                    "ResourceId": "vpc-2",
                    "ResourceType": "vpc",
                    "TransitGatewayAttachmentId": "tgw-attach-2",
                }
            ],
        }
    ]
    assert set(routes(hub.observe())) == {"10.66.0.0/16", "10.50.0.0/16"}


def listed_route(prefix_list, block, attachment, **more):
    return {**route(block, attachment, **more), "PrefixListId": prefix_list}


def with_lists(hub, *shown):
    hub.document["PrefixLists"] = [
        {"PrefixListId": each, "Entries": [{"Cidr": "10.20.0.0/16"}]} for each in ("pl-1", "pl-2")
    ]
    hub.document["TransitGatewayRoutes"][0]["Routes"] = [*shown]
    return hub.observe()


def test_an_entry_of_a_prefix_list_comes_before_what_propagates(hub):
    learnt = route("10.20.0.0/16", "tgw-attach-1", kind="propagated")
    entry = listed_route("pl-1", "10.20.0.0/16", "tgw-attach-2", kind="propagated")
    for shown in ((learnt, entry), (entry, learnt)):
        table = only(with_lists(hub, *shown).transit_route_tables).routes
        assert [(each.attachments, each.propagated) for each in table] == [
            (("tgw-attach-2",), False),
            (("tgw-attach-1",), True),
        ]


def test_a_static_route_comes_before_an_entry_of_a_prefix_list(hub):
    static = route("10.20.0.0/16", "tgw-attach-1")
    entry = listed_route("pl-1", "10.20.0.0/16", "tgw-attach-2")
    for shown in ((static, entry), (entry, static)):
        (found,) = only(with_lists(hub, *shown).transit_route_tables).routes
        assert found.attachments == ("tgw-attach-1",)


def doubted(network):
    tables = network.transit_route_tables
    return [each for table in tables for each in table.routes if not each.certain]


def test_two_prefix_lists_that_lead_a_block_apart_leave_that_block_in_doubt(hub, gaps):
    one, other = (
        listed_route(name, "10.20.0.0/16", f"tgw-attach-{number}")
        for number, name in enumerate(("pl-1", "pl-2"), 1)
    )
    assert with_lists(hub, one).unmodelled == ()
    network = with_lists(hub, one, other)
    assert "different attachments" in only(gaps(network, "tgw-rtb-1/10.20.0.0/16")).why
    assert {each.attachments for each in doubted(network)} == {("tgw-attach-1",), ("tgw-attach-2",)}
    assert gaps(network, "tgw-rtb-1") == []


WHEREVER = ("tgw-attach-1", "tgw-attach-2")
ANYTHING = {(block, to, not to) for block in ("0.0.0.0/0", "::/0") for to in (WHEREVER, ())}


def unknown_routes(network):
    """Where a table may lead what its routes are not shown for."""
    return {
        (str(each.destination), each.attachments, each.blackhole)
        for each in doubted(network)
        if each.attachments in (WHEREVER, ())
    }


def test_a_table_whose_routes_are_not_shown_may_lead_to_whatever_is_attached_or_nowhere(hub, gaps):
    del hub.document["TransitGatewayRoutes"]
    network = hub.observe(missing={"TransitGatewayRoutes": "it is denied"})
    why = only(gaps(network, "tgw-rtb-1/unknown-routes")).why
    assert "it is denied" in why
    assert "search-transit-gateway-routes" in why
    assert unknown_routes(network) == ANYTHING
    assert gaps(network, "tgw-rtb-1") == []


def test_who_does_not_see_a_table_does_not_see_all_that_is_attached_either(hub, gaps):
    del hub.document["TransitGatewayRoutes"]
    hub.document["TransitGatewayRouteTables"] = []
    assert gaps(hub.observe(missing={"TransitGatewayRoutes": "it is denied"}), "tgw-rtb-1")


@pytest.mark.parametrize("damage", [{"AdditionalRoutesAvailable": True}, {"NextToken": "more"}])
def test_what_is_shown_of_a_table_that_is_cut_off_is_there(hub, gaps, damage):
    hub.document["TransitGatewayRoutes"][0].update(damage)
    network = hub.observe()
    assert unknown_routes(network) == ANYTHING
    assert routes(network)["10.50.0.0/16"].certain
    assert gaps(network, "tgw-rtb-1") == []


@pytest.mark.parametrize(
    ("garbled", "blocks", "attachments"),
    [
        ({"DestinationCidrBlock": "banana"}, {"0.0.0.0/0", "::/0"}, ("tgw-attach-1",)),
        ({"TransitGatewayAttachments": "all"}, {"10.9.0.0/16"}, WHEREVER),
        ({"TransitGatewayAttachments": [{}]}, {"10.9.0.0/16"}, WHEREVER),
        ({"Type": 7}, {"10.9.0.0/16"}, ("tgw-attach-1",)),
    ],
)
def test_a_route_of_which_a_part_cannot_be_read_is_in_doubt_alone(
    hub, gaps, garbled, blocks, attachments
):
    hub.document["TransitGatewayRoutes"][0]["Routes"].append(
        {**route("10.9.0.0/16", "tgw-attach-1"), **garbled}
    )
    network = hub.observe()
    assert {str(each.destination) for each in doubted(network)} == blocks
    assert {each.attachments for each in doubted(network)} == {attachments}
    assert gaps(network, "tgw-rtb-1") == []
    assert any("cannot be read" in each.why for each in network.unmodelled)


def unsure(network):
    """(destination, attachments) of each route of the table that may be there."""
    (table,) = network.transit_route_tables
    return [(str(each.destination), each.attachments) for each in table.routes if not each.certain]


PENDING = route("10.20.0.0/16", "tgw-attach-1", state="pending")
LISTED = {**PENDING, "PrefixListId": "pl-9", "State": "active"}
del LISTED["DestinationCidrBlock"]


@pytest.mark.parametrize(
    ("odd", "known_as", "left"),
    [
        (PENDING, "10.20.0.0/16", [("10.20.0.0/16", ("tgw-attach-1",))]),
        (
            LISTED,
            "0.0.0.0/0",
            [("0.0.0.0/0", ("tgw-attach-1",)), ("::/0", ("tgw-attach-1",))],
        ),
        (route("10.20.0.0/16"), "unknown-target", []),
    ],
)
def test_a_route_of_which_something_is_not_known_leaves_only_itself_open(
    hub, gaps, odd, known_as, left
):
    hub.document["TransitGatewayRoutes"][0]["Routes"].append(odd)
    network = hub.observe()
    assert only(gaps(network, f"tgw-rtb-1/{known_as}"))
    assert gaps(network, "tgw-rtb-1") == []
    assert unsure(network) == left


def propagates(hub, *several):
    """Static routes alone were searched for; these propagate: attachment, kind, resource, state."""
    del hub.document["TransitGatewayRoutes"]
    table = {"TransitGatewayRouteTableId": "tgw-rtb-1"}
    hub.document["TransitGatewayStaticRoutes"] = [{**table, "Routes": []}]
    hub.document["TransitGatewayPropagations"] = [
        {
            **table,
            "TransitGatewayRouteTablePropagations": [
                {
                    "ResourceId": resource,
                    "ResourceType": kind,
                    "State": state,
                    "TransitGatewayAttachmentId": name,
                }
                for name, kind, resource, state in several
            ],
        }
    ]


@pytest.mark.parametrize(
    ("kind", "resource"), [("vpn", "vpn-9"), ("direct-connect-gateway", "dx-1"), ("vpc", "vpc-9")]
)
def test_what_propagates_without_being_shown_leaves_the_rest_of_the_table_decided(
    hub, gaps, kind, resource
):
    propagates(
        hub,
        ("tgw-attach-9", kind, resource, "enabled"),
        ("tgw-attach-2", "vpc", "vpc-2", "enabled"),
    )
    network = hub.observe()
    why = only(gaps(network, "tgw-rtb-1/tgw-attach-9")).why
    assert "search-transit-gateway-routes --transit-gateway-route-table-id tgw-rtb-1" in why
    assert gaps(network, "tgw-rtb-1") == []
    assert unsure(network) == [("0.0.0.0/0", ("tgw-attach-9",)), ("::/0", ("tgw-attach-9",))]
    assert routes(network)["10.50.0.0/16"].certain


def test_of_a_vpn_that_speaks_bgp_anything_of_its_family_may_propagate(hub):
    on_the_hub(hub)
    connection = hub.thing("VpnConnections", "vpn-1")
    connection["Options"].update(StaticRoutesOnly=False, TunnelInsideIpVersion="ipv6")
    connection["Routes"] = []
    propagates(hub, ("tgw-attach-v", "vpn", "vpn-1", "enabled"))
    network = hub.observe()
    assert unsure(network) == [("::/0", ("tgw-attach-v",))]
    assert (only(network.vpn_connections).learns, only(network.vpn_connections).version) == (
        True,
        6,
    )


def test_an_attachment_that_is_going_propagates_nothing_more(hub, gaps):
    on_the_hub(hub)
    for each in hub.document["TransitGatewayAttachments"]:
        if each["ResourceType"] == "vpn":
            each["State"] = "deleting"
    connection = hub.thing("VpnConnections", "vpn-1")
    connection["Options"]["StaticRoutesOnly"] = False
    connection["Routes"] = []
    propagates(hub, ("tgw-attach-v", "vpn", "vpn-1", "enabled"))
    network = hub.observe()
    assert unsure(network) == []
    assert gaps(network, "tgw-rtb-1/tgw-attach-v") == []


def test_a_propagation_under_way_may_be_there(hub):
    propagates(hub, ("tgw-attach-2", "vpc", "vpc-2", "enabling"))
    assert unsure(hub.observe()) == [("10.50.0.0/16", ("tgw-attach-2",))]


def test_of_the_same_block_from_a_vpc_and_a_vpn_that_of_the_vpc_counts(hub, gaps):
    on_the_hub(hub)
    connection = hub.thing("VpnConnections", "vpn-1")
    connection["Routes"] = [{"DestinationCidrBlock": "10.50.0.0/16", "State": "available"}]
    propagates(
        hub,
        ("tgw-attach-v", "vpn", "vpn-1", "enabled"),
        ("tgw-attach-2", "vpc", "vpc-2", "enabled"),
    )
    network = hub.observe()
    assert routes(network)["10.50.0.0/16"].attachments == ("tgw-attach-2",)
    assert gaps(network, "tgw-rtb-1") == []


def test_without_a_word_about_propagation_anything_attached_may_propagate(hub, gaps):
    propagates(hub)
    del hub.document["TransitGatewayPropagations"]
    network = hub.observe()
    assert unsure(network) == [
        *(("10.20.0.0/16", (name,)) for name in ("tgw-attach-1",)),
        ("10.30.0.0/16", ("tgw-attach-1",)),
        ("10.50.0.0/16", ("tgw-attach-2",)),
    ]
    assert gaps(network, "tgw-rtb-1") == []


@pytest.mark.parametrize(
    "more",
    [
        {"NatGatewaySupport": "enabled"},
        {"Association": {"TransitGatewayPolicyTableId": "tgw-ptb-1", "State": "associated"}},
    ],
    ids=["translating", "policy table"],
)
def test_an_attachment_that_does_what_is_not_modelled_is_in_doubt_alone(hub, more):
    before = hub.observe()
    hub.document["TransitGatewayAttachments"][0].update(more)
    new = set(hub.observe().unmodelled) - set(before.unmodelled)
    assert {each.scope.partition("/")[0] for each in new} == {"tgw-attach-1"}


def test_an_attachment_that_could_translate_and_does_not_is_not_mentioned(hub):
    before = hub.observe()
    hub.document["TransitGatewayAttachments"][0]["NatGatewaySupport"] = "disabled"
    assert hub.observe() == before


def test_an_attachment_without_a_table_routes_nothing_in(hub):
    del hub.document["TransitGatewayAttachments"][0]["Association"]
    network = hub.observe()
    assert network.transit_attachments[0].table is None
    assert network.unmodelled == ()


def test_a_gateway_that_shows_no_tables_belongs_to_somebody_who_sees_more(hub, gaps):
    del hub.document["TransitGatewayAttachments"][0]["Association"]
    hub.document["TransitGatewayRouteTables"] = []
    network = hub.observe()
    assert network.transit_attachments[0].table == "tgw-attach-1/unknown-route-table"
    assert len(gaps(network, "tgw-attach-1/unknown-route-table")) == 1


def test_the_tables_themselves_tell_what_is_associated_with_them(hub):
    del hub.document["TransitGatewayAttachments"]
    hub.document["TransitGatewayAssociations"] = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "Associations": [
                {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "associated"},
                {"TransitGatewayAttachmentId": "tgw-attach-2", "State": "disassociating"},
            ],
        }
    ]
    first, second = hub.observe().transit_attachments
    assert first.table == "tgw-rtb-1"
    assert second.table == "tgw-attach-2/unknown-route-table"


def test_an_attachment_whose_table_nobody_shows_has_one_that_is_not_there(hub, gaps):
    del hub.document["TransitGatewayAttachments"]
    network = hub.observe()
    for each in network.transit_attachments:
        assert each.table not in {table.id for table in network.transit_route_tables}
        assert len(gaps(network, each.table)) == 1


def test_an_attachment_whose_subnets_nobody_shows_is_in_doubt(hub, gaps):
    del hub.document["TransitGatewayVpcAttachments"]
    network = hub.observe()
    assert "by which subnets" in only(gaps(network, "tgw-attach-1")).why


def test_an_attachment_into_what_was_not_observed_is_in_doubt(hub, gaps):
    hub.document["Subnets"] = hub.document["Subnets"][1:]
    hub.document["Vpcs"] = hub.document["Vpcs"][:1]
    hub.document["Subnets"] = [each for each in hub.document["Subnets"] if each["VpcId"] == "vpc-1"]
    network = hub.observe()
    assert "subnet-a" in only(gaps(network, "tgw-attach-1")).why
    assert "vpc-2" in only(gaps(network, "tgw-attach-2")).why


def test_a_former_attachment_beside_its_successor_is_not_there(hub):
    former = attachment("tgw-attach-0", "vpc", "vpc-1", table=None, State="deleted")
    hub.document["TransitGatewayAttachments"].append(former)
    network = hub.observe()
    assert [each.id for each in network.transit_attachments] == ["tgw-attach-1", "tgw-attach-2"]
    hub.document["TransitGatewayAttachments"][0]["State"] = "deleted"
    hub.document["TransitGatewayVpcAttachments"][0]["State"] = "deleted"
    gone = [each for each in hub.observe().transit_attachments if each.resource == "vpc-1"]
    assert not any(each.available for each in gone)


def test_peered_gateways_name_each_other(hub):
    hub.document["TransitGatewayAttachments"].append(
        attachment("tgw-attach-p", "peering", "tgw-far")
    )
    told = only(each for each in hub.observe().transit_attachments if each.id == "tgw-attach-p")
    assert (told.kind, told.resource, told.peer_gateway) == (
        AttachmentKind.PEERING,
        "tgw-attach-p",
        "tgw-far",
    )
    hub.document["TransitGatewayPeeringAttachments"] = [
        {
            "TransitGatewayAttachmentId": "tgw-attach-p",
            "RequesterTgwInfo": {"TransitGatewayId": "tgw-far", "Region": "us-east-1"},
            "AccepterTgwInfo": {"TransitGatewayId": "tgw-1", "Region": "eu-west-1"},
            "State": "available",
        }
    ]
    again = only(each for each in hub.observe().transit_attachments if each.id == "tgw-attach-p")
    assert again == told


def test_other_attachments_are_kept_as_what_is_not_modelled(hub):
    hub.document["TransitGatewayAttachments"].append(
        attachment("tgw-attach-d", "direct-connect-gateway", "dx-1")
    )
    told = only(each for each in hub.observe().transit_attachments if each.id == "tgw-attach-d")
    assert told.kind is AttachmentKind.OTHER


def on_the_hub(hub, **more):
    """The connection ends at the transit gateway instead: nothing leads to the other one."""
    connection = hub.thing("VpnConnections", "vpn-1")
    del connection["VpnGatewayId"]
    table = hub.thing("RouteTables", "rtb-main")
    table["Routes"] = [each for each in table["Routes"] if each["GatewayId"] != "vgw-1"]
    connection.update(TransitGatewayId="tgw-1", Routes=[], **more)
    hub.document["TransitGatewayAttachments"].append(attachment("tgw-attach-v", "vpn", "vpn-1"))
    return connection


def test_a_vpn_on_a_transit_gateway_leads_where_the_tables_send_into_it(hub):
    on_the_hub(hub)
    hub.document["TransitGatewayRoutes"][0]["Routes"] += [
        route("192.168.10.0/24", "tgw-attach-v"),
        route("2001:db8:77::/48", "tgw-attach-v", kind="propagated"),
    ]
    network = hub.observe()
    connection = only(network.vpn_connections)
    assert (connection.vpn_gateway, connection.site) == ("", "exchange")
    assert connection.routes == (IPv4Network("192.168.10.0/24"), IPv6Network("2001:db8:77::/48"))
    assert only(network.sites).cidrs == connection.routes
    assert network.unmodelled == ()


def test_a_vpn_that_no_table_leads_into_or_that_is_not_attached_is_named(hub, gaps):
    on_the_hub(hub)
    assert "no table" in only(gaps(hub.observe(), "vpn-1/announced")).why
    hub.document["TransitGatewayAttachments"].pop()
    assert "is attached" in only(gaps(hub.observe(), "vpn-1")).why


@pytest.mark.parametrize(("state", "available"), [("pending", False), ("available", True)])
def test_a_vpn_is_available_by_its_state_and_not_by_its_tunnels(account, state, available):
    connection = account.thing("VpnConnections", "vpn-1")
    connection.update(State=state, VgwTelemetry=[{"Status": "DOWN"}, {"Status": "DOWN"}])
    assert only(account.observe().vpn_connections).available is available


def test_attachments_without_their_gateway_have_one_in_doubt(hub, gaps):
    del hub.document["TransitGateways"]
    network = hub.observe()
    assert [each.id for each in network.transit_gateways] == ["tgw-1"]
    assert gaps(network, "tgw-1")


def test_an_attachment_that_does_not_say_its_subnets_is_in_doubt_not_without_any(hub, gaps):
    del hub.thing("TransitGatewayVpcAttachments", "tgw-attach-1")["SubnetIds"]
    assert "by which subnets" in only(gaps(hub.observe(), "tgw-attach-1")).why
