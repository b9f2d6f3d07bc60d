"""What auditors look for in an account, one variant a resource, each named for what it is."""

from __future__ import annotations

from typing import Any, Final

REGION: Final = "eu-west-1"
WORLD, WORLD6 = "0.0.0.0/0", "::/0"

Rule = tuple[str, int | None, int | None, str]
"""Protocol, first port, last port, and the block, group or prefix list that may come in."""

GROUPS: Final[dict[str, tuple[Rule, ...]]] = {
    "closed": (),
    "ssh": (("tcp", 22, 22, WORLD),),
    "ssh-in-a-range": (("tcp", 20, 25, WORLD),),
    "ssh-ipv6": (("tcp", 22, 22, WORLD6),),
    "ssh-from-a-network": (("tcp", 22, 22, "198.51.100.0/24"),),
    "ssh-in-halves": (("tcp", 22, 22, "0.0.0.0/1"), ("tcp", 22, 22, "128.0.0.0/1")),
    "ssh-from-one-half": (("tcp", 22, 22, "0.0.0.0/1"),),
    "ssh-from-ipv6-halves": (("tcp", 22, 22, "::/1"), ("tcp", 22, 22, "8000::/1")),
    "ssh-by-prefix-list": (("tcp", 22, 22, "pl:everybody"),),
    "ssh-by-prefix-list-of-offices": (("tcp", 22, 22, "pl:offices"),),
    "ssh-from-a-group": (("tcp", 22, 22, "sg:closed"),),
    "ssh-of-nobody": (("tcp", 22, 22, WORLD),),
    "udp-22": (("udp", 22, 22, WORLD),),
    "rdp": (("tcp", 3389, 3389, WORLD),),
    "rdp-udp": (("udp", 3389, 3389, WORLD),),
    "rdp-ipv6": (("tcp", 3389, 3389, WORLD6),),
    "everything": (("-1", None, None, WORLD),),
    "everything-ipv6": (("-1", None, None, WORLD6),),
    "every-tcp-port": (("tcp", 0, 65535, WORLD),),
    "every-udp-port": (("udp", 0, 65535, WORLD),),
    "everything-private": (("-1", None, None, "10.0.0.0/8"),),
    "https": (("tcp", 443, 443, WORLD),),
    "web": (("tcp", 80, 80, WORLD), ("tcp", 443, 443, WORLD6)),
    "zeromq": (("tcp", 5556, 5556, WORLD),),
    "cifs": (("tcp", 445, 445, WORLD),),
    "cifs-from-a-network": (("tcp", 445, 445, "198.51.100.0/24"),),
    "postgres": (("tcp", 5432, 5432, WORLD),),
    "rails": (("tcp", 3000, 3000, WORLD),),
    "port-8888": (("tcp", 8888, 8888, WORLD),),
    "ping": (("icmp", 8, -1, WORLD),),
    "any-icmp": (("icmp", -1, -1, WORLD),),
}
UNHELD: Final = frozenset({"ssh-of-nobody"})

Entry = tuple[int, str, str, int | None, int | None, str]
"""Number, allow or deny, protocol, first port, last port, block."""

ACLS: Final[dict[str, tuple[Entry, ...]]] = {
    "acl-closed": (),
    "acl-all": ((100, "allow", "-1", None, None, WORLD),),
    "acl-all-ipv6": ((100, "allow", "-1", None, None, WORLD6),),
    "acl-range": ((100, "allow", "6", 20, 25, WORLD),),
    "acl-low-ports": ((100, "allow", "6", 0, 1023, WORLD),),
    "acl-every-tcp-port": ((100, "allow", "6", 0, 65535, WORLD),),
    "acl-https": ((100, "allow", "6", 443, 443, WORLD),),
    "acl-udp-22": ((100, "allow", "17", 22, 22, WORLD),),
    "acl-rdp": ((100, "allow", "6", 3389, 3389, WORLD),),
    "acl-denied-before": (
        (90, "deny", "6", 22, 22, WORLD),
        (91, "deny", "6", 3389, 3389, WORLD),
        (92, "deny", "17", 0, 65535, WORLD),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-ssh-denied-before": (
        (90, "deny", "6", 22, 22, WORLD),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-denied-after": (
        (100, "allow", "6", 22, 22, WORLD),
        (110, "deny", "6", 22, 22, WORLD),
    ),
    "acl-denied-to-some": (
        (90, "deny", "6", 22, 22, "10.0.0.0/8"),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-halves": (
        (100, "allow", "6", 22, 22, "0.0.0.0/1"),
        (101, "allow", "6", 22, 22, "128.0.0.0/1"),
    ),
    "acl-denied-in-halves": (
        (90, "deny", "-1", None, None, "0.0.0.0/1"),
        (91, "deny", "-1", None, None, "128.0.0.0/1"),
        (100, "allow", "-1", None, None, WORLD),
    ),
    "acl-private": ((100, "allow", "-1", None, None, "10.0.0.0/8"),),
}
UNUSED_ACLS: Final = frozenset({"acl-closed", "acl-https"})


