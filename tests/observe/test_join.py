"""Several regions are one network: each thing once, and nothing of one taken for the other's."""

from dataclasses import replace

import pytest

from bulkhead.network import Network, Unmodelled
from bulkhead.observe.errors import TopologyNotFoundError
from bulkhead.observe.join import join, join_found
from bulkhead.observe.wanted import Chosen
from tests.support.estate import Estate
from tests.support.verdicts import verdicts


def region(vpc, cidr, name, subnet, host):
    estate = Estate(vpc, cidr)
    estate.parts["vpcs"] = [replace(estate.parts["vpcs"][0], region=name)]
    estate.parts["nacls"] = []
    estate.parts["route_tables"] = []
    estate.acl(f"open-{vpc}", "in 1 allow all 0.0.0.0/0", "out 1 allow all 0.0.0.0/0")
    estate.table(f"main-{vpc}")
    estate.subnet(subnet, cidr, acl=f"open-{vpc}", table=f"main-{vpc}", zone=f"{name}a")
    estate.group(f"g-{vpc}", "in all 0.0.0.0/0", "out all 0.0.0.0/0", service="ticker")
    estate.service("ticker", f"g-{vpc}")
    estate.listener("ticker", "ticks", 5556)
    estate.host(f"h-{vpc}", subnet, host, f"g-{vpc}", service="ticker")
    return estate


def west():
    return region("west", "10.1.0.0/16", "eu-west-1", "w", "10.1.0.5")


def east():
    return region("east", "10.2.0.0/16", "us-east-1", "e", "10.2.0.5")


def test_one_network_is_left_as_it_is():
    only = west().build()
    assert join([only]) is only
    assert join([]) == Network()


def test_everything_of_both_is_there_and_judged_as_before():
    one, other = west().build(), east().build()
    both = join([one, other])
    before = verdicts(one) | verdicts(other)
    after = verdicts(both)
    for ends in before.keys() & after.keys():
        assert before[ends] == after[ends]
    assert {each.id for each in both.interfaces} == {"h-west", "h-east"}


def test_services_of_the_same_name_are_told_apart_by_region():
    both = join([west().build(), east().build()])
    assert [each.name for each in both.services] == ["eu-west-1/ticker", "us-east-1/ticker"]
    assert {each.id: each.service for each in both.interfaces} == {
        "h-west": "eu-west-1/ticker",
        "h-east": "us-east-1/ticker",
    }
    assert [each.owner for each in both.listeners] == ["eu-west-1/ticker", "us-east-1/ticker"]


def test_two_accounts_in_one_region_are_told_apart_too():
    other = east().build()
    other = replace(other, vpcs=tuple(replace(each, region="eu-west-1") for each in other.vpcs))
    names = [each.name for each in join([west().build(), other]).services]
    assert len(set(names)) == 2


def test_sites_of_the_same_name_are_told_apart_with_their_connections_and_doubts():
    one, other = west(), east()
    for number, estate in enumerate((one, other)):
        vgw = estate.vgw(f"vgw-{number}")
        estate.site("plant", "192.168.0.0/16", gateway=vgw.id)
        estate.parts["vpn_connections"][0] = replace(
            estate.parts["vpn_connections"][0], id=f"vpn-{number}"
        )
        estate.parts["sites"][0] = replace(estate.parts["sites"][0], vpn_connection=f"vpn-{number}")
    one.unmodelled("plant")
    both = join([one.build(), other.build()])
    assert {each.name: each.vpn_connection for each in both.sites} == {
        "eu-west-1/plant": "vpn-0",
        "us-east-1/plant": "vpn-1",
    }
    assert {each.id: each.site for each in both.vpn_connections} == {
        "vpn-0": "eu-west-1/plant",
        "vpn-1": "us-east-1/plant",
    }
    assert [each.scope for each in both.unmodelled] == ["eu-west-1/plant"]


def peered():
    one, other = west(), east()
    one.pcx("pcx", "west", "east", cidrs="10.2.0.0/16", region="us-east-1")
    other.pcx("pcx", "west", "east", cidrs="10.1.0.0/16", region="eu-west-1")
    return one, other


def test_a_peering_that_both_regions_describe_is_one_whatever_it_is_called_there():
    one, other = peered()
    known = replace(other.parts["peerings"][0], name="link")
    other.parts["peerings"] = [known]
    both = join([one.build(), other.build()])
    assert both.peerings == (known,)
    assert both.unmodelled == ()


def test_what_contradicts_itself_stays_once_and_is_in_doubt_itself_alone():
    one, other = peered()
    other.parts["peerings"] = [replace(other.parts["peerings"][0], active=False)]
    both = join([one.build(), other.build()])
    assert [(each.id, each.active) for each in both.peerings] == [("pcx", True)]
    (doubt,) = both.unmodelled
    assert (doubt.kind, doubt.id, doubt.scope) == ("vpc-peering-connection", "pcx", "pcx")


def test_who_observed_a_thing_has_the_say_before_who_only_heard_of_it():
    one, other = west(), east()
    one.vpc("east")
    one.unmodelled("east", kind="vpc", id_="east")
    heard = one.build()
    heard = replace(
        heard,
        unmodelled=(replace(heard.unmodelled[0], unseen=True),),
    )
    for order in ([heard, other.build()], [other.build(), heard]):
        both = join(order)
        (vpc,) = [each for each in both.vpcs if each.id == "east"]
        assert [str(each) for each in vpc.cidrs] == ["10.2.0.0/16"]
        assert both.unmodelled == ()


def test_what_nobody_observed_stays_in_doubt():
    one, other = west().build(), east().build()
    doubt = Unmodelled(kind="vpc", id="gone", scope="gone", why="named only", unseen=True)
    both = join([replace(one, unmodelled=(doubt,)), replace(other, unmodelled=(doubt,))])
    assert both.unmodelled == (doubt,)


def test_a_doubt_of_one_region_about_its_own_stays():
    doubt = Unmodelled(kind="rule", id="r", scope="g-west", why="names group x", unseen=True)
    both = join([replace(west().build(), unmodelled=(doubt,)), east().build()])
    assert both.unmodelled == (doubt,)


def test_both_ends_of_a_peering_of_transit_gateways_may_go_by_one_id():
    one, other = west(), east()
    for estate, here, there in ((one, "tgw-1", "tgw-2"), (other, "tgw-2", "tgw-1")):
        estate.tgw(here)
        estate.attach("att", "att", tgw=here, kind="peering", peer=there, table=f"rtb-{here}")
    both = join([one.build(), other.build()])
    assert {(each.id, each.gateway, each.table) for each in both.transit_attachments} == {
        ("att", "tgw-1", "rtb-tgw-1"),
        ("att", "tgw-2", "rtb-tgw-2"),
    }


def test_a_topology_need_be_in_one_region_only():
    def missing():
        raise TopologyNotFoundError("shop", ["stage"], "region us-east-1")

    found = west().build()
    joined = join_found([missing, lambda: Chosen(found, None)], where="here")
    assert joined == Chosen(found, None)
    with pytest.raises(TopologyNotFoundError) as told:
        join_found([missing, missing], where="all of it")
    assert told.value.found == ("stage",)
    assert "all of it" in str(told.value)
