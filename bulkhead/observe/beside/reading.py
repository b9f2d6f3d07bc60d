"""From the answers of AWS to an Inventory: what cannot be read of one thing is not known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, TypeVar

from bulkhead.network import PrivateZone, SaidOf
from bulkhead.network.inventory import (
    BlockedAccess,
    CallAnswer,
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
    together,
)
from bulkhead.network.monitoring import (
    TUNNEL_DIMENSION,
    TUNNEL_METRICS,
    TUNNEL_STATE,
    VPN_DIMENSION,
)
from bulkhead.network.tags import words_from
from bulkhead.observe.beside.calls import (
    ADDRESSES,
    ALARMS,
    BESIDE_CALLS,
    FIREWALL_LOGGING,
    FLOW_LOGS,
    PRIVATE_ZONES,
    TEMPLATE_VERSIONS,
    TEMPLATES,
    ZONE_RECORDS,
)
from bulkhead.observe.beside.names import zones
from bulkhead.observe.calls import (
    BLOCK_PUBLIC_ACCESS,
    CALLS,
    FIREWALL_POLICIES,
    FIREWALLS,
    KEYS,
    RULE_GROUPS,
    Call,
)
from bulkhead.observe.describe.vpn_connections import is_logged
from bulkhead.observe.observed import Answers
from bulkhead.observe.record import Record, UnreadableError, as_records

T = TypeVar("T")

_TAGGED: Final = {
    "Vpcs": ("VpcId", "VPC"),
    "Subnets": ("SubnetId", "subnet"),
    "SecurityGroups": ("GroupId", "security group"),
}
_SAID: Final = {
    "Vpcs": "VpcId",
    "Subnets": "SubnetId",
    "SecurityGroups": "GroupId",
    "NetworkAcls": "NetworkAclId",
    "RouteTables": "RouteTableId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "VpnGateways": "VpnGatewayId",
    "VpnConnections": "VpnConnectionId",
}
"""What a topology says something of, and what is built for it: where the id of each is."""
_GONE: Final = frozenset({"terminated", "shutting-down"})
_EXCLUSIONS: Final = "VpcBlockPublicAccessExclusions"
_EXCLUDED: Final = frozenset(
    {"create-complete", "create-in-progress", "update-complete", "update-in-progress"}
)
_NOT_EXCLUDED: Final = frozenset({"create-failed", "delete-complete", "disable-complete"})
_BLOCK_MODES: Final = frozenset({"off", "block-ingress", "block-bidirectional"})


def inventory(answers: Iterable[Answers]) -> Inventory:
    """What the answers of each Region say beside the Network."""
    return together(_Region(each).inventory() for each in answers)


@dataclass(frozen=True, slots=True)
class _Region:
    """One Region, read kind by kind. What is unreadable of a kind is not read."""

    answers: Answers

    def inventory(self) -> Inventory:
        return Inventory(
            flow_logs=self._each(FLOW_LOGS, _flow_log, *self._shared("list its flow logs")),
            instances=self._kind((KEYS["Reservations"],), self._instances),
            launch_templates=self._kind((TEMPLATE_VERSIONS, TEMPLATES), self._templates),
            elastic_addresses=self._each(ADDRESSES, _address),
            tunnels=self._kind((KEYS["VpnConnections"],), self._tunnels),
            tunnel_alarms=self._each(ALARMS, _alarm),
            vpc_endpoints=self._each(
                KEYS["VpcEndpoints"], _endpoint, *self._shared("list its endpoints")
            ),
            firewall_options=self._kind((FIREWALLS,), self._firewalls),
            stateless_groups=self._kind((FIREWALLS, RULE_GROUPS), self._stateless),
            transit_options=self._each(KEYS["TransitGateways"], self._transit),
            public_access=self._kind(
                (BLOCK_PUBLIC_ACCESS,), self._blocked, *self._shared("say what is blocked there")
            ),
            private_zones=self._kind((PRIVATE_ZONES, ZONE_RECORDS), self._zones),
            tagged=self._kind(tuple(KEYS[each] for each in _TAGGED), self._tagged),
            said=dict(self._said()),
            answers=tuple(self._asked()),
        )

    def _asked(self) -> Iterator[CallAnswer]:
        """Every question, and why it has no whole answer. Details are asked of what there is."""
        for call in (*CALLS, BLOCK_PUBLIC_ACCESS, *BESIDE_CALLS):
            if call.key == _EXCLUSIONS and not self._unread(BLOCK_PUBLIC_ACCESS):
                continue
            yield CallAnswer(
                call=call.permission, region=self.answers.region, why=self._unread(call)
            )

    def _unread(self, call: Call) -> str:
        if why := self.answers.missing.get(call.key) or self.answers.not_beside.get(call.key):
            return why
        there = call.key in self.answers.document or call.key in self.answers.beside
        if there or (call is TEMPLATE_VERSIONS and self._none(TEMPLATES)):
            return ""
        return f"no answer to {call.operation} is there"

    def _none(self, call: Call) -> bool:
        """Whether there is surely nothing of a kind, so that there is nothing to ask of it."""
        return not self._unread(call) and not self._records(call)

    def _shared(self, what: str) -> Iterator[NotRead]:
        """VPCs that another account shares: a participant sees its own part of them alone.

        (docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing-service-behavior.html,
        vpc-share-prerequisites.html)
        """
        asked = self._who_asked()
        for each in self._records(KEYS["Vpcs"]):
            owner, id_ = each.maybe("OwnerId"), each.text("VpcId")
            if owner and asked and owner not in asked:
                why = f"VPC {id_} is shared by account {owner}, and that account alone can {what}"
                yield NotRead(why=why, region=self.answers.region, vpc=id_)

    def _who_asked(self) -> frozenset[str]:
        """The accounts that were asked, as far as answers that show nobody else's say it."""
        options = self.answers.document.get(BLOCK_PUBLIC_ACCESS.key)
        account = options.get("AwsAccountId") if isinstance(options, Mapping) else None
        reservations = (each.maybe("OwnerId") for each in self._records(KEYS["Reservations"]))
        return frozenset(
            filter(None, (account if isinstance(account, str) else None, *reservations))
        )

    def _records(self, call: Call) -> tuple[Record, ...]:
        answers = self.answers
        found = answers.beside.get(call.key, answers.document.get(call.key))
        return as_records(found, call.key)

    def _kind(
        self, calls: Iterable[Call], read: Callable[[], Iterable[T]], *also: NotRead
    ) -> Listed[T]:
        unread = [
            NotRead(why=why, region=self.answers.region, call=call.permission)
            for call in calls
            if (why := self._unread(call))
        ]
        try:
            things = tuple(read())
        except UnreadableError as error:
            things = ()
            unread.append(NotRead(why=str(error), region=self.answers.region, broken=True))
        return Listed(things, (*unread, *also))

    def _each(self, call: Call, read: Callable[[Record], T | None], *also: NotRead) -> Listed[T]:
        return self._kind(
            (call,),
            lambda: (thing for each in self._records(call) if (thing := read(each))),
            *also,
        )

    def _zones(self) -> Iterator[PrivateZone]:
        return zones(self._records(PRIVATE_ZONES), self._records(ZONE_RECORDS))

    def _transit(self, record: Record) -> TransitOptions | None:
        if record.maybe("State") in ("deleted", "deleting"):
            return None
        options = record.inside("Options")
        accepts = options.maybe("AutoAcceptSharedAttachments") if options else None
        id_, owner = record.text("TransitGatewayId"), record.maybe("OwnerId")
        asked = self._who_asked()
        return TransitOptions(
            id=id_,
            name=record.tags().get("Name") or id_,
            accepts_all=None if accepts is None else accepts == "enable",
            shared_by=owner if owner and asked and owner not in asked else "",
        )

    def _instances(self) -> Iterator[Instance]:
        for reservation in self._records(KEYS["Reservations"]):
            for each in reservation.records("Instances"):
                state = each.inside("State")
                if state and state.maybe("Name") in _GONE:
                    continue
                id_ = each.text("InstanceId")
                yield Instance(
                    id=id_,
                    name=each.tags().get("Name") or id_,
                    vpc=each.maybe("VpcId"),
                    metadata=_metadata(each.inside("MetadataOptions")),
                )

    def _templates(self) -> Iterator[LaunchTemplate]:
        shown = {each.maybe("LaunchTemplateId") for each in self._records(TEMPLATE_VERSIONS)}
        for each in self._records(TEMPLATES):
            if (id_ := each.text("LaunchTemplateId")) not in shown:
                name = each.maybe("LaunchTemplateName") or id_
                yield LaunchTemplate(id=id_, name=name, version=0, default=False)
        for each in self._records(TEMPLATE_VERSIONS):
            data = each.inside("LaunchTemplateData") or Record(each.where, {})
            gives = [
                one.flag("AssociatePublicIpAddress")
                for one in data.records("NetworkInterfaces")
                if one.values.get("AssociatePublicIpAddress") is not None
            ]
            options = data.inside("MetadataOptions")
            yield LaunchTemplate(
                id=each.text("LaunchTemplateId"),
                name=each.maybe("LaunchTemplateName") or each.text("LaunchTemplateId"),
                version=each.integer("VersionNumber"),
                default=each.flag("DefaultVersion"),
                # Without the option an instance takes the account's default, else version 1 too
                # (docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html).
                metadata=_metadata(options) if options else MetadataOptions(tokens_required=False),
                public=any(gives) if gives else None,
            )

    def _tunnels(self) -> Iterator[TunnelState]:
        for each in self._records(KEYS["VpnConnections"]):
            if each.maybe("State") in ("deleted", "deleting"):
                continue
            id_ = each.text("VpnConnectionId")
            name = each.tags().get("Name") or id_
            options = each.inside("Options")
            told = {one.maybe("OutsideIpAddress"): one for one in each.records("VgwTelemetry")}
            tunnels = options.records("TunnelOptions") if options else ()
            addresses = [one.maybe("OutsideIpAddress") for one in tunnels] or sorted(
                filter(None, told)
            )
            for number, address in enumerate(addresses, start=1):
                telemetry = told.get(address) if address else None
                status = telemetry.maybe("Status") if telemetry else None
                yield TunnelState(
                    connection=id_,
                    name=name,
                    number=number,
                    up=None if status is None else status == "UP",
                    accepted=telemetry.maybe_integer("AcceptedRouteCount") if telemetry else None,
                    logged=is_logged(tunnels[number - 1]) if number <= len(tunnels) else None,
                    outside=_ipv4(address),
                    secret=each.maybe("PreSharedKeyArn"),
                )

    def _firewalls(self) -> Iterator[FirewallOptions]:
        policies = self._policies()
        logging = {
            each.text("FirewallArn"): _logs(each) for each in self._records(FIREWALL_LOGGING)
        }
        for each in self._records(FIREWALLS):
            inside = each.inside("Firewall")
            if inside is None:
                continue
            arn = inside.text("FirewallArn")
            policy = policies.get(inside.maybe("FirewallPolicyArn") or "")
            yield FirewallOptions(
                id=arn,
                name=inside.maybe("FirewallName") or arn,
                vpc=inside.maybe("VpcId") or "",
                zones=_zones(each.inside("FirewallStatus")),
                delete_protected=inside.maybe_flag("DeleteProtection"),
                subnets_protected=inside.maybe_flag("SubnetChangeProtection"),
                rule_groups=_references(policy) if policy else None,
                full_packets=policy.texts("StatelessDefaultActions") if policy else None,
                fragments=policy.texts("StatelessFragmentDefaultActions") if policy else None,
                logs=logging.get(arn),
            )

    def _policies(self) -> Mapping[str, Record]:
        found = {}
        for each in self._records(FIREWALL_POLICIES):
            response, policy = each.inside("FirewallPolicyResponse"), each.inside("FirewallPolicy")
            if policy:
                arn = response.maybe("FirewallPolicyArn") if response else None
                found[arn or each.maybe("FirewallPolicyArn") or ""] = policy
        return found

    def _stateless(self) -> Iterator[StatelessGroup]:
        for each in self._records(RULE_GROUPS):
            response, group = each.inside("RuleGroupResponse"), each.inside("RuleGroup")
            if response is None or response.maybe("Type") != "STATELESS":
                continue
            arn = response.text("RuleGroupArn")
            source = group.inside("RulesSource") if group else None
            stateless = source.inside("StatelessRulesAndCustomActions") if source else None
            rules = len(stateless.records("StatelessRules")) if stateless else 0
            yield StatelessGroup(
                id=arn,
                name=response.maybe("RuleGroupName") or arn,
                rules=rules if group else None,
            )

    def _tagged(self) -> Iterator[Tagged]:
        for key, (id_, kind) in _TAGGED.items():
            for each in self._records(KEYS[key]):
                tags = each.tags()
                name = tags.get("Name") or each.text(id_)
                yield Tagged(id=each.text(id_), name=name, kind=kind, tags=tuple(sorted(tags)))

    def _said(self) -> Iterator[tuple[str, SaidOf]]:
        """Of what can be read of it: what cannot is told where it is needed."""
        for key, id_ in _SAID.items():
            with suppress(UnreadableError):
                for each in self._records(KEYS[key]):
                    with suppress(UnreadableError):
                        if said := words_from(each.tags()):
                            yield each.text(id_), said

    def _blocked(self) -> Iterator[BlockedAccess]:
        options = self.answers.document.get(BLOCK_PUBLIC_ACCESS.key)
        if not isinstance(options, Mapping):
            return
        told = Record(BLOCK_PUBLIC_ACCESS.key, options)
        mode = told.text("InternetGatewayBlockMode")
        excluded: dict[bool, list[str]] = {True: [], False: []}
        for each in self._records(KEYS[_EXCLUSIONS]):
            if (state := each.maybe("State")) not in _NOT_EXCLUDED:
                resource = (each.maybe("ResourceArn") or "").rpartition("/")[2]
                excluded[state in _EXCLUDED].append(resource)
        unknown = ""
        if mode not in _BLOCK_MODES:
            unknown = f"nobody here knows what the mode {mode} blocks"
        elif told.maybe("State") == "update-in-progress":
            unknown = "it is being changed"
        elif mode != "off" and (why := self._unread(KEYS[_EXCLUSIONS])):
            unknown = (
                f"what is excluded was not read: {why}: {KEYS[_EXCLUSIONS].permission} would tell"
            )
        yield BlockedAccess(
            id=self.answers.region,
            mode=mode,
            excluded=tuple(excluded[True]),
            excluded_perhaps=tuple(excluded[False]),
            unknown=unknown,
        )


