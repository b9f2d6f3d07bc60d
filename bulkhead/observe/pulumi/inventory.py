"""What a stack's resources say of things that no packet depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Final, TypeVar

from bulkhead.network import AAAA, A, NameRecord, PrivateZone, SaidOf
from bulkhead.network.inventory import (
    BlockedAccess,
    ElasticAddress,
    FirewallOptions,
    FlowLog,
    Instance,
    Inventory,
    LaunchTemplate,
    Listed,
    MetadataOptions,
    NotRead,
    StatelessGroup,
    Tagged,
    TransitOptions,
    TunnelAlarm,
    TunnelState,
    VpcEndpoint,
)
from bulkhead.network.monitoring import (
    TUNNEL_DIMENSION,
    TUNNEL_METRICS,
    TUNNEL_STATE,
    VPN_DIMENSION,
)
from bulkhead.network.tags import words_from
from bulkhead.observe.beside.names import addresses_of, bare, under
from bulkhead.observe.pulumi.resources.shape import short
from bulkhead.observe.pulumi.resources.vpn_connections import is_logged
from bulkhead.observe.pulumi.stack import Resource, Stack
from bulkhead.observe.record import Hidden, Record, UnreadableError

T = TypeVar("T")

OTHERS: Final = NotRead(
    why="a state lists what its stack made: others may have made more", beyond=True
)

_FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
_INSTANCE: Final = "aws:ec2/instance:Instance"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_EIP: Final = "aws:ec2/eip:Eip"
_EIP_ASSOCIATION: Final = "aws:ec2/eipAssociation:EipAssociation"
_NAT: Final = "aws:ec2/natGateway:NatGateway"
_VPN: Final = "aws:ec2/vpnConnection:VpnConnection"
_ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
_FIREWALL: Final = "aws:networkfirewall/firewall:Firewall"
_POLICY: Final = "aws:networkfirewall/firewallPolicy:FirewallPolicy"
_LOGGING: Final = "aws:networkfirewall/loggingConfiguration:LoggingConfiguration"
_RULE_GROUP: Final = "aws:networkfirewall/ruleGroup:RuleGroup"
_TRANSIT: Final = "aws:ec2transitgateway/transitGateway:TransitGateway"
_ACCESS: Final = "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions"
_EXCLUSION: Final = "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion"

_ZONE: Final = "aws:route53/zone:Zone"
_RECORD: Final = "aws:route53/record:Record"

_CONFIGURATION: Final = "customerGatewayConfiguration"
"""What the device at the other end is to be told, its keys among it."""
_TAGGED: Final = {
    "aws:ec2/vpc:Vpc": "VPC",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "security group",
}


def inventory_of(stack: Stack, *, others: bool = True) -> Inventory:
    """Everything that the stack's resources say; `others`: whether other stacks may add to it."""

    def listed(token: str, read: Callable[[Resource, Stack], Iterator[T]]) -> Listed[T]:
        found: list[T] = []
        unread = [OTHERS] if others else []
        for each in stack.resources:
            if each.type != token or each.retiring:
                continue
            try:
                found += read(each, stack)
            except UnreadableError as error:
                why = f"{short(token)} cannot be read: {error}"
                unread.append(NotRead(why=why, broken=True))
        return Listed(tuple(found), tuple(unread))

    return Inventory(
        flow_logs=listed(_FLOW_LOG, _flow_log),
        instances=listed(_INSTANCE, _instance),
        launch_templates=listed(_TEMPLATE, _template),
        elastic_addresses=listed(_EIP, _elastic),
        tunnels=listed(_VPN, _tunnels),
        tunnel_alarms=listed(_ALARM, _alarm),
        vpc_endpoints=listed(_ENDPOINT, _endpoint),
        firewall_options=listed(_FIREWALL, _firewall),
        stateless_groups=listed(_RULE_GROUP, _stateless),
        transit_options=listed(_TRANSIT, _transit),
        public_access=listed(_ACCESS, _access),
        tagged=Listed(
            tuple(each for token in _TAGGED for each in listed(token, _tagged).things),
            (OTHERS,) if others else (),
        ),
        private_zones=listed(_ZONE, _private_zone),
        said=dict(_said_of_things(stack)),
    )


