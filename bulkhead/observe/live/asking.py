"""The questions put to one region of an account, and its answers as one document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from bulkhead.network import tags
from bulkhead.observe.beside.calls import (
    ADDRESSES,
    ALARMS,
    FIREWALL_LOGGING,
    FLOW_LOGS,
    NAME_CALLS,
    PRIVATE_ZONES,
    TEMPLATE_VERSIONS,
    TEMPLATES,
    ZONE_RECORDS,
)
from bulkhead.observe.calls import (
    BALANCER_ATTRIBUTES,
    BLOCK_PUBLIC_ACCESS,
    CALLS,
    DETAILS,
    FIREWALL_POLICIES,
    FIREWALLS,
    KEYS,
    LIST_FIREWALLS,
    LISTENER_ATTRIBUTES,
    LISTENER_RULES,
    LISTENERS,
    PREFIX_LIST_ENTRIES,
    PREFIX_LIST_SIZES,
    REGIONS,
    RULE_GROUPS,
    SECRETS,
    TARGET_ATTRIBUTES,
    TARGET_HEALTH,
    TRANSIT_ASSOCIATIONS,
    TRANSIT_PROPAGATIONS,
    TRANSIT_ROUTES,
    Call,
    Detail,
    Item,
)
from bulkhead.observe.errors import DeniedError, ObserveError
from bulkhead.observe.live.unparsed import put_back
from bulkhead.observe.wanted import ALL_NAMES

_AWS: Final = re.compile(
    r"\.(amazonaws\.com(\.cn|\.eu)?|api\.aws|api\.amazonwebservices\.com\.cn)$"
)
_DENIED: Final = frozenset({"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"})
_UNKNOWN: Final = frozenset(
    {"InvalidAction", "UnknownOperation", "UnknownOperationException", "UnsupportedOperation"}
    | {"NotImplemented", "NotYetImplemented", "InternalFailure.NotImplemented", "501"}
)
_BAD_CREDENTIALS: Final = frozenset(
    {"AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"}
    | {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidToken"}
)
ANSWER_SECONDS = 60.0  # botocore's own
_EVERY_ROUTE: Final = [{"Name": "state", "Values": ["active", "blackhole"]}]
_SIZE: Final = ("PrefixListName", "AddressFamily", "MaxEntries")
_IN_A_FILTER: Final = 100
_EXCLUSIONS: Final = "VpcBlockPublicAccessExclusions"


class NotShownError(Exception):
    """An answer lacks what was asked for, also that there is none of it."""


REFUSALS: Final = (ClientError, ResponseParserError, NotShownError)


@dataclass(slots=True)
class Region:
    """Clients of one region.

    Patient with AWS, which throttles; brief with any other endpoint, which has no reason to.
    """

    session: boto3.Session
    name: str | None
    _clients: dict[str, BaseClient] = field(default_factory=dict)

    def client(self, service: str) -> BaseClient:
        """The one for this service."""
        if service not in self._clients:
            client = self._made(service, attempts=8, seconds=10)
            if not is_aws(client):
                client = self._made(service, attempts=1, seconds=5)
            self._clients[service] = client
        return self._clients[service]

    def _made(self, service: str, attempts: int, seconds: int) -> BaseClient:
        # 'standard' backs off on RequestLimitExceeded and gives up after its attempts
        # (boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html).
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=seconds,
            read_timeout=ANSWER_SECONDS,
        )
        make: Callable[..., BaseClient] = self.session.client
        client = make(service, region_name=self.name, config=config)
        client.meta.events.register("after-call", put_back)
        return client


def is_aws(client: BaseClient) -> bool:
    """Whether it talks to AWS itself, and not to something that resembles it."""
    return bool(_AWS.search(urlsplit(client.meta.endpoint_url).hostname or ""))


def enabled_regions(region: Region) -> list[str]:
    """The regions that are enabled for the account."""
    client = region.client(REGIONS.service)
    try:
        return sorted(
            _told(REGIONS, each, "RegionName") for each in _items(client, REGIONS, REGIONS.key)
        )
    except REFUSALS as error:
        why = refusal(REGIONS, error, client)
        raise ObserveError(f"{why}, so the regions are not known; name them") from None


@dataclass(slots=True)
class Asked:
    """The describe-shaped document, and for each key that is not in it, why."""

    region: Region
    document: Item = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    beside: dict[str, list[Item]] = field(default_factory=dict)
    not_beside: dict[str, str] = field(default_factory=dict)

    def everything(
        self,
        *,
        audited: bool = False,
        named: Iterable[str] = (),
        names: str = "",
        topology: str = "",
    ) -> None:
        """First what there is, then the particulars of what was found.

        With `audited` also firewalls that no route leads to, and what no packet depends on;
        `named` are prefix lists that nothing there need refer to. With `names` the private zone of
        that domain, of the VPCs of a topology where it has some.
        """
        for call in (each for each in CALLS if each.service == "ec2" and each.key != _EXCLUSIONS):
            self._list(call)
        for detail in DETAILS:
            self.document.setdefault(detail.key, [])
        self._public_access()
        self._transit()
        lists = {*_named_prefix_lists(self.document), *named}
        self._each(PREFIX_LIST_ENTRIES, lists)
        self._sizes(sorted(lists))
        balanced = [each for each in CALLS if each.service == "elbv2"]
        for call in balanced:
            self.document[call.key] = []
        if _has_balancers(self.document):
            for call in balanced:
                self._list(call)
            self._balancers()
        if audited or _has_endpoints(self.document):
            self._firewalls()
        if audited:
            self._beside()
        if names:
            self._names(names, topology)

    def _list(self, call: Call) -> None:
        client = self.region.client(call.service)
        try:
            self.document[call.key] = list(_items(client, call, call.key))
        except REFUSALS as error:
            self.document.pop(call.key, None)
            self.missing[call.key] = refusal(call, error, client)

    def _each(self, detail: Detail, names: Iterable[str], **more: Any) -> None:
        """One answer for each name; what is gone or another's by now is left out."""
        client = self.region.client(detail.service)
        found = self.document.setdefault(detail.key, [])
        for name in sorted(names):
            try:
                found.extend(_particulars(client, detail, name, **more))
            except REFUSALS as error:
                gone = isinstance(error, ClientError) and "NotFound" in _code(error)
                if not gone:
                    self.missing[detail.key] = refusal(detail, error, client)

    def _sizes(self, lists: Sequence[str]) -> None:
        """Beside the entries of each list how many it may have; no packet depends on that."""
        known = {each["PrefixListId"]: each for each in self.document[PREFIX_LIST_ENTRIES.key]}
        client = self.region.client(PREFIX_LIST_SIZES.service)
        for first in range(0, len(lists), _IN_A_FILTER):
            named = [{"Name": "prefix-list-id", "Values": [*lists[first : first + _IN_A_FILTER]]}]
            try:
                for each in _items(client, PREFIX_LIST_SIZES, PREFIX_LIST_SIZES.key, Filters=named):
                    if (item := known.get(each.get("PrefixListId", ""))) is not None:
                        item |= {key: each[key] for key in _SIZE if key in each}
            except REFUSALS as error:
                # Nobody says then, and a count says that it is of no more than what is known.
                refusal(PREFIX_LIST_SIZES, error, client)

    def _public_access(self) -> None:
        call, client = BLOCK_PUBLIC_ACCESS, self.region.client("ec2")
        self.document[_EXCLUSIONS] = []
        try:
            options = getattr(client, _method(call))().get(call.key, {})
        except REFUSALS as error:
            why = refusal(call, error, client)
            # An endpoint that is not AWS and does not know of it cannot be blocking anything.
            if is_aws(client) or _denied(error):
                self.missing[call.key] = why
            return
        if not options.get("InternetGatewayBlockMode"):
            self.missing[call.key] = lacking(call, f"{call.key}.InternetGatewayBlockMode")
            return
        self.document[call.key] = options
        # They stand before it is turned on, and are what lets it be.
        self._list(next(each for each in CALLS if each.key == _EXCLUSIONS))

    def _transit(self) -> None:
        tables = _named(self.document, "TransitGatewayRouteTables", "TransitGatewayRouteTableId")
        self._each(TRANSIT_ROUTES, tables, Filters=_EVERY_ROUTE)
        self._each(TRANSIT_PROPAGATIONS, tables)
        self._each(TRANSIT_ASSOCIATIONS, tables)

    def _balancers(self) -> None:
        balancers = _named(self.document, "LoadBalancers", "LoadBalancerArn")
        self._each(LISTENERS, balancers)
        every = _named(self.document, "Listeners", "ListenerArn")
        # Only those of application load balancers have rules beside the default.
        self._each(LISTENER_RULES, (each for each in every if "/app/" in each))
        # They say how long a silent connection is remembered, of network ones each listener does,
        # and these whether they pass on to other zones.
        self._each(BALANCER_ATTRIBUTES, (each for each in balancers if "/gwy/" not in each))
        self._each(LISTENER_ATTRIBUTES, (each for each in every if "/app/" not in each))
        groups = _named(self.document, "TargetGroups", "TargetGroupArn")
        self._each(TARGET_HEALTH, groups)
        self._each(TARGET_ATTRIBUTES, groups)

    def _firewalls(self) -> None:
        client = self.region.client(LIST_FIREWALLS.service)
        try:
            items = list(_items(client, LIST_FIREWALLS, "Firewalls"))
        except REFUSALS as error:
            why = refusal(LIST_FIREWALLS, error, client)
            if is_aws(client) or _denied(error):
                self.document.pop(FIREWALLS.key)
                self.missing[FIREWALLS.key] = why
            return
        self._each(FIREWALLS, [_told(LIST_FIREWALLS, each, "FirewallArn") for each in items])
        policies = _named(self.document, FIREWALLS.key, "Firewall.FirewallPolicyArn")
        self._each(FIREWALL_POLICIES, set(policies))
        self._each(
            RULE_GROUPS,
            {
                _told(FIREWALL_POLICIES, reference, "ResourceArn")
                for each in self.document.get(FIREWALL_POLICIES.key, ())
                for kind in ("StatelessRuleGroupReferences", "StatefulRuleGroupReferences")
                for reference in each.get("FirewallPolicy", {}).get(kind, ())
            },
        )

    def _beside(self) -> None:
        """What only an audit asks of: an answer that is denied leaves no other in doubt."""
        client = self.region.client
        for call in (FLOW_LOGS, ADDRESSES, TEMPLATES, ALARMS):
            self._take(call, _items(client(call.service), call, call.key))
        for each in self.beside.get(TEMPLATES.key, ()):
            found = _items(
                client(TEMPLATE_VERSIONS.service),
                TEMPLATE_VERSIONS,
                TEMPLATE_VERSIONS.answer,
                LaunchTemplateId=_told(TEMPLATES, each, "LaunchTemplateId"),
                Versions=["$Default", "$Latest"],
            )
            self._take(TEMPLATE_VERSIONS, found)
        for name in _named(self.document, FIREWALLS.key, "Firewall.FirewallArn"):
            of_one = _particulars(client(FIREWALL_LOGGING.service), FIREWALL_LOGGING, name)
            self._take(FIREWALL_LOGGING, of_one)
        for call in (TEMPLATE_VERSIONS, FIREWALL_LOGGING):
            if call.key not in self.not_beside:
                self.beside.setdefault(call.key, [])

    def _names(self, domain: str, topology: str) -> None:
        """The private zones of each VPC, and the records of the one that is asked about."""
        for call in NAME_CALLS:
            self.beside[call.key] = []
        client = self.region.client(PRIVATE_ZONES.service)
        for vpc in _of_topology(self.document["Vpcs"], topology):
            found = _zones_of(client, vpc, str(self.region.client("ec2").meta.region_name))
            self._take(PRIVATE_ZONES, found)
        every = {
            str(zone.get("HostedZoneId")): bare_name(zone.get("Name"))
            for each in self.beside[PRIVATE_ZONES.key]
            for zone in each[PRIVATE_ZONES.answer]
        }
        for zone, name in every.items():
            if domain in (ALL_NAMES, name):
                self._take(ZONE_RECORDS, _particulars(client, ZONE_RECORDS, zone))

    def _take(self, call: Call, found: Iterable[Item]) -> None:
        """An answer that is still to be asked for: it comes as it is looked at."""
        try:
            self.beside.setdefault(call.key, []).extend(list(found))
        except REFUSALS as error:
            self.not_beside[call.key] = refusal(call, error, self.region.client(call.service))