def _flow_log(record: Record) -> FlowLog:
    delivery = record.maybe("DeliverLogsStatus")
    return FlowLog(
        id=record.text("FlowLogId"),
        resource=record.text("ResourceId"),
        traffic=record.maybe("TrafficType") or "",
        active=record.maybe("FlowLogStatus") in (None, "ACTIVE") and delivery != "FAILED",
    )


def _alarm(record: Record) -> TunnelAlarm | None:
    """None of all that is about something else."""
    if (record.maybe("Namespace"), record.maybe("MetricName")) != (TUNNEL_METRICS, TUNNEL_STATE):
        return None
    of = {each.text("Name"): each.text("Value") for each in record.records("Dimensions")}
    return TunnelAlarm(
        id=record.text("AlarmName"),
        connection=of.get(VPN_DIMENSION, ""),
        address=of.get(TUNNEL_DIMENSION, ""),
        lowest=record.maybe("Statistic") == "Minimum",
        tells=record.flag("ActionsEnabled", default=True) and bool(record.texts("AlarmActions")),
    )


def _metadata(options: Record | None) -> MetadataOptions:
    if options is None:
        return MetadataOptions()
    endpoint, tokens = options.maybe("HttpEndpoint"), options.maybe("HttpTokens")
    return MetadataOptions(
        enabled=None if endpoint is None else endpoint == "enabled",
        tokens_required=None if tokens is None else tokens == "required",
    )


