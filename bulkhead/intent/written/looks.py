"""What a value looks like, for whoever has the file alone: an editor, a reader of the reference.

JSON Schema (draft-07) by the function that reads the value. It never refuses what that function
takes, and takes little that it refuses: what depends on two values (host bits of a CIDR) no
pattern says. A `title` is what the value is, in the words of the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bulkhead.intent import values
from bulkhead.intent.binding import parse_binding
from bulkhead.intent.blocking import ACCESS_MODES, parse_access_mode
from bulkhead.intent.domains import DOMAIN, parse_domain
from bulkhead.intent.encrypting import EXCLUSIONS, parse_exclusion
from bulkhead.intent.ipv6 import AMAZON, POOL, UNUSED, parse_ipv6, parse_ipv6_use
from bulkhead.intent.mechanisms import Mechanism, parse_encryption, parse_mechanism
from bulkhead.intent.recording import BUCKET, RETENTIONS, parse_bucket, parse_retention
from bulkhead.intent.regions import MOST_ZONES, parse_region
from bulkhead.intent.sockets import SocketType, parse_socket_type
from bulkhead.intent.traffic import parse_traffic

JsonSchema = dict[str, Any]


def text(title: str, pattern: str, *examples: str) -> JsonSchema:
    """A text that is wholly what the pattern says.

    `patternErrorMessage` is what VS Code's and Red Hat's language servers say in place of it.
    """
    such = f", such as {examples[0]}" if examples else ""
    look = {
        "title": title,
        "type": "string",
        "pattern": f"^(?:{pattern})$",
        "patternErrorMessage": f"Write {title}{such}.",
    }
    return {**look, "examples": [*examples]} if examples else look


def words(choices: Iterable[str]) -> JsonSchema:
    """One of a few words."""
    return {"type": "string", "enum": list(choices)}


def whole(title: str, first: int, last: int) -> JsonSchema:
    """A whole number."""
    return {"title": title, "type": "integer", "minimum": first, "maximum": last}


def either(title: str, *looks: JsonSchema) -> JsonSchema:
    """Whichever fits."""
    return {"title": title, "anyOf": [*looks]}


_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_PRIVATE: Final = rf"(?:10\.{_OCTET}|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)(?:\.{_OCTET}){{2}}"
_PORT: Final = (
    "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
)
_LOOSE: Final = f"0{{0,4}}{_PORT}"
# As pyzmq and czmq write a range, and what a system may choose where no rule needs it.
_PORTS: Final = rf"(?:{_PORT}(?:-{_PORT})?|\*|0|!|[*!]\[[0-9]*-[0-9]*\])"
_OTHERS: Final = "ws|wss|udp|pgm|epgm|norm|ipc|inproc|tipc|vmci|vsock"

BIND: Final = text(
    "an endpoint",
    rf"tcp://.+:{_PORTS}(?:\+replica)?|(?:{_OTHERS})://.+",
    "tcp://*:5556",
    "tcp://*:5600+replica",
    "ipc:///run/ticker.sock",
    "inproc://ticks",
)
PUBLISHED: Final[JsonSchema] = {
    "title": "an endpoint whose port something in between maps",
    "type": "object",
    "properties": {
        "endpoint": BIND,
        "published": either(
            "the port at which others reach it, or a range",
            whole("a port", 1, 65535),
            text("a range of ports", rf"{_PORT}-{_PORT}", "29335-29340"),
        ),
    },
    "required": ["endpoint", "published"],
    "additionalProperties": False,
}
NAME: Final = text("a lower-case letter, then up to 30 of a-z, 0-9 and -", "[a-z][a-z0-9-]{0,30}")
SOCKET_NAME: Final = text(
    "a letter, then up to 30 of A-Z, a-z, 0-9, _ and -", "[A-Za-z][A-Za-z0-9_-]{0,30}"
)
TEXT: Final[JsonSchema] = {"title": "a text", "type": "string"}
LINE: Final = text("a line of at most 200 characters", r"\s*\S(?:.{0,198}\S)?\s*")
ZONES: Final = either(
    f"a number from 1 to {MOST_ZONES}, or zones by their names or ids",
    whole("how many", 1, MOST_ZONES),
    {"type": "array", "items": {"type": "string"}, "minItems": 1},
    {
        "title": "what each was called before",
        "type": "object",
        "additionalProperties": {
            "title": "a zone",
            "type": "object",
            "properties": {"was": {"title": "its name, where this is its id", "type": "string"}},
            "additionalProperties": False,
        },
        "minProperties": 1,
    },
)

VPC_ID: Final = text("the id of a VPC", "vpc-[0-9a-f]{8}(?:[0-9a-f]{9})?", "vpc-0a1b2c3d4e5f60718")
VPC_TAGS: Final[JsonSchema] = {
    "title": "its tags",
    "type": "object",
    "properties": {
        "tags": {
            "title": "tags that no other VPC has",
            "type": "object",
            "additionalProperties": {"type": "string"},
            "minProperties": 1,
        }
    },
    "required": ["tags"],
    "additionalProperties": False,
}
SUBNET_IDS: Final[JsonSchema] = {
    "title": "ids of subnets",
    "type": "array",
    "items": text(
        "the id of a subnet", "subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?", "subnet-0a1b2c3d4e5f60718"
    ),
    "minItems": 1,
}
SUBNET_TAGS: Final[JsonSchema] = {
    **VPC_TAGS,
    "properties": {"tags": {**VPC_TAGS["properties"]["tags"], "title": "tags that all have"}},
}

VPC_PAIR: Final[JsonSchema] = {
    "title": "two VPCs by their names",
    "type": "array",
    "items": NAME,
    "minItems": 2,
    "maxItems": 2,
    "uniqueItems": True,
}
IPV6_OF_AWS: Final = text("a block that AWS gives", AMAZON, AMAZON)
IPV6_OF_POOL: Final[JsonSchema] = {
    "title": "a block of a pool",
    "type": "object",
    "properties": {
        "cidr": text("a block of IPv6, /56", "[0-9A-Fa-f:]+/56", "2600:1f18:1234:5600::/56"),
        "pool": text("the pool's id", POOL, "ipam-pool-0a1b2c3d4e5f60718"),
    },
    "required": ["cidr", "pool"],
    "additionalProperties": False,
}

LOOKS: Final[Mapping[Callable[[Any], Any], JsonSchema]] = {
    values.parse_name: NAME,
    values.parse_socket_name: SOCKET_NAME,
    values.parse_interface_name: text(
        "the name of a network interface", "(?!lo$)[a-z][a-z0-9-]{0,14}", "eth1"
    ),
    values.parse_text: TEXT,
    values.parse_purpose: LINE,
    values.parse_owner: LINE,
    values.parse_reason: LINE,
    values.parse_test_name: LINE,
    values.parse_asked: {
        **TEXT,
        "examples": ["risk.orders", "risk", "risk:22", "risk:udp 53", "segment:feed", "*"],
    },
    values.parse_data: LINE,
    values.parse_label: text("a label's value", "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", "edge"),
    values.parse_flag: {"type": "boolean"},
    values.parse_existing_vpc: either("the id of a VPC, or its tags", VPC_ID, VPC_TAGS),
    values.parse_pair: VPC_PAIR,
    values.parse_standing_subnets: either(
        "the ids of subnets, or their tags", SUBNET_IDS, SUBNET_TAGS
    ),
    parse_ipv6: either("a block that AWS gives, or one of a pool", IPV6_OF_AWS, IPV6_OF_POOL),
    parse_ipv6_use: either(
        f"true, false or {UNUSED}",
        {"type": "boolean"},
        text("the block alone", UNUSED, UNUSED),
    ),
    values.parse_replicas: either(
        f"a number from 1 to {values.MOST_REPLICAS}, or a range",
        whole("how many", 1, values.MOST_REPLICAS),
        text("least and most", r"[0-9]{1,3}\.\.[0-9]{1,3}", "2..10"),
    ),
    values.parse_size: either(
        "a number of bytes, or one with a unit",
        whole("bytes", 1, 1 << 40),
        text("with a unit", "[1-9][0-9]{0,8} ?(?:B|KiB|MiB|GiB)", "64 KiB", "1 MiB"),
    ),
    values.parse_instance_type: text(
        "an instance type", r"[a-z][a-z0-9-]{1,30}\.[a-z0-9][a-z0-9-]{1,20}", "c8i.large"
    ),
    values.parse_cluster: text("the name of a cluster", "[0-9A-Za-z][0-9A-Za-z_-]{0,99}", "prod"),
    values.parse_mtu: whole("bytes", values.SMALLEST_MTU, values.LARGEST_MTU),
    values.parse_client_ports: either(
        "a system, or a range of ports",
        words(values.SYSTEMS),
        text("first and last", f"0{{0,4}}{_PORT}-0{{0,4}}{_PORT}", "1024-65535"),
    ),
    values.parse_asn: {
        **whole("a BGP number", 1, 4_294_967_294),
        "not": {"enum": [7224, 23456]},
    },
    values.parse_amazon_asn: either(
        "a BGP number for private use",
        whole("of two bytes", 64_512, 65_534),
        whole("of four bytes", 4_200_000_000, 4_294_967_294),
    ),
    values.parse_vpc_cidr: text(
        "private addresses (RFC 1918), /16 to /26",
        rf"(?:{_PRIVATE})/(?:1[6-9]|2[0-6])",
        "10.20.0.0/16",
    ),
    values.parse_site_cidr: text(
        "an IPv4 network", rf"{_ADDRESS}/0?(?:[1-9]|[12][0-9]|3[0-2])", "192.168.10.0/24"
    ),
    values.parse_peer_cidr: text(
        "a network of IPv4 or IPv6",
        rf"{_ADDRESS}/0?(?:[1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*(?:/[0-9]{{1,3}})?",
        "198.51.100.7/32",
        "2001:db8:77::7/128",
    ),
    values.parse_gateway_address: text("a public IPv4 address", _ADDRESS, "203.0.113.10"),
    values.parse_host_address: text("an IPv4 address", _ADDRESS, "192.168.10.5"),
    values.parse_vlan: whole("a number", 1, 4094),
    parse_domain: text("a domain in lower case", DOMAIN, "trading.internal"),
    parse_retention: {"enum": [*RETENTIONS]},
    parse_bucket: text("a bucket, and perhaps a folder in it", BUCKET, "acme-flow-logs/prod"),
    values.parse_need: words(values.AWS_SERVICES),
    values.parse_prefix_list: text("a prefix list's id", "pl-[0-9a-f]{8,17}", "pl-0123abcd"),
    values.parse_date: text("a day", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "2027-01-31"),
    values.parse_flow_encryption: words(values.FLOW_ENCRYPTIONS),
    parse_traffic: text(
        "a protocol, and of TCP and UDP its port or ports",
        rf"\s*(?:(?:tcp|udp) +{_LOOSE}(?:-{_LOOSE})?|sctp(?: +{_LOOSE}(?:-{_LOOSE})?)?"
        r"|icmp(?:v6)?(?: +[0-9]{1,3}(?:/[0-9]{1,3})?)?|gre|esp|ah|protocol +[0-9]{1,4})\s*",
        *("tcp 22", "tcp 8000-8010", "udp 53", "icmp 8", "icmpv6 128", "gre"),
    ),
    parse_region: text(
        "an AWS Region",
        "[a-z]{2}(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)(?:east|west)?-[1-9]",
        "eu-west-1",
    ),
    parse_binding: either(
        "an endpoint, or a mapping of one and its published port", BIND, PUBLISHED
    ),
    parse_socket_type: words(SocketType),
    # YAML takes NULL without quotes for nothing, and here it is the mechanism.
    parse_mechanism: {"enum": [*map(str, Mechanism), None]},
    parse_exclusion: words(EXCLUSIONS),
    parse_access_mode: words(ACCESS_MODES),
    parse_encryption: words(("required", "optional")),
}
