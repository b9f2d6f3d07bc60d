"""Single values of the language: each function takes what YAML gave, or raises Wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final, TypeVar

from bulkhead.intent.wrong import Wrong, alternatives, nearest, quoted

W = TypeVar("W", bound=StrEnum)

PUBLIC_INTERNET: Final = "internet"

FLOW_ENCRYPTIONS: Final = ("TLS", "SSH", "none")

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_SOCKET_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}", re.ASCII)
_INTERFACE_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,14}", re.ASCII)
_LABEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", re.ASCII)
_CIDR: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3}){3})/([0-9]{1,2})", re.ASCII)

_PRIVATE: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
# RFC 5737: addresses for documentation, so that an example can name a gateway.
_DOCUMENTATION: Final = tuple(
    map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
)

_OF_THE_INTERNET: Final = IPv6Network("2000::/3")
_DOCUMENTATION6: Final = IPv6Network("2001:db8::/32")
"""RFC 4291 and RFC 3849."""

# docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html allows /16 to /28;
# what is smaller than /26 has no room for two zones of one segment.
_LARGEST_VPC, _SMALLEST_VPC = 16, 26


def parse_name(value: object) -> str:
    """The name of a topology, segment, site or service: part of names in AWS."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    remedy = "start with a lower-case letter, then up to 30 of a-z, 0-9 and -"
    raise Wrong(f"{quoted(value)} is not a name", remedy)


def parse_interface_name(value: object) -> str:
    """As the host calls it, in IFNAMSIZ (linux/if.h); `lo` is no card, and a VLAN (eth0.100) none
    that a VPC would attach."""
    if isinstance(value, str) and _INTERFACE_NAME.fullmatch(value) and value != "lo":
        return value
    remedy = "write it as the host calls it, in up to 15 of a-z, 0-9 and -, as in eth1"
    raise Wrong(f"{quoted(value)} is not the name of a network interface", remedy)


def parse_socket_name(value: object) -> str:
    """As programs write their sockets: hash_block, rawTx, iopub-out."""
    if isinstance(value, str) and _SOCKET_NAME.fullmatch(value):
        return value
    remedy = "start with a letter, then up to 30 of A-Z, a-z, 0-9, _ and -"
    raise Wrong(f"{quoted(value)} is not a socket's name", remedy)


def parse_text(value: object) -> str:
    """Any text; numbers and `true` want quotes."""
    if isinstance(value, list | dict):
        raise Wrong(f"{quoted(value)} is not a text", "write one text")
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is not a text", "put quotes around it")
    return value


def parse_purpose(value: object) -> str:
    """One line that says why something exists; it becomes a tag."""
    return _tagged(value, "say in a few words what it is for")


def parse_owner(value: object) -> str:
    """One line that says who answers for something: a team, a person, a way to reach them.

    It becomes a tag.
    """
    return _tagged(value, "name who answers for it, as in owner: market data team")


def parse_reason(value: object) -> str:
    """One line that says what somebody needs a flow for."""
    return _line(value, "say in a few words what it is needed for")


def parse_test_name(value: object) -> str:
    """One line by which people know a test."""
    return _line(value, "say in a few words what it is about")


def parse_asked(value: object) -> str:
    """One thing that a test speaks of. What YAML takes for something else is told."""
    if isinstance(value, dict) and len(value) == 1:
        [(name, port)] = value.items()
        written = quoted(f"{name}: {port}")
        remedy = f'write "{name}:{port}"' if len(written) < 40 else "put quotes around it"
        raise Wrong(f"{written} is a mapping to YAML, for a space is behind its colon", remedy)
    if isinstance(value, int) and not isinstance(value, bool):
        raise Wrong(f"{value} is not a text", f'name whose port it is, as in "risk:{value}"')
    return parse_text(value)


def parse_data(value: object) -> str:
    """One line that classifies what flows or lies there: confidential, cardholder data.

    It becomes a tag.
    """
    return _tagged(value, "say how the data is classified, as in data: confidential")