def _of_topology(vpcs: Iterable[Item], topology: str) -> list[str]:
    """The ids of those that were built from it; of all, where none was."""
    tag = {"Key": tags.TOPOLOGY, "Value": topology}
    every = [each for each in vpcs if each.get("VpcId")]
    own = [each for each in every if tag in (each.get("Tags") or ())]
    return [str(each["VpcId"]) for each in own or every]


def bare_name(name: object) -> str:
    """'trading.internal', which Route 53 says with a dot at its end."""
    return str(name or "").rstrip(".").lower()


def _zones_of(client: BaseClient, vpc: str, region: str) -> Iterator[Item]:
    """botocore has no paginator for it.

    (docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html)
    """
    found: list[Item] = []
    more: dict[str, str] = {}
    while True:
        page = getattr(client, _method(PRIVATE_ZONES))(VPCId=vpc, VPCRegion=region, **more)
        if PRIVATE_ZONES.answer not in page:
            raise NotShownError(lacking(PRIVATE_ZONES, PRIVATE_ZONES.answer))
        found += page[PRIVATE_ZONES.answer]
        if not page.get("NextToken"):
            break
        more = {"NextToken": page["NextToken"]}
    yield {PRIVATE_ZONES.ask: vpc, PRIVATE_ZONES.answer: found}


