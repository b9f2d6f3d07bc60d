"""The EC2 endpoint: moto's, with the rules of this package around every call."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2 import urls
from moto.ec2.models.route_tables import Route
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.models.vpn_connections import VPNConnection
from moto.ec2.responses import EC2Response

from local_aws.strict import (  # noqa: F401 - importing a module registers its rules
    addresses,
    autoscaling,
    balancers,
    blocks,
    client_tokens,
    default_vpc,
    dhcp_options,
    ecs,
    eks,
    encryption_controls,
    encryption_enforced,
    endpoints,
    flow_logs,
    functions,
    gateways,
    images,
    instances,
    ipv6_addresses,
    launch_templates,
    listeners,
    managed_interfaces,
    managed_policies,
    nat_gateways,
    network_acls,
    networks,
    peerings,
    prefix_lists,
    propagation,
    public_access,
    security_groups,
    service_quotas,
    tags,
    vpn_connections,
)
from local_aws.strict.rules import (
    AMENDMENTS,
    EVERY,
    ONE_CALL_AT_A_TIME,
    OPERATIONS,
    REFUSALS,
    Request,
    invalid,
    refusal,
)
from local_aws.strict.transit import every  # noqa: F401 - likewise

PAGED = (
    "DescribeInternetGateways",
    "DescribeNetworkAcls",
    "DescribeNetworkInterfaces",
    "DescribeRouteTables",
    "DescribeSecurityGroupRules",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)


class StrictEC2(EC2Response):
    """One request: refused, or answered by us or by moto, and amended."""

    def call_action(self) -> Any:
        operation = self._get_action()
        with ONE_CALL_AT_A_TIME:
            try:
                answer = self.answer(operation)
            except ServiceException as error:
                answer = ActionResult(error)
            status, headers, body = self.serialized(answer)
        headers["status"] = str(status)
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    def answer(self, operation: str) -> ActionResult:
        params: dict[str, Any] = self.params
        if params.get("DryRun"):
            # It asks for permissions only, and changes nothing.
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
            raise refusal(
                "DryRunOperation", "Request would have succeeded, but DryRun flag is set."
            )
        request = Request(operation, params, self.ec2_backend)
        return client_tokens.once(request, lambda: self.done(request))

    def done(self, request: Request) -> ActionResult:
        operation, params = request.operation, request.params
        for rule in (*REFUSALS[EVERY], *REFUSALS.get(operation, ())):
            rule(request)
        answer = self.by_us(request) if operation in OPERATIONS else self.by_moto(operation)
        if isinstance(answer.result, dict):
            for amendment in AMENDMENTS.get(operation, ()):
                amendment(request, answer.result)
            if operation in PAGED and params.get("MaxResults") is not None:
                cut_page(params, answer.result)
        else:
            for amendment in AMENDMENTS.get(operation, ()):
                amendment(request, {})
        return answer

    def by_us(self, request: Request) -> ActionResult:
        return ActionResult(OPERATIONS[request.operation](request))

    def by_moto(self, operation: str) -> ActionResult:
        method = getattr(self, camelcase_to_underscores(operation), None)
        try:
            if method is None:
                raise NotImplementedError
            answer = method()
        except NotImplementedError:
            raise refusal(
                "UnsupportedOperation", f"The local AWS has no {operation}; the real one may."
            ) from None
        if not isinstance(answer, ActionResult):
            raise refusal("UnsupportedOperation", f"The local AWS cannot answer {operation}.")
        return answer


def cut_page(params: dict[str, Any], result: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination"""
    size = params["MaxResults"]
    if not 5 <= size <= 1000:
        raise invalid(f"Value ( {size} ) for parameter maxResults is invalid. Expecting 5 to 1000.")
    key = next(name for name, value in result.items() if isinstance(value, list))
    start = 0
    if params.get("NextToken"):
        try:
            start = int(base64.urlsafe_b64decode(params["NextToken"]).removeprefix(b"from "))
        except ValueError:
            raise refusal("InvalidNextToken", "The token is not valid") from None
    everything = result[key]
    result[key] = everything[start : start + size]
    if start + size < len(everything):
        result["NextToken"] = base64.urlsafe_b64encode(f"from {start + size}".encode()).decode()


@contextlib.contextmanager
def strict() -> Iterator[None]:
    """The strict endpoint in moto's place, in this process, while the block runs."""
    changed: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        changed.append((owner, name, owner.__dict__.get(name, MISSING)))
        setattr(owner, name, value)

    mend_rules(put)
    mend_default_group(put)
    put(
        VPNConnection,
        "customer_gateway_configuration",
        property(vpn_connections.device_configuration),
    )
    put(Route, "state", property(networks.route_state))
    for owner, name, value in (
        *blocks.MENDED,
        *default_vpc.MENDED,
        *dhcp_options.MENDED,
        *autoscaling.MENDED,
        *balancers.MENDED,
        *ecs.MENDED,
        *eks.MENDED,
        *functions.MENDED,
        *listeners.MENDED,
        *managed_policies.MENDED,
        *propagation.MENDED,
        *service_quotas.MENDED,
    ):
        put(owner, name, value)
    put(urls, "url_paths", {"{0}/": StrictEC2.dispatch})
    try:
        yield
    finally:
        for owner, name, value in reversed(changed):
            if value is MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


MISSING = object()
Put = Callable[[Any, str, Any], None]


def mend_rules(put: Put) -> None:
    """A rule keeps the description of a group reference, has an ARN, and is compared without it."""

    def description(rule: Any) -> str | None:
        said: str | None = rule.ip_range.get("Description") or rule.source_group.get("Description")
        return said

    def arn(rule: Any) -> str:
        cloud = rule.ec2_backend
        return f"arn:aws:ec2:{cloud.region_name}:{cloud.account_id}:security-group-rule/{rule.id}"

    def content(rule: Any) -> tuple[Any, ...]:
        ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
        return (
            rule.ip_protocol,
            ports,
            rule.ip_range.get("CidrIp"),
            rule.ip_range.get("CidrIpv6"),
            rule.source_group.get("GroupId"),
            rule.prefix_list_id,
        )

    put(SecurityGroupRule, "description", property(description))
    put(SecurityGroupRule, "security_group_rule_arn", property(arn))
    put(SecurityGroupRule, "group_owner_id", property(lambda rule: rule.ec2_backend.account_id))
    put(SecurityGroupRule, "__eq__", lambda rule, other: content(rule) == content(other))


def mend_default_group(put: Put) -> None:
    """The default group lets its own members in.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    create = VPCBackend.create_vpc

    def create_vpc(cloud: Any, *arguments: Any, **named: Any) -> Any:
        vpc = create(cloud, *arguments, **named)
        group = cloud.get_default_security_group(vpc.id)
        if group is not None and not group.ingress_rules:
            cloud.authorize_security_group_ingress(
                group.id, "-1", None, None, [], source_groups=[{"GroupId": group.id}]
            )
        return vpc

    put(VPCBackend, "create_vpc", create_vpc)
