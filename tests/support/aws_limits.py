"""What AWS takes as a name, a text, a tag, and what it takes once: data, each with its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_API = "docs.aws.amazon.com/AWSEC2/latest/APIReference"

GROUP_NAME = r"(?!sg-)(?!default$)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}"
RULE_TEXT = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=;{}!$*]{0,255}"
_PROTOCOL = r"tcp|udp|icmp|icmpv6|-1|[0-9]{1,3}"
RESOURCE_NAME = r"[A-Za-z0-9.-]+"
"""Narrower than what the engine takes, and so no part of a URN that ends it, nor of a path."""


@dataclass(frozen=True)
class Text:
    """An input that must match a pattern in full, whatever its case."""

    kind: str
    input: str
    pattern: str
    page: str

    def takes(self, said: str) -> bool:
        return re.fullmatch(self.pattern, said, re.ASCII | re.IGNORECASE) is not None


TEXTS = (
    Text("SecurityGroup", "name", GROUP_NAME, f"{_API}/API_CreateSecurityGroup.html"),
    Text("SecurityGroup", "description", GROUP_NAME, f"{_API}/API_CreateSecurityGroup.html"),
    Text("SecurityGroupIngressRule", "description", RULE_TEXT, f"{_API}/API_IpRange.html"),
    Text("SecurityGroupEgressRule", "description", RULE_TEXT, f"{_API}/API_IpRange.html"),
    *(
        Text(f"SecurityGroup{way}Rule", "ipProtocol", _PROTOCOL, f"{_API}/API_IpPermission.html")
        for way in ("Ingress", "Egress")
    ),
    Text("NetworkAclRule", "protocol", r"-1|[0-9]{1,3}", f"{_API}/API_CreateNetworkAclEntry.html"),
)

ENGINE_SUFFIX = "-0123456"
"""What the engine appends to a resource's name where the program gives a group none."""