def parse_label(value: object) -> str:
    """The value of a label, by which many services are meant at once."""
    if isinstance(value, str) and _LABEL.fullmatch(value):
        return value
    remedy = "start with a letter or digit, then up to 62 of A-Z, a-z, 0-9, _, - and ."
    if isinstance(value, int | float) and _LABEL.fullmatch(quoted(value)):
        remedy = f'put quotes around it: "{quoted(value)}"'
    raise Wrong(f"{quoted(value)} is not a label's value", remedy)


def _tagged(value: object, if_empty: str) -> str:
    """One line that the value of a tag may be: in EC2 of any characters, at most 256
    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions)."""
    text = _line(value, if_empty)
    # Other services refuse it in a value as well, and tags are copied to them
    # (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html).
    if text.lower().startswith("aws:"):
        raise Wrong(f"{quoted(text)} begins with aws:, which AWS keeps", "put a word before it")
    return text


def _line(value: object, if_empty: str) -> str:
    text = parse_text(value).strip()
    if not text:
        raise Wrong("is empty", if_empty)
    if len(text.splitlines()) > 1:
        raise Wrong(f"{quoted(text)} is more than one line of text", "write one line")
    if odd := next((each for each in text if not each.isprintable()), ""):
        what = f"{quoted(text)} holds {odd!r}, which nobody sees"
        raise Wrong(what, "write letters, signs and plain spaces")
    # Beyond the first 65,536 a character is two to whoever counts in UTF-16, as Java does.
    length = len(text.encode("utf-16-le")) // 2
    if length > 200:
        raise Wrong(f"{quoted(text)} has {length} characters", "write at most 200")
    return text


def is_public(network: IPv4Network | IPv6Network) -> bool:
    """Whether hosts of the internet have such addresses; those for documentation pass for them."""
    if isinstance(network, IPv6Network):
        documented = network.subnet_of(_DOCUMENTATION6)
        return documented or (network.subnet_of(_OF_THE_INTERNET) and network.is_global)
    documented = any(network.subnet_of(each) for each in _DOCUMENTATION)
    return documented or (network.is_global and not network.is_multicast)


def parse_host_address(value: object) -> IPv4Address:
    """The address of one host of a site."""
    _expect_carried(value)
    if isinstance(value, str) and "/" in value:
        raise Wrong(f"{quoted(value)} is a network", f"write cidr: {value[:40]}, or one address")
    try:
        address = IPv4Address(parse_text(value))
    except ValueError:
        remedy = "write one such as 192.168.10.5"
        raise Wrong(f"{quoted(value)} is not an IPv4 address", remedy) from None
    return parse_site_cidr(f"{address}/32").network_address


def parse_vlan(value: object) -> int:
    """The number of a VLAN (IEEE 802.1Q keeps 0 and 4095)."""
    return parse_whole(value, 1, 4094)


_PREFIX_LIST: Final = re.compile(r"pl-[0-9a-f]{8,17}", re.ASCII)


def parse_prefix_list(value: object) -> str:
    """The id of a prefix list."""
    if isinstance(value, str) and _PREFIX_LIST.fullmatch(value):
        return value
    raise Wrong(f"{quoted(value)} is no id of a prefix list", "write one such as pl-0123abcd")


BY_GATEWAY: Final = ("s3", "dynamodb")
"""What a VPC reaches by a route to a gateway endpoint
(docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html)."""
AWS_SERVICES: Final = (*BY_GATEWAY, "ssm", "ecr", "logs", "secretsmanager", "sts", "ec2", "eks")


def parse_need(value: object) -> str:
    """A service of AWS that a host calls."""
    return parse_choice(value, *AWS_SERVICES)


_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_date(value: object) -> date:
    """The last day on which something is needed."""
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong(f"{quoted(value)} is no day", "write one as in 2027-01-31")