def _flow_log(resource: Resource, _: Stack) -> Iterator[FlowLog]:
    out = resource.outputs
    for key in ("vpcId", "subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId"):
        if about := out.maybe(key):
            yield FlowLog(id=resource.id, resource=about, traffic=out.maybe("trafficType") or "")


def _private_zone(resource: Resource, stack: Stack) -> Iterator[PrivateZone]:
    """One for each VPC whose hosts can ask it; none of a public one."""
    domain = bare(resource.outputs.text("name"))
    records = tuple(
        _name_record(each.outputs, domain)
        for each in stack.resources
        if each.type == _RECORD
        and not each.retiring
        and each.outputs.maybe("zoneId") == resource.id
    )
    for vpc in resource.outputs.records("vpcs"):
        yield PrivateZone(id=resource.id, domain=domain, vpc=vpc.text("vpcId"), records=records)


def _name_record(out: Record, domain: str) -> NameRecord:
    kind, values = out.text("type"), out.texts("records")
    other = ""
    if out.records("aliases"):
        other = f"whatever {bare(out.records('aliases')[0].text('name'))} has"
    elif out.maybe("setIdentifier"):
        other = f"one of several, {out.text('setIdentifier')}"
    elif kind not in (A, AAAA):
        other = f"{kind} {', '.join(values)}"
    return NameRecord(
        name=under(out.text("name"), domain),
        kind=kind,
        addresses=() if other else addresses_of(values, kind),
        seconds=_number(out, "ttl"),
        other=other,
    )


def _instance(resource: Resource, stack: Stack) -> Iterator[Instance]:
    subnet = _said(resource.outputs, "subnetId")
    homes = (each for each in stack.resources if each.id == subnet)
    vpc = next((_said(each.outputs, "vpcId") for each in homes), None)
    yield Instance(
        id=resource.id,
        name=_name(resource),
        vpc=vpc,
        metadata=_metadata(resource.outputs),
    )


def _template(resource: Resource, _: Stack) -> Iterator[LaunchTemplate]:
    out = resource.outputs
    public = None
    for each in out.records("networkInterfaces"):
        asked = each.values.get("associatePublicIpAddress")
        if asked in (True, "true"):
            public = True
        elif asked in (False, "false") and public is None:
            public = False
    yield LaunchTemplate(
        id=resource.id,
        name=_name(resource),
        version=_number(out, "latestVersion") or 1,
        default=True,
        metadata=_metadata(out),
        public=public,
    )


def _metadata(record: Record) -> MetadataOptions:
    """What an answer or a program says; new instances get what the account or the image says.

    (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-options-order-of-precedence.html)
    """
    options = record.values.get("metadataOptions")
    if isinstance(options, list):  # of an instance the bridge may write one object as a list
        options = options[0] if options else None
    if not isinstance(options, dict):
        return MetadataOptions()
    tokens, endpoint = options.get("httpTokens"), options.get("httpEndpoint")
    return MetadataOptions(
        enabled=endpoint == "enabled" if isinstance(endpoint, str) and endpoint else None,
        tokens_required=tokens == "required" if isinstance(tokens, str) and tokens else None,
    )


def _elastic(resource: Resource, stack: Stack) -> Iterator[ElasticAddress]:
    out = resource.outputs
    yield ElasticAddress(
        id=resource.id,
        name=_name(resource),
        address=_ipv4(out, "publicIp"),
        holder=next(_holders(resource, stack), ""),
    )


def _ipv4(out: Record, key: str) -> IPv4Address | None:
    with suppress(ValueError):
        return IPv4Address(_said(out, key) or "")
    return None


def _holders(address: Resource, stack: Stack) -> Iterator[str]:
    """Who has an elastic address: by what it says itself, or what names it."""
    for key in ("networkInterface", "networkInterfaceId", "instance", "associationId"):
        value = address.outputs.values.get(key)
        if value:
            yield value if isinstance(value, str) else f"{key} not known yet"
    for each in stack.resources:
        named = each.outputs.values.get("allocationId")
        meant = named.candidates if isinstance(named, Hidden) else (named,)
        if each.type in (_EIP_ASSOCIATION, _NAT) and address.id in meant:
            yield each.id