def _items(client: BaseClient, call: Call, key: str, **arguments: Any) -> Iterator[Item]:
    for page in _pages(client, call, **arguments):
        if key not in page:
            raise NotShownError(lacking(call, key))
        for item in page[key]:
            yield without_secrets(item)


def _pages(client: BaseClient, call: Call, **arguments: Any) -> Iterable[Item]:
    method = _method(call)
    if call.page is None or not client.can_paginate(method):
        return [getattr(client, method)(**arguments)]
    size = {"PageSize": call.page}
    pages: Iterable[Item] = client.get_paginator(method).paginate(
        PaginationConfig=size, **arguments
    )
    return pages


def _particulars(client: BaseClient, detail: Detail, name: str, **more: Any) -> Iterator[Item]:
    """The answers about one thing, in the shape that `calls` promises."""
    arguments = {detail.ask: name, **more}
    if detail in (LISTENERS, LISTENER_RULES):
        yield from _items(client, detail, detail.answer, **arguments)
    elif detail.answer:
        yield {
            detail.ask: name,
            detail.answer: list(_items(client, detail, detail.answer, **arguments)),
        }
    else:
        answer = getattr(client, _method(detail))(**arguments)
        answer.pop("ResponseMetadata", None)
        yield {detail.ask: name, **without_secrets(answer)}