def parse_flow_encryption(value: object) -> str:
    """How programs that are not ZeroMQ encrypt what they send."""
    if isinstance(value, str) and value in FLOW_ENCRYPTIONS:
        return value
    for each in FLOW_ENCRYPTIONS:
        if isinstance(value, str) and value.lower() == each.lower():
            raise Wrong(f"{quoted(value)} is not one of the choices", f"write {each}")
    remedy = f"write {alternatives(FLOW_ENCRYPTIONS)}: of DTLS, QUIC and HTTPS that is TLS"
    raise Wrong(f"{quoted(value)} is not one of the choices", remedy)


def parse_choice(value: object, *choices: str) -> str:
    """One of a few words."""
    if isinstance(value, str) and value in choices:
        return value
    raise Wrong(f"{quoted(value)} is not one of the choices", f"write {alternatives(choices)}")


def parse_word(kind: type[W], value: object, called: str) -> W:
    """A word of ZeroMQ's own, in its capitals; `called` is what it is: 'a mechanism'."""
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is not {called}", f"write {alternatives(kind)}")
    if value in kind.__members__:
        return kind(value)
    upper = value.upper()
    if upper in kind.__members__:
        raise Wrong(f"{quoted(value)} is not written as ZeroMQ writes it", f"write {upper}")
    raise Wrong(f"{quoted(value)} is not {called}", nearest(upper, kind))


def parse_whole(value: object, first: int, last: int) -> int:
    """A whole number from `first` to `last`."""
    # bool is an int to Python, and `replicas: true` a mistake to everybody else.
    if isinstance(value, int) and not isinstance(value, bool) and first <= value <= last:
        return value
    meant = _meant(value)
    remedy = f"write a whole number from {first} to {last}"
    if meant is not None and first <= meant <= last:
        remedy = f"write {meant}" + (", without quotes" if str(meant) == value else "")
    raise Wrong(f"{quoted(value)} is not a number from {first} to {last}", remedy)


def _meant(value: object) -> int | None:
    """The whole number that somebody meant by '3', 08 or 1e2."""
    try:
        number = float(str(value)[:20])
        return int(number) if number.is_integer() else None
    except (ValueError, OverflowError):
        return None


_REPLICAS: Final = re.compile(r"([0-9]{1,3})\.\.([0-9]{1,3})", re.ASCII)
MOST_REPLICAS: Final = 200


def parse_replicas(value: object) -> tuple[int, int]:
    """How many copies of a service run, at least and at most: 3, or '2..10' where that varies."""
    match = _REPLICAS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        if isinstance(value, str):
            remedy = f"write a whole number from 1 to {MOST_REPLICAS}, or a range such as 2..10"
            if (meant := _meant(value)) is not None and 1 <= meant <= MOST_REPLICAS:
                remedy = f"write {meant}" + (", without quotes" if str(meant) == value else "")
            raise Wrong(f"{quoted(value)} is no number of copies", remedy)
        number = parse_whole(value, 1, MOST_REPLICAS)
        return number, number
    least, most = int(match.group(1)), int(match.group(2))
    if not least <= most or not 1 <= most <= MOST_REPLICAS:
        remedy = f"write the lower number first, and at most {MOST_REPLICAS}"
        raise Wrong(f"{quoted(value)} is no range of copies", remedy)
    return least, most


def parse_flag(value: object) -> bool:
    """Yes or no, as YAML 1.2 writes them."""
    if isinstance(value, bool):
        return value
    raise Wrong(f"{quoted(value)} is neither true nor false", "write true or false")


_SIZE: Final = re.compile(r"([1-9][0-9]{0,8}) ?(B|KiB|MiB|GiB)", re.ASCII)
_UNITS: Final = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
_LARGEST_SIZE: Final = 1 << 40


def parse_size(value: object) -> int:
    """A number of bytes, or one with a unit: 65536, 64 KiB."""
    remedy = "write a number of bytes, or one with a unit, such as 64 KiB or 1 MiB"
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    number = int(match[1]) * _UNITS[match[2]] if match else value
    if isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= _LARGEST_SIZE:
        return number
    raise Wrong(f"{quoted(value)} is not a size", remedy)