def _address(record: Record) -> ElasticAddress:
    names = ("InstanceId", "NetworkInterfaceId", "AssociationId")
    holder = next((found for each in names if (found := record.maybe(each))), "")
    id_ = record.maybe("AllocationId") or record.text("PublicIp")
    return ElasticAddress(
        id=id_,
        name=record.tags().get("Name") or id_,
        address=record.address("PublicIp") if record.has("PublicIp") else None,
        holder=holder,
    )


def _endpoint(record: Record) -> VpcEndpoint | None:
    state = (record.maybe("State") or "available").lower()
    if state in ("deleted", "deleting"):
        return None
    return VpcEndpoint(
        id=record.text("VpcEndpointId"),
        vpc=record.text("VpcId"),
        service=record.text("ServiceName") if record.has("ServiceName") else "",
        kind=record.maybe("VpcEndpointType") or "Gateway",
        available=state == "available",
    )


def _zones(status: Record | None) -> tuple[str, ...]:
    states = status.inside("SyncStates") if status else None
    return tuple(sorted(states.values)) if states else ()


def _logs(record: Record) -> tuple[str, ...]:
    configuration = record.inside("LoggingConfiguration")
    every = configuration.records("LogDestinationConfigs") if configuration else ()
    return tuple(sorted({each.text("LogType") for each in every}))


def _references(policy: Record) -> int:
    return sum(
        len(policy.records(each))
        for each in ("StatelessRuleGroupReferences", "StatefulRuleGroupReferences")
    )


def _ipv4(text: str | None) -> IPv4Address | None:
    """None of what is IPv6, which an outside address may be, and where nobody said."""
    with suppress(ValueError):
        return IPv4Address(text or "")
    return None