def _tunnels(resource: Resource, _: Stack) -> Iterator[TunnelState]:
    for number in (1, 2):
        yield TunnelState(
            connection=resource.id,
            name=_name(resource),
            number=number,
            logged=is_logged(resource.outputs.values.get(f"tunnel{number}LogOptions")),
            key_shown=_is_shown(resource.outputs, number),
            outside=_ipv4(resource.outputs, f"tunnel{number}Address"),
            secret=_said(resource.outputs, "presharedKeyArn"),
        )


def _alarm(resource: Resource, _: Stack) -> Iterator[TunnelAlarm]:
    """Of a connection that is to come nobody knows the id: that alarm is about '' yet."""
    out = resource.outputs
    if (out.maybe("namespace"), out.maybe("metricName")) != (TUNNEL_METRICS, TUNNEL_STATE):
        return
    of = out.values.get("dimensions")
    said = of if isinstance(of, dict) else {}
    named = {key: each for key, each in said.items() if isinstance(each, str)}
    yield TunnelAlarm(
        id=resource.id,
        connection=named.get(VPN_DIMENSION, ""),
        address=named.get(TUNNEL_DIMENSION, ""),
        lowest=out.maybe("statistic") == "Minimum",
        tells=out.flag("actionsEnabled", default=True) and bool(out.values.get("alarmActions")),
    )


def _is_shown(out: Record, tunnel: int) -> bool | None:
    """AWS keeps the key itself, or it is in the state: as a secret, or for everybody to read.

    (pulumi.com/registry/packages/aws/api-docs/ec2/vpnconnection: presharedKeyStorage)
    """
    if _said(out, "presharedKeyStorage") == "SecretsManager":
        return False
    key, whole = out.values.get(f"tunnel{tunnel}PresharedKey"), out.values.get(_CONFIGURATION)
    if isinstance(key, str) and key:
        return True
    if isinstance(whole, str) and "<pre_shared_key>" in whole:
        return True
    return False if isinstance(key, Hidden) and key.secret else None


def _endpoint(resource: Resource, _: Stack) -> Iterator[VpcEndpoint]:
    out = resource.outputs
    yield VpcEndpoint(
        id=resource.id,
        vpc=out.text("vpcId"),
        service=out.maybe("serviceName") or "",
        kind=out.maybe("vpcEndpointType") or "Gateway",
        available=(_said(out, "state") or "available").lower() == "available",
    )


def _firewall(resource: Resource, stack: Stack) -> Iterator[FirewallOptions]:
    out = resource.outputs
    zones = {
        state.maybe("availabilityZone") or ""
        for status in out.records("firewallStatuses")
        for state in status.records("syncStates")
    }
    subnets = {_said(each, "subnetId") for each in out.records("subnetMappings")}
    zones |= {
        _said(each.outputs, "availabilityZone") or each.id
        for each in stack.resources
        if each.id in subnets
    }
    policy = next(
        (each for each in _of(stack, _POLICY) if _is_meant(out, "firewallPolicyArn", each)), None
    )
    inside = policy.outputs.inside("firewallPolicy") if policy else None
    yield FirewallOptions(
        id=resource.id,
        name=_name(resource),
        vpc=_said(out, "vpcId") or "",
        zones=tuple(sorted(zones - {""})),
        delete_protected=_flag(out, "deleteProtection"),
        subnets_protected=_flag(out, "subnetChangeProtection"),
        rule_groups=_groups_in(inside),
        full_packets=inside.texts("statelessDefaultActions") if inside else None,
        fragments=inside.texts("statelessFragmentDefaultActions") if inside else None,
        logs=_logs(resource, stack),
    )


def _groups_in(policy: Record | None) -> int | None:
    if policy is None:
        return None
    keys = ("statelessRuleGroupReferences", "statefulRuleGroupReferences")
    return sum(len(policy.records(key)) for key in keys)