_INSTANCE_TYPE: Final = re.compile(r"[a-z][a-z0-9-]{1,30}\.[a-z0-9][a-z0-9-]{1,20}", re.ASCII)


def parse_instance_type(value: object) -> str:
    """A type of instance by its shape, family and size; which ones there are changes monthly."""
    if isinstance(value, str) and _INSTANCE_TYPE.fullmatch(value):
        return value
    raise Wrong(f"{quoted(value)} is not an instance type", "write one such as c8i.large")


_CLUSTER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}", re.ASCII)


def parse_cluster(value: object) -> str:
    """As EKS takes it (docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html)."""
    if isinstance(value, str) and _CLUSTER.fullmatch(value):
        return value
    remedy = "begin with a letter or digit, then up to 99 of A-Z, a-z, 0-9, _ and -"
    raise Wrong(f"{quoted(value)} is no name of a cluster of EKS", remedy)


SMALLEST_MTU: Final = 1280
"""RFC 8200, 5: what every way of IPv6 takes."""
LARGEST_MTU: Final = 9001
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/network_mtu.html, "Jumbo frames"."""


def parse_mtu(value: object) -> int:
    """The largest packet that a host takes, in bytes."""
    return parse_whole(value, SMALLEST_MTU, LARGEST_MTU)


SYSTEMS: Final = ("linux", "windows", "macos", "nat", "any")
"""Whose client ports have a name; how many those are, the plan knows."""

_PORTS: Final = re.compile(r"([0-9]{1,5})-([0-9]{1,5})", re.ASCII)


def parse_client_ports(value: object) -> str | tuple[int, int]:
    """The name of a system, or a range of ports as first and last."""
    if isinstance(value, str) and value in SYSTEMS:
        return value
    remedy = f"write {alternatives(SYSTEMS)}, or a range such as 1024-65535"
    match = _PORTS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong(f"{quoted(value)} names no client ports", remedy)
    first, last = int(match.group(1)), int(match.group(2))
    if not 1 <= first <= last <= 65535:
        raise Wrong(f"{quoted(value)} is not a range within 1-65535", remedy)
    return first, last


def parse_asn(value: object) -> int:
    """A BGP number a customer gateway may have, wherever it is.

    docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html reserves 7224 in all
    Regions; RFC 4893 and RFC 7300 reserve 23456 and 4294967295 everywhere.
    """
    asn = parse_whole(value, 1, 4_294_967_294)
    if asn == 7224:
        raise Wrong("7224 is reserved by AWS in all Regions", "write another, such as 65000")
    if asn == 23456:
        raise Wrong("23456 stands for all 4-byte numbers (RFC 4893)", "write your own ASN")
    return asn


AMAZON_ASN: Final = 64512
"""That of a VPN gateway for which nobody says another
(docs.aws.amazon.com/vpn/latest/s2svpn/how_it_works.html)."""
_PRIVATE_ASNS: Final = (range(64_512, 65_535), range(4_200_000_000, 4_294_967_295))
"""docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpnGateway.html (AmazonSideAsn)"""


def parse_amazon_asn(value: object) -> int:
    """A BGP number that AWS's side of a VPN may have: one of those for private use."""
    asn = parse_whole(value, 1, 4_294_967_294)
    if not any(asn in each for each in _PRIVATE_ASNS):
        raise Wrong(
            f"{asn} is not for private use, and AWS's side takes no other",
            "write one of 64512-65534 or 4200000000-4294967294, such as 64520",
        )
    return asn


# The same page: reserved in one Region.
_RESERVED_ASN: Final = {"eu-west-1": 9059, "ap-northeast-1": 10124, "ap-southeast-1": 17943}


def expect_asn_free(asn: int, region: str) -> None:
    """Raises Wrong for a number that AWS keeps for itself in `region`."""
    if _RESERVED_ASN.get(region) == asn:
        raise Wrong(f"{asn} is reserved by AWS in {region}", "write another, such as 65000")


