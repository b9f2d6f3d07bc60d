"""Any Network as the AWS CLI would print it: one file for each question.

    files = as_files(network)          # {"vpcs.json": {"Vpcs": [...]}, ...}
    write(files, folder)
    document = as_dump(network)        # everything that is a list, in one object
    answers = as_answers(network)      # and what AWS tells of one thing at a time

`with_aws_ids` gives a Network made for tests ids as AWS writes them, which is
where the kind of a route's target can be seen. Nothing here knows how a dump is
read: this is what AWS documents, written a second time.
"""

from __future__ import annotations

import json
from ipaddress import IPv6Network
from pathlib import Path
from typing import Any

from bulkhead.network import (
    ALL_PORTS,
    AccessBlock,
    AccessMode,
    CidrPeer,
    Direction,
    Exclusion,
    GroupPeer,
    InterfaceKind,
    Network,
    PublicAccess,
    Subnet,
    TargetKind,
    Vpc,
    has_ports,
    has_types,
)
from tests.support.aws_edges import between, edges, transit_route
from tests.support.aws_firewalls import arn, firewall_answers
from tests.support.aws_ids import TARGETS
from tests.support.aws_words import OWNER, Answer, coming, sockets, tags

TREATED = {False: "exclude", True: "flexible"}
"""What an Automated Internet Firewall does with a subnet that it does or does not inspect."""


def write(files: dict[str, Answer], folder: Path) -> Path:
    """A folder as shell redirection would leave it."""
    for name, answer in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(answer, indent=4) + "\n")
    return folder


def as_dump(network: Network) -> Answer:
    """Every answer that is a list of things that say what they are."""
    return {
        **_inside(network),
        **_rules(network),
        **edges(network),
        **between(network),
        "PrefixLists": [
            {"PrefixListId": each, **_named(network, each)} for each in prefix_lists(network)
        ],
        "Firewalls": [{"FirewallArn": arn("firewall", each.id)} for each in network.firewalls],
        "LoadBalancers": [],
        "TargetGroups": [],
        "VpcBlockPublicAccessOptions": _public_access(network),
        "VpcBlockPublicAccessExclusions": _exclusions(network),
    }


def as_answers(network: Network) -> Answer:
    """Every answer, those about one thing beside the lists: what `from_answers` takes."""
    told = [firewall_answers(each) for each in network.firewalls]
    return {
        **as_dump(network),
        "Firewalls": [each["firewall"] for each in told],
        "FirewallPolicies": [each["policy"] for each in told],
        "RuleGroups": [each[kind] for each in told for kind in ("stateless", "stateful")],
        "TransitGatewayRoutes": [
            {
                "TransitGatewayRouteTableId": each.id,
                "Routes": [transit_route(network, route) for route in each.routes],
            }
            for each in network.transit_route_tables
        ],
    }


def as_files(network: Network) -> dict[str, Answer]:
    """One file for each key, and one for each question about one thing."""
    files = {f"{key}.json": {key: value} for key, value in as_dump(network).items()}
    for table in network.transit_route_tables:
        files[f"routes-of-{table.id}.json"] = {
            "Routes": [transit_route(network, route) for route in table.routes],
            "AdditionalRoutesAvailable": False,
        }
    for listed, blocks in prefix_lists(network).items():
        files[f"entries/{listed}.json"] = {"Entries": [{"Cidr": each} for each in blocks]}
    for firewall in network.firewalls:
        files |= {
            f"{firewall.id}-{key}.json": each for key, each in firewall_answers(firewall).items()
        }
    return files


def _named(network: Network, listed: str) -> Answer:
    """AWS calls the list of a service as it calls the service."""
    named = (each.service for each in network.gateway_endpoints if each.prefix_list == listed)
    name = next(named, None)
    return {"PrefixListName": name} if name else {}