def _method(call: Call) -> str:
    """'describe_vpcs', as boto3 names it."""
    return call.command.replace("-", "_")


def without_secrets(value: Any) -> Any:
    """The value less pre-shared keys, and the device configuration that repeats them."""
    if isinstance(value, dict):
        return {key: without_secrets(each) for key, each in value.items() if key not in SECRETS}
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    return value


def _named(document: Mapping[str, Any], key: str, name: str) -> list[str]:
    """What each thing of an answer says at `name`, which may be a path. Raises ObserveError."""
    return [_told(KEYS[key], each, name) for each in document.get(key, ())]


def _told(call: Call, item: Mapping[str, Any], name: str) -> str:
    value: Any = item
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    if not value:
        raise ObserveError(lacking(call, f"{call.key}.{name}"))
    return str(value)


def lacking(call: Call, field: str) -> str:
    """What is said where an answer does not show what AWS documents that it shows."""
    return f"{call.operation} does not show {field}"


def _has_balancers(document: Mapping[str, Any]) -> bool:
    return any(
        each.get("InterfaceType", "").endswith("load_balancer")
        or each.get("Description", "").startswith("ELB ")
        for each in document["NetworkInterfaces"]
    )


def _has_endpoints(document: Mapping[str, Any]) -> bool:
    """Whether a route leads to an endpoint that is no gateway endpoint: a firewall's, perhaps."""
    plain = {
        each.get("VpcEndpointId")
        for each in document.get("VpcEndpoints", ())
        if each.get("VpcEndpointType") == "Gateway"
    }
    targets = {
        route.get("GatewayId", "")
        for table in document["RouteTables"]
        for route in table.get("Routes", ())
    }
    return any(each.startswith("vpce-") for each in targets - plain)