def parse_network(value: object) -> IPv4Network:
    """An IPv4 prefix, written as itself: no host bits, no netmask."""
    if isinstance(value, str) and ":" in value:
        remedy = "write a block of IPv4; that of IPv6 is written as ipv6:"
        raise Wrong(f"{quoted(value)} is not IPv4", remedy)
    match = _CIDR.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong(f"{quoted(value)} is not a CIDR", "write one such as 10.20.0.0/16")
    try:
        network = IPv4Network(match.group(), strict=False)
    except ValueError:
        remedy = "write four numbers from 0 to 255 and a length from 0 to 32"
        raise Wrong(f"{quoted(value)} is not a CIDR", remedy) from None
    if str(network.network_address) != match.group(1):
        raise Wrong(f"{quoted(value)} has bits set behind its prefix", f"write {network}")
    return network


def parse_vpc_cidr(value: object) -> IPv4Network:
    """Private addresses, no more than a VPC may have and enough for some segments."""
    network = parse_network(value)
    if not any(network.subnet_of(private) for private in _PRIVATE):
        remedy = f"write a part of {alternatives(map(str, _PRIVATE))}"
        raise Wrong(f"{network} is not private address space (RFC 1918)", remedy)
    if not _LARGEST_VPC <= network.prefixlen <= _SMALLEST_VPC:
        size = "larger than a VPC may be" if network.prefixlen < 16 else "too small for segments"
        remedy = f"write a prefix length from {_LARGEST_VPC} to {_SMALLEST_VPC}"
        raise Wrong(f"{network} is {size}", remedy)
    return network