def prefix_lists(network: Network) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {
        each.prefix_list: [*map(str, each.cidrs)]
        for each in network.gateway_endpoints
        if each.prefix_list
    }
    for table in network.route_tables:
        for route in table.routes:
            if route.prefix_list:
                blocks = found.setdefault(route.prefix_list, [])
                if str(route.destination) not in blocks:
                    blocks.append(str(route.destination))
    return found


def _free(network: Network, subnet: Subnet) -> int:
    """How many addresses nobody has; AWS keeps five to itself."""
    held = (each for each in network.interfaces if each.subnet == subnet.id and not each.stand_in)
    used = sum(1 + len(each.secondary_addresses) for each in held)
    return subnet.cidr.num_addresses - 5 - used


def _encryption(vpc: Vpc) -> Answer:
    """As DescribeVpcs shows it beside the VPC."""
    control = vpc.encryption
    if control is None:
        return {}
    return {
        "EncryptionControl": {
            "VpcId": vpc.id,
            "Mode": str(control.mode),
            "State": "available" if control.settled else "enforce-in-progress",
            "ResourceExclusions": {
                _EXCLUDED[each]: {"State": "enabled"} for each in control.excluded
            },
        }
    }


_EXCLUDED = {
    "egress-only-internet-gateway": "EgressOnlyInternetGateway",
    "elastic-file-system": "ElasticFileSystem",
    "internet-gateway": "InternetGateway",
    "lambda": "Lambda",
    "nat-gateway": "NatGateway",
    "virtual-private-gateway": "VirtualPrivateGateway",
    "vpc-lattice": "VpcLattice",
    "vpc-peering": "VpcPeering",
}


def _inside(network: Network) -> Answer:
    return {
        "Vpcs": [
            {
                "VpcId": each.id,
                "OwnerId": OWNER,
                "State": "available",
                "CidrBlock": str(next(b for b in each.cidrs if b.version == 4)),
                "CidrBlockAssociationSet": [
                    {"CidrBlock": str(block), "CidrBlockState": {"State": "associated"}}
                    for block in each.cidrs
                    if block.version == 4
                ],
                "Ipv6CidrBlockAssociationSet": [
                    {"Ipv6CidrBlock": str(block), "Ipv6CidrBlockState": {"State": "associated"}}
                    for block in each.cidrs
                    if block.version == 6
                ],
                **_encryption(each),
                "Tags": tags(each.name, topology=each.topology, vpc=each.called),
            }
            for each in network.vpcs
        ],
        "Subnets": [
            {
                "SubnetId": each.id,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                **(
                    {"Ipv6Native": True}
                    if each.cidr.version == 6
                    else {"CidrBlock": str(each.cidr)}
                ),
                "AvailabilityZone": each.zone,
                "AvailableIpAddressCount": _free(network, each),
                **(
                    {}
                    if each.public_on_launch is None
                    else {"MapPublicIpOnLaunch": each.public_on_launch}
                ),
                **(
                    {}
                    if each.ipv6_on_launch is None
                    else {"AssignIpv6AddressOnCreation": each.ipv6_on_launch}
                ),
                **(
                    {"NetworkFirewallConnectivityType": TREATED[each.inspected]}
                    if any(other.inspected for other in network.subnets)
                    else {}
                ),
                "Ipv6CidrBlockAssociationSet": [
                    {"Ipv6CidrBlock": str(block), "Ipv6CidrBlockState": {"State": "associated"}}
                    for block in each.ipv6_cidrs
                ],
                "Tags": tags(each.name, segment=each.segment),
            }
            for each in network.subnets
        ],
        "NetworkInterfaces": [
            _interface(network, each) for each in network.interfaces if not each.stand_in
        ],
        "Reservations": [
            {
                "ReservationId": f"r-{instance}",
                "OwnerId": OWNER,
                "Instances": [
                    {
                        "InstanceId": instance,
                        **_type_of(network, instance),
                        "State": {"Code": 16, "Name": "running"},
                        "NetworkInterfaces": [
                            {"NetworkInterfaceId": each.id}
                            for each in network.interfaces
                            if each.instance == instance
                        ],
                    }
                ],
            }
            for instance in sorted({each.instance for each in network.interfaces} - {None})
        ],
    }


