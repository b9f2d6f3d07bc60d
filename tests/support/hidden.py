"""A part of a network, as a source has it that does not list all of it.

    partial = draw(hidden(network))

What is left says of itself what is missing, as an observer does. The network it was taken from
is one of those that it may be.
"""

from dataclasses import replace

from hypothesis import strategies as st

from bulkhead.network import Network, Unlisted

LAND = ("peerings", "transit_attachments", "internet_gateways", "nat_gateways", "vpn_connections")


@st.composite
def hidden(draw, network: Network) -> Network:
    """What a source lists that does not list all of the network."""
    match draw(st.sampled_from(("some hosts", "no hosts", "land", "vpc", "groups"))):
        case "some hosts":
            gone = draw(st.sets(st.sampled_from([*network.interface, ""])))
            vpcs = {network.subnet[network.interface[each].subnet].vpc for each in gone - {""}}
            return replace(
                network,
                interfaces=tuple(each for each in network.interfaces if each.id not in gone),
                unlisted=tuple(more_in(vpc) for vpc in sorted(vpcs)),
            )
        case "no hosts":
            return replace(network, interfaces=(), unobserved=("interfaces",))
        case "land":
            kind = draw(st.sampled_from(LAND))
            return replace(network, **{kind: ()}, unobserved=(kind,))
        case "vpc":
            vpc = draw(st.sampled_from(sorted(network.vpc)))
            return without_vpc(network, vpc)
        case _:
            gone = draw(st.sampled_from([each.id for each in network.security_groups]))
            left = tuple(each for each in network.security_groups if each.id != gone)
            return replace(network, security_groups=left, unobserved=("security_groups",))


def more_in(vpc: str) -> Unlisted:
    return Unlisted(kind="vpc", name=vpc, why="it may have more", vpc=vpc, runs=False)


def without_vpc(network: Network, vpc: str) -> Network:
    """As an account sees it that does not own the VPC: whatever is in there is not listed."""
    subnets = {each.id for each in network.subnets if each.vpc == vpc}
    return replace(
        network,
        vpcs=tuple(each for each in network.vpcs if each.id != vpc),
        subnets=tuple(each for each in network.subnets if each.vpc != vpc),
        interfaces=tuple(each for each in network.interfaces if each.subnet not in subnets),
        security_groups=tuple(each for each in network.security_groups if each.vpc != vpc),
        nacls=tuple(each for each in network.nacls if each.vpc != vpc),
        route_tables=tuple(each for each in network.route_tables if each.vpc != vpc),
        internet_gateways=tuple(each for each in network.internet_gateways if each.vpc != vpc),
        nat_gateways=tuple(each for each in network.nat_gateways if each.vpc != vpc),
        unlisted=(more_in(vpc),),
        unobserved=("vpcs", "subnets", "security_groups"),
    )