_VPC_ID: Final = re.compile(r"vpc-[0-9a-f]{8}(?:[0-9a-f]{9})?", re.ASCII)
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html"""
_LONGEST_TAG, _LONGEST_TAG_VALUE = 128, 256
"""docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html"""
_BY_TAGS: Final = "write vpc-… as AWS calls it, or its tags, as in {tags: {Name: shared}}"


def parse_existing_vpc(value: object) -> str | Mapping[str, str]:
    """The id of a VPC, or tags that it has."""
    if isinstance(value, str):
        if not _VPC_ID.fullmatch(value):
            raise Wrong(f"{quoted(value)} is not the id of a VPC", _BY_TAGS)
        return value
    if not isinstance(value, Mapping):
        raise Wrong(f"{quoted(value)} is neither the id of a VPC nor its tags", _BY_TAGS)
    return _parse_tags(value, Wrong("tells no VPC", _BY_TAGS))


_PAIR: Final = "name two VPCs of `vpcs:`, as in peering: [core, market]"


def parse_pair(value: object) -> tuple[str, str]:
    """The names of two VPCs."""
    match value:
        case [str(one), str(other)] | (str(one), str(other)):
            if one == other:
                raise Wrong(
                    f"{quoted(one)} stands there twice: nothing joins a VPC to itself", _PAIR
                )
            return parse_name(one), parse_name(other)
    raise Wrong(f"{quoted(value)} is not two VPCs", _PAIR)


_SUBNET_ID: Final = re.compile(r"subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?", re.ASCII)
_SUBNETS: Final = (
    "write them as AWS calls them, one in each zone, or tags of all of them, "
    "as in {tags: {tier: app}}"
)


def parse_standing_subnets(value: object) -> tuple[str, ...] | Mapping[str, str]:
    """The ids of subnets that are there, or tags that they all have, and no other."""
    if isinstance(value, Mapping):
        return _parse_tags(value, Wrong("tells no subnets", _SUBNETS))
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise Wrong(f"{quoted(value)} is neither a list of subnets nor their tags", _SUBNETS)
    for each in many(value):
        if not isinstance(each, str) or not _SUBNET_ID.fullmatch(each):
            raise Wrong(f"{quoted(each)} is not the id of a subnet", _SUBNETS)
    if twice := sorted({each for each in value if value.count(each) > 1}):
        raise Wrong(f"{twice[0]} is listed twice", "keep one of the two")
    return tuple(value)


def _parse_tags(value: Mapping[Any, Any], none: Wrong) -> Mapping[str, str]:
    """What stands behind `tags`. Raises `none` where that is not all."""
    tags = value.get("tags")
    if set(value) != {"tags"} or not isinstance(tags, Mapping) or not tags:
        raise none
    for name, held in tags.items():
        if not isinstance(name, str) or not isinstance(held, str):
            what = f"tag {quoted(name)} is {quoted(held)}, which is no text"
            raise Wrong(what, "write both in quotes")
        if not 0 < len(name) <= _LONGEST_TAG or len(held) > _LONGEST_TAG_VALUE:
            what = f"tag {quoted(name)} is longer than AWS lets one be, or empty"
            raise Wrong(what, "write up to 128 signs of its name and 256 of its value")
    return dict(tags)


def _expect_carried(value: object) -> None:
    """docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html: a VPN at a virtual private gateway
    takes no IPv6."""
    if isinstance(value, str) and ":" in value:
        what = (
            f"{quoted(value)} is IPv6, and a site is behind a VPN gateway, which carries IPv4 alone"
        )
        raise Wrong(what, "write its networks of IPv4; transit gateways are not planned yet")


def parse_peer_cidr(value: object) -> IPv4Network | IPv6Network:
    """A network of a peer on the internet, of either family."""
    if isinstance(value, str) and ":" in value:
        return _peer_of_ipv6(value)
    return parse_site_cidr(value)


def _peer_of_ipv6(value: str) -> IPv6Network:
    remedy = "write one such as 2001:db8:77::7/128"
    try:
        network = IPv6Network(value, strict=False)
    except ValueError:
        raise Wrong(f"{quoted(value)} is no network of IPv6", remedy) from None
    if network.network_address != IPv6Address(value.partition("/")[0]):
        raise Wrong(f"{quoted(value)} has bits set behind its prefix", f"write {network}")
    if network.prefixlen == 0:
        raise Wrong("::/0 is everybody", "write the networks that the peer really has")
    return network


def parse_site_cidr(value: object) -> IPv4Network:
    """A network of a site: any that hosts can have."""
    _expect_carried(value)
    network = parse_network(value)
    if network.prefixlen == 0:
        raise Wrong("0.0.0.0/0 is everybody", "write the networks that the site really has")
    if unusable := _special(network):
        raise Wrong(f"{network} is {unusable}", "write the networks that the site really has")
    return network


_SPECIAL: Final = {
    IPv4Network("0.0.0.0/8"): "no address of a host (RFC 1122)",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local, where AWS numbers the tunnels themselves",
    IPv4Network("192.0.0.0/24"): "kept for protocols (RFC 6890)",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved",
}


def _special(network: IPv4Network) -> str | None:
    return next((why for other, why in _SPECIAL.items() if network.overlaps(other)), None)


def parse_gateway_address(value: object) -> IPv4Address:
    """The public address of a site's VPN device."""
    if isinstance(value, str) and ":" in value:
        # docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html
        what = f"{quoted(value)} is IPv6, which only a transit gateway or Cloud WAN reaches"
        raise Wrong(what, "write an IPv4 address; transit gateways are not planned yet")
    try:
        address = IPv4Address(parse_text(value))
    except ValueError:
        remedy = "write one such as 203.0.113.10"
        raise Wrong(f"{quoted(value)} is not an IPv4 address", remedy) from None
    documented = any(address in network for network in _DOCUMENTATION)
    if address.is_multicast or not (address.is_global or documented):
        raise Wrong(
            f"{address} is not a public address",
            "write the one the Internet sees; behind NAT, that of the NAT device",
        )
    return address


def one_or_many(value: Any) -> Any:
    """A single value stands for a list of one."""
    return many(value if isinstance(value, list) else (value,))


def many(value: Any) -> Any:
    """A list with something in it."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, list):
        raise Wrong("is not a list", "write one in brackets: [a, b]")
    if not value:
        raise Wrong("is an empty list", "name something, or remove the key")
    return tuple(value)