def _type_of(network: Network, instance: str) -> Answer:
    said = {one.instance_type for one in network.interfaces if one.instance == instance} - {None}
    return {"InstanceType": said.pop()} if said else {}


def _interface(network: Network, each: Any) -> Answer:
    kinds = {
        InterfaceKind.HOST: "interface",
        InterfaceKind.ENDPOINT: "vpc_endpoint",
        InterfaceKind.LOAD_BALANCER: "network_load_balancer",
        InterfaceKind.GATEWAY: "nat_gateway",
    }
    public = {each.address: each.public_address, **dict(each.more_public)}
    addresses = []
    four = [one for one in each.addresses if one.version == 4]
    for number, address in enumerate(four):
        one: Answer = {"Primary": number == 0, "PrivateIpAddress": str(address)}
        if public.get(address):
            one["Association"] = {"IpOwnerId": OWNER, "PublicIp": str(public[address])}
        addresses.append(one)
    found: Answer = {
        "NetworkInterfaceId": each.id,
        "SubnetId": each.subnet,
        "VpcId": network.subnet[each.subnet].vpc,
        "InterfaceType": kinds[each.kind],
        "Description": "",
        "OwnerId": OWNER,
        "Status": "in-use",
        "SourceDestCheck": each.source_dest_check,
        **({"PrivateIpAddress": str(four[0])} if four else {}),
        "PrivateIpAddresses": addresses,
        "Ipv6Addresses": [{"Ipv6Address": str(one)} for one in each.ipv6_addresses],
        "Ipv6Prefixes": [{"Ipv6Prefix": str(one)} for one in each.ipv6_prefixes],
        "Groups": [{"GroupId": one, "GroupName": one} for one in each.security_groups],
        "TagSet": tags(
            each.name,
            **{
                **service_words(network, each.service),
                "host": each.host or None,
                "client-ports": str(each.client_ports),
            },
        ),
    }
    if each.public_address:
        found["Association"] = {"IpOwnerId": OWNER, "PublicIp": str(each.public_address)}
    if each.instance:
        found["Attachment"] = {"InstanceId": each.instance, "Status": "attached"}
    tracking = {
        "TcpEstablishedTimeout": each.idle.tcp_established,
        "UdpTimeout": each.idle.udp,
        "UdpStreamTimeout": each.idle.udp_stream,
    }
    if any(tracking.values()):
        found["ConnectionTrackingConfiguration"] = {k: v for k, v in tracking.items() if v}
    return found


def service_words(network: Network, name: str | None) -> dict[str, str | None]:
    """What tags say of a service, or of an interface of one."""
    said = next((each for each in network.services if each.name == name), None)
    if said is None or not said.of:
        return {"service": name}
    return {"service": said.of, "interface": said.interface}


def _rules(network: Network) -> Answer:
    service = {each.security_group: each for each in network.services}
    return {
        "SecurityGroups": [
            {
                "GroupId": each.id,
                "GroupName": each.name,
                "Description": each.name,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "IpPermissions": _permissions(each, Direction.INGRESS),
                "IpPermissionsEgress": _permissions(each, Direction.EGRESS),
                "Tags": tags(
                    each.name,
                    **service_words(network, each.service),
                    segment=service[each.id].segment if each.id in service else None,
                )
                + sockets(network, each.service)
                + coming(each),
            }
            for each in network.security_groups
        ],
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": rule.id,
                "GroupId": each.id,
                "GroupOwnerId": OWNER,
                "IsEgress": rule.direction is Direction.EGRESS,
                **_traffic(rule),
                **_peer(rule.peer),
                **({"Description": rule.description} if rule.description else {}),
            }
            for each in network.security_groups
            for rule in each.rules
        ],
        "NetworkAcls": [
            {
                "NetworkAclId": each.id,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "IsDefault": each.default,
                "Associations": [
                    {
                        "NetworkAclAssociationId": f"aclassoc-{one.id}",
                        "NetworkAclId": each.id,
                        "SubnetId": one.id,
                    }
                    for one in network.subnets
                    if one.nacl == each.id
                ],
                "Entries": [_entry(entry) for entry in each.entries]
                + [
                    {
                        "CidrBlock": "0.0.0.0/0",
                        "Egress": egress,
                        "Protocol": "-1",
                        "RuleAction": "deny",
                        "RuleNumber": 32767,
                    }
                    for egress in (True, False)
                ],
                "Tags": tags(each.name),
            }
            for each in network.nacls
        ],
        "RouteTables": [
            {
                "RouteTableId": each.id,
                "VpcId": each.vpc,
                "OwnerId": OWNER,
                "Associations": _table_associations(network, each),
                "PropagatingVgws": [],
                "Routes": _local(network, each) + _routes(each),
                "Tags": tags(each.name),
            }
            for each in network.route_tables
        ],
    }