@dataclass(frozen=True)
class Once:
    """Inputs of which AWS takes no two alike; names are alike whatever their case."""

    kinds: tuple[str, ...]
    inputs: tuple[str, ...]
    page: str

    def of(self, inputs: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(str(inputs.get(each)).lower() for each in self.inputs)


_RULE = ("securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4")
ONCE = (
    Once(("SecurityGroup",), ("vpcId", "name"), f"{_API}/API_CreateSecurityGroup.html"),
    *(
        Once(
            (f"SecurityGroup{way}Rule",),
            (*_RULE, "referencedSecurityGroupId"),
            f"{_API}/API_AuthorizeSecurityGroup{way}.html",
        )
        for way in ("Ingress", "Egress")
    ),
    Once(
        ("NetworkAclRule",),
        ("networkAclId", "egress", "ruleNumber"),
        f"{_API}/API_CreateNetworkAclEntry.html",
    ),
    Once(
        ("NetworkAclAssociation",), ("subnetId",), f"{_API}/API_ReplaceNetworkAclAssociation.html"
    ),
    Once(("RouteTableAssociation",), ("subnetId",), f"{_API}/API_AssociateRouteTable.html"),
    Once(("Route",), ("routeTableId", "destinationCidrBlock"), f"{_API}/API_CreateRoute.html"),
    Once(
        ("FlowLog",),
        ("vpcId", "trafficType", "logDestination"),
        f"{_API}/API_CreateFlowLogs.html",
    ),
    Once(
        ("Record",),
        ("zoneId", "name", "type"),
        "docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
    ),
    Once(("Subnet",), ("vpcId", "cidrBlock"), f"{_API}/API_CreateSubnet.html"),
    Once(
        ("NetworkInterface",), ("subnetId", "privateIps"), f"{_API}/API_CreateNetworkInterface.html"
    ),
    Once(
        ("CustomerGateway",),
        ("ipAddress", "bgpAsn", "bgpAsnExtended"),
        f"{_API}/API_CreateCustomerGateway.html",
    ),
    Once(
        ("VpnConnectionRoute",),
        ("vpnConnectionId", "destinationCidrBlock"),
        f"{_API}/API_CreateVpnConnectionRoute.html",
    ),
    *(
        Once(
            ("VpnConnection",),
            ("vpnGatewayId", f"tunnel{number}InsideCidr"),
            f"{_API}/API_VpnTunnelOptionsSpecification.html",
        )
        for number in (1, 2)
    ),
)


@dataclass(frozen=True)
class Number:
    """An input that lies between two numbers."""

    kind: str
    input: str
    first: int
    last: int
    page: str


NUMBERS = (
    *(
        Number(kind, port, 0, 65535, f"{_API}/API_IpPermission.html")
        for kind in ("SecurityGroupIngressRule", "SecurityGroupEgressRule", "NetworkAclRule")
        for port in ("fromPort", "toPort")
    ),
    # 32767 is the entry that denies all the rest.
    Number("NetworkAclRule", "ruleNumber", 1, 32766, f"{_API}/API_CreateNetworkAclEntry.html"),
)

_ICMP = frozenset({"icmp", "icmpv6", "1", "58"})
"""What has types and codes where others have ports."""

TAGS = 50
OF_OTHERS = 1
"""Left free at the least, for what an organisation puts on everything."""
TAGS_PAGE = "docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions"
# 127 is what API_Tag.html says, 128 what the guide does.
TAG_KEY = r"(?!aws:)[\w +\-=.:/@]{1,127}"
TAG_VALUE = r"(?!aws:)[\w +\-=.:/@]{0,256}"
"""Of the characters that every service takes."""


def tag_key(text: str) -> bool:
    """Whether AWS takes it as the key of a tag, whichever service the tag is copied to."""
    return re.fullmatch(TAG_KEY, text, re.ASCII | re.IGNORECASE) is not None


def tag_value(text: str) -> bool:
    """The same of a value."""
    return re.fullmatch(TAG_VALUE, text, re.ASCII | re.IGNORECASE) is not None


def said_in_a_tag(text: str) -> bool:
    """Whether EC2 takes it as a value: any characters that XML can hold, however one counts."""
    return (
        len(text.encode("utf-16-le")) // 2 <= 256
        and not text.lower().startswith("aws:")
        and text.isprintable()
        and text == text.strip()
    )


def expect_taken(resources: list[Any], *, spoken: frozenset[str]) -> None:
    """Hold what a program asked for (kind, name, inputs) against all of it.

    `spoken` are keys of tags that hold what people said.
    """
    by_kind: dict[str, list[Any]] = {}
    for each in resources:
        by_kind.setdefault(each.type.rpartition(":")[2], []).append(each)
        assert re.fullmatch(RESOURCE_NAME, each.name, re.ASCII), each.urn
        _expect_tags(each, spoken)
    _expect_different([each.urn for each in resources], "the engine's own URNs")
    for text in TEXTS:
        for each in by_kind.get(text.kind, ()):
            said = _said(each, text.input)
            assert said is None or text.takes(said), (each.urn, text.input, said, text.page)
    for number in NUMBERS:
        for each in by_kind.get(number.kind, ()):
            said = each.inputs.get(number.input)
            plain = str(each.inputs.get("ipProtocol") or each.inputs.get("protocol"))
            if said is not None and plain not in _ICMP:
                assert number.first <= said <= number.last, (each.urn, said, number.page)
    for once in ONCE:
        every = [each for kind in once.kinds for each in by_kind.get(kind, ())]
        told = [once.of({**each.inputs, "name": _said(each, "name")}) for each in every]
        _expect_different(told, once.page)


def _said(resource: Any, name: str) -> str | None:
    given: str | None = resource.inputs.get(name)
    return resource.name + ENGINE_SUFFIX if given is None and name == "name" else given


NOT_EC2 = frozenset({"Role", "LogGroup", "Zone"})
"""Of services that take no more in a tag's value than all of them do
(docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html,
docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html,
docs.aws.amazon.com/Route53/latest/APIReference/API_Tag.html)."""


def _expect_tags(resource: Any, spoken: frozenset[str]) -> None:
    put: Mapping[str, str] = resource.inputs.get("tags") or {}
    assert len(put) <= TAGS - OF_OTHERS, (resource.urn, len(put), TAGS_PAGE)
    narrow = resource.type.rpartition(":")[2] in NOT_EC2
    for key, value in put.items():
        takes: Callable[[str], bool] = said_in_a_tag if key in spoken and not narrow else tag_value
        assert tag_key(key), (resource.urn, key, TAGS_PAGE)
        assert takes(value), (resource.urn, key, value, TAGS_PAGE)


def _expect_different(several: list[Any], page: str) -> None:
    twice = [each for each, times in Counter(several).items() if times > 1]
    assert not twice, (twice, page)