def _named_prefix_lists(document: Mapping[str, Any]) -> set[str]:
    """Every prefix list that a rule or a route refers to."""
    rules = {each.get("PrefixListId") for each in document.get("SecurityGroupRules", ())}
    folded = {
        each.get("PrefixListId")
        for group in document["SecurityGroups"]
        for key in ("IpPermissions", "IpPermissionsEgress")
        for permission in group.get(key, ())
        for each in permission.get("PrefixListIds", ())
    }
    tables = (*document["RouteTables"], *document.get(TRANSIT_ROUTES.key, ()))
    routes = {
        route.get("DestinationPrefixListId") or route.get("PrefixListId")
        for table in tables
        for route in table.get("Routes", ())
    }
    return (rules | folded | routes) - {None}


def _denied(error: Exception) -> bool:
    return isinstance(error, ClientError) and _code(error) in _DENIED


def refusal(call: Call, error: Exception, client: BaseClient) -> str:
    """Why an answer may be done without. Raises ObserveError where it may not."""
    if isinstance(error, NotShownError):
        why = str(error)
    elif isinstance(error, ResponseParserError):
        if is_aws(client) or not _is_page(error):
            raise ObserveError(
                f"{call.operation} got an answer that is not AWS's, or only half of one; try again"
            )
        why = f"the endpoint does not implement {call.operation} ({call.permission})"
    elif not isinstance(error, ClientError):
        raise error
    elif _code(error) in _BAD_CREDENTIALS:
        raise ObserveError(
            f"AWS does not accept the credentials ({_code(error)}); renew them or set AWS_PROFILE"
        )
    elif _denied(error):
        why = f"{call.permission} is denied"
    elif _code(error) in _UNKNOWN or (
        _code(error) == "500" and _is_page(error) and not is_aws(client)
    ):
        why = f"the endpoint does not implement {call.operation} ({call.permission})"
    else:
        raise ObserveError(f"{call.operation} failed: {_code(error)}: {line(error)}")
    if call.core:
        raise DeniedError(
            f"{why}, and nothing can be judged without it; "
            "grant the read-only policy of docs/observe.md"
        )
    return why


def _is_page(error: Exception) -> bool:
    """Whether a web page came: so an emulator says that it does not know a call, and moto does.

    An answer that was cut off is none: nothing can be said of what it was about.
    """
    return bool(re.search("<!doctype html|<html", str(error), re.IGNORECASE))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def line(error: Exception) -> str:
    """What an error says, in one line."""
    return " ".join(str(error).split())[:300]