def addressed(*, public: bool) -> dict[str, Any]:
    return {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}]}


TOKENS: Final[dict[str, dict[str, str]]] = {
    "tokens-required": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
    "tokens-optional": {"HttpTokens": "optional", "HttpEndpoint": "enabled"},
    "metadata-off": {"HttpTokens": "optional", "HttpEndpoint": "disabled"},
}
TEMPLATES: Final[dict[str, tuple[int, tuple[dict[str, Any], ...]]]] = {
    "template-required": (1, ({"MetadataOptions": TOKENS["tokens-required"]},)),
    "template-optional": (1, ({"MetadataOptions": TOKENS["tokens-optional"]},)),
    "template-off": (1, ({"MetadataOptions": TOKENS["metadata-off"]},)),
    "template-tokens-alone": (1, ({"MetadataOptions": {"HttpTokens": "required"}},)),
    "template-silent": (1, ({"InstanceType": "t3.micro"},)),
    "template-better-since": (
        1,
        (
            {"MetadataOptions": TOKENS["tokens-optional"]},
            {"MetadataOptions": TOKENS["tokens-required"]},
        ),
    ),
    "template-worse-since": (
        1,
        (
            {"MetadataOptions": TOKENS["tokens-required"]},
            {"MetadataOptions": TOKENS["tokens-optional"]},
        ),
    ),
    "template-public": (1, (addressed(public=True),)),
    "template-private": (1, (addressed(public=False),)),
    "template-public-once": (2, (addressed(public=True), addressed(public=False))),
}
"""The default version, and the data of each version."""

PREFIX_LISTS: Final = {"everybody": (WORLD,), "offices": ("198.51.100.0/24",)}
ENDPOINTS: Final = {
    # VPC: service, kind
    "main": (("ec2", "Interface"), ("s3", "Gateway")),
    "peer": (("ec2messages", "Interface"),),
    "accepted": (("s3", "Gateway"),),
}
FLOW_LOGS: Final = {"main": "ALL", "peer": "REJECT", "accepted": "ACCEPT", "undelivered": "ALL"}
"""By VPC; 'unlogged' has none, and the one of 'undelivered' has nowhere to write."""
VPCS: Final = {
    "main": "10.0.0.0/16",
    "peer": "10.1.0.0/16",
    "accepted": "10.2.0.0/16",
    "unlogged": "10.3.0.0/16",
    "undelivered": "10.4.0.0/16",
}
FIREWALLS: Final[dict[str, tuple[bool, str]]] = {
    "firewall-protected": (True, "FLOW"),
    "firewall-alerting": (False, "ALERT"),
    "firewall-silent": (True, ""),
}
"""Whether it is protected against deletion, and what it logs."""
ROUTES: Final = {
    "to-the-block": ("10.11.0.0/16", ("10.11.0.0/16",)),
    "to-a-subnet": ("10.12.0.0/16", ("10.12.3.0/24",)),
    "to-more-than-the-block": ("10.14.0.0/16", ("10.14.0.0/15",)),
    "to-the-world": ("10.16.0.0/16", (WORLD,)),
    "to-both-halves": ("10.17.0.0/16", ("10.17.0.0/17", "10.17.128.0/17")),
    "to-one-half": ("10.18.0.0/16", ("10.18.0.0/17",)),
    "back-to-the-block": ("10.19.0.0/16", ("10.19.0.0/16",)),
}
"""By peering of 'main': the block of the peer, and the routes that lead over it."""
REQUESTED_BY_THE_PEER: Final = frozenset({"back-to-the-block"})