def _traffic(rule: Any) -> Answer:
    """FromPort and ToPort are type and code of icmp, -1 where they mean nothing."""
    name = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmpv6"}.get(rule.protocol, str(rule.protocol))
    if has_ports(rule.protocol):
        return {"IpProtocol": name, "FromPort": rule.ports.first, "ToPort": rule.ports.last}
    if has_types(rule.protocol) and rule.ports != ALL_PORTS:
        kind, code = divmod(rule.ports.first, 256)
        whole = rule.ports.last - rule.ports.first == 255
        return {"IpProtocol": name, "FromPort": kind, "ToPort": -1 if whole else code}
    return {"IpProtocol": name, "FromPort": -1, "ToPort": -1}


def _peer(peer: Any) -> Answer:
    if isinstance(peer, CidrPeer):
        return {("CidrIpv4" if peer.cidr.version == 4 else "CidrIpv6"): str(peer.cidr)}
    return {"ReferencedGroupInfo": {"GroupId": peer.group, "UserId": OWNER}}


def _permissions(group: Any, direction: Direction) -> list[Answer]:
    """One for each rule: AWS would fold those with equal ports."""
    found = []
    for rule in group.towards(direction):
        one = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
        traffic: Answer = {**_traffic(rule), **one}
        if rule.protocol == -1:
            del traffic["FromPort"], traffic["ToPort"]
        peer = rule.peer
        if isinstance(peer, GroupPeer):
            traffic["UserIdGroupPairs"] = [{"GroupId": peer.group, "UserId": OWNER}]
        elif peer.cidr.version == 4:
            traffic["IpRanges"] = [{"CidrIp": str(peer.cidr)}]
        else:
            traffic["Ipv6Ranges"] = [{"CidrIpv6": str(peer.cidr)}]
        found.append(traffic)
    return found


def _entry(entry: Any) -> Answer:
    block = "Ipv6CidrBlock" if isinstance(entry.cidr, IPv6Network) else "CidrBlock"
    found: Answer = {
        block: str(entry.cidr),
        "Egress": entry.direction is Direction.EGRESS,
        "Protocol": str(entry.protocol),
        "RuleAction": str(entry.action),
        "RuleNumber": entry.number,
    }
    if has_ports(entry.protocol):
        found["PortRange"] = {"From": entry.ports.first, "To": entry.ports.last}
    elif has_types(entry.protocol):
        kind, code = divmod(entry.ports.first, 256)
        whole = entry.ports.last - entry.ports.first == 255
        every = entry.ports == ALL_PORTS
        found["IcmpTypeCode"] = {
            "Type": -1 if every else kind,
            "Code": -1 if every or whole else code,
        }
    return found


def _table_associations(network: Network, table: Any) -> list[Answer]:
    found: list[Answer] = [
        {"Main": False, "SubnetId": each.id, "AssociationState": {"State": "associated"}}
        for each in network.subnets
        if each.route_table == table.id
    ]
    if table.main:
        found.append({"Main": True, "AssociationState": {"State": "associated"}})
    if table.gateway:
        state = {"State": "associated"}
        found.append({"Main": False, "GatewayId": table.gateway, "AssociationState": state})
    return found