def _logs(firewall: Resource, stack: Stack) -> tuple[str, ...]:
    found = []
    for each in _of(stack, _LOGGING):
        inside = each.outputs.inside("loggingConfiguration")
        if inside is not None and _is_meant(each.outputs, "firewallArn", firewall):
            found += [one.maybe("logType") or "" for one in inside.records("logDestinationConfigs")]
    return tuple(sorted(set(found) - {""}))


def _stateless(resource: Resource, _: Stack) -> Iterator[StatelessGroup]:
    out = resource.outputs
    if out.maybe("type") != "STATELESS":
        return
    group = out.inside("ruleGroup")
    source = group.inside("rulesSource") if group else None
    rules = source.inside("statelessRulesAndCustomActions") if source else None
    count = len(rules.records("statelessRules")) if rules else 0
    yield StatelessGroup(id=resource.id, name=_name(resource), rules=count)


def _transit(resource: Resource, stack: Stack) -> Iterator[TransitOptions]:
    accepts = resource.outputs.values.get("autoAcceptSharedAttachments", "disable")
    owner, own = _said(resource.outputs, "ownerId"), stack.own_accounts
    yield TransitOptions(
        id=resource.id,
        name=_name(resource),
        accepts_all=accepts == "enable" if isinstance(accepts, str) else None,
        shared_by=owner if resource.external and owner and own and owner not in own else "",
    )


def _access(resource: Resource, stack: Stack) -> Iterator[BlockedAccess]:
    excluded = [
        found
        for each in _of(stack, _EXCLUSION)
        for key in ("vpcId", "subnetId")
        if (found := _said(each.outputs, key))
    ]
    yield BlockedAccess(
        id=stack.region_of(resource) or resource.id,
        mode=resource.outputs.text("internetGatewayBlockMode"),
        excluded=tuple(excluded),
    )


def _tagged(resource: Resource, _: Stack) -> Iterator[Tagged]:
    out = resource.outputs
    keys = {
        key
        for each in (out.values.get("tags"), out.values.get("tagsAll"))
        if isinstance(each, dict)
        for key in each
    }
    kind = _TAGGED[resource.type]
    yield Tagged(id=resource.id, name=_name(resource), kind=kind, tags=tuple(sorted(keys)))


def _said_of_things(stack: Stack) -> Iterator[tuple[str, SaidOf]]:
    for each in stack.resources:
        if not each.retiring and (said := words_from(_texts(each))):
            yield each.id, said


def _texts(resource: Resource) -> dict[str, str]:
    """Its tags with the provider's default ones, as far as they are known."""
    return {
        key: value
        for name in ("tagsAll", "tags")
        if isinstance(tags := resource.outputs.values.get(name), dict)
        for key, value in tags.items()
        if isinstance(value, str)
    }


def _of(stack: Stack, token: str) -> Iterator[Resource]:
    return (each for each in stack.resources if each.type == token and not each.retiring)


def _is_meant(record: Record, key: str, resource: Resource) -> bool:
    """Whether a property names a resource, by id or ARN, or may turn out to."""
    value = record.values.get(key)
    if isinstance(value, Hidden):
        return not value.candidates or resource.id in value.candidates
    return value in (resource.id, _said(resource.outputs, "arn"))


def _said(record: Record, key: str) -> str | None:
    """The text at a key; None where it is not known, or is none."""
    value = record.values.get(key)
    return value if isinstance(value, str) and value else None


def _number(record: Record, key: str) -> int | None:
    value = record.values.get(key)
    return int(value) if isinstance(value, int | float) else None


def _flag(record: Record, key: str) -> bool | None:
    """False where nobody says it, which is AWS's default; None where it is not known."""
    value = record.values.get(key, False)
    return value if isinstance(value, bool) else None


def _name(resource: Resource) -> str:
    """By its tag, else as the program calls it."""
    tags = resource.outputs.values.get("tags")
    named = tags.get("Name") if isinstance(tags, dict) else None
    return named if isinstance(named, str) and named else resource.urn.rsplit("::", 1)[-1]