def _local(network: Network, table: Any) -> list[Answer]:
    return [
        {
            _destination(block): str(block),
            "GatewayId": "local",
            "Origin": "CreateRouteTable",
            "State": "active",
        }
        for vpc in network.vpcs
        if vpc.id == table.vpc
        for block in vpc.cidrs
    ]


def _destination(block: Any) -> str:
    return "DestinationCidrBlock" if block.version == 4 else "DestinationIpv6CidrBlock"


def _routes(table: Any) -> list[Answer]:
    found: list[Answer] = []
    listed = set()
    for route in table.routes:
        if route.target is TargetKind.LOCAL:
            where = {"GatewayId": "local"}
        elif route.target is TargetKind.FIREWALL:
            where = {"GatewayId": route.target_id}
        elif route.target is TargetKind.UNMODELLED:
            where = {"CarrierGatewayId": route.target_id}
        else:
            where = {TARGETS[route.target][1]: route.target_id}
        to: Answer = {_destination(route.destination): str(route.destination)}
        if route.prefix_list:
            if (route.prefix_list, route.target_id) in listed:
                continue
            listed.add((route.prefix_list, route.target_id))
            to = {"DestinationPrefixListId": route.prefix_list}
        found.append(
            {
                **to,
                **where,
                "Origin": "EnableVgwRoutePropagation" if route.propagated else "CreateRoute",
                "State": "blackhole" if route.blackhole else "active",
            }
        )
    return found


def _public_access(network: Network) -> Answer:
    block = _block(network)
    if block is None:
        return {}
    allowed = {True: "allowed", False: "not-allowed"}
    return {
        "AwsAccountId": OWNER,
        "AwsRegion": "eu-west-1",
        "State": "update-complete" if block.settled else "update-in-progress",
        "InternetGatewayBlockMode": str(block.mode),
        **({"ManagedBy": block.managed_by} if block.managed_by else {}),
        **(
            {}
            if block.exclusions_allowed is None
            else {"ExclusionsAllowed": allowed[block.exclusions_allowed]}
        ),
    }


def _block(network: Network) -> AccessBlock | None:
    """What the VPCs say; of a network that only says what is left to subnets, what leaves that."""
    told = [each.access_block for each in network.vpcs if each.access_block is not None]
    if told:
        return told[0]
    left = {each.public_access for each in network.subnets}
    if left <= {PublicAccess.OPEN}:
        return None
    both = not left.isdisjoint((PublicAccess.BLOCKED, PublicAccess.OUTBOUND))
    return AccessBlock(mode=AccessMode.BIDIRECTIONAL if both else AccessMode.INGRESS)


def _exclusions(network: Network) -> list[Answer]:
    block = _block(network)
    if block is None:
        return []
    found: dict[tuple[str, str, str], Exclusion | None] = {
        (each.region, "vpc", each.id): each.access_block and each.access_block.excluded
        for each in network.vpcs
    }
    inferred = {PublicAccess.OPEN: Exclusion.BOTH, PublicAccess.OUTBOUND: Exclusion.EGRESS}
    for each in network.subnets:
        excluded = each.excluded
        if excluded is None and all(one.access_block is None for one in network.vpcs):
            excluded = inferred.get(each.public_access)
        # A VPC of which no record tells the Region is read as one of the Region of the others.
        for region in {"eu-west-1", network.vpc[each.vpc].region}:
            found[region, "subnet", each.id] = excluded
    return [
        {
            "ExclusionId": f"vpcbpa-exclude-{id_}-{region}",
            "InternetGatewayExclusionMode": str(excluded),
            "ResourceArn": f"arn:aws:ec2:{region}:{OWNER}:{kind}/{id_}",
            "State": "create-complete",
        }
        for (region, kind, id_), excluded in sorted(found.items())
        if excluded not in (None, Exclusion.NONE)
    ]
