"""Service Quotas: what an account may have of VPC and EC2, and that are AWS's defaults here.

moto has some of them as they once were, of VPC alone, and no list of them. Nothing is raised here:
what the strict layer enforces are these.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Final

from moto.core.exceptions import JsonRESTError
from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS
from moto.servicequotas.responses import ServiceQuotasResponse

_OF_VPC: Final[Any] = VPC_DEFAULT_QUOTAS
_SERVICES: Final = {
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
}
_OF_EC2: Final = (
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
    ("L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),
    # https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html
    ("L-B91E5754", "VPN connections per VGW", 10.0),
)
_SINCE: Final = {"L-93826ACB": 500.0}
"""Routes of a table: 500, and moto has the 50 of before June 2025
(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
_PAGE: Final = 100
_SERVICE_CODE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{1,63}")
_QUOTA_CODE: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{1,128}")


class NoSuchResourceError(JsonRESTError):
    code = 400

    def __init__(self, what: str) -> None:
        super().__init__("NoSuchResourceException", f"The request failed because {what}")


class IllegalArgumentError(JsonRESTError):
    code = 400

    def __init__(self, what: str) -> None:
        super().__init__("IllegalArgumentException", what)


def quotas_of(service: str, region: str, account: str) -> list[dict[str, Any]]:
    """What is applied to the account, in the shape of AWS's answers."""
    found: list[tuple[str, str, float]] = [
        (each["QuotaCode"], each["QuotaName"], _SINCE.get(each["QuotaCode"], each["Value"]))
        for each in (_OF_VPC if service == "vpc" else ())
    ]
    found += _OF_EC2 if service == "ec2" else ()
    adjustable = {each["QuotaCode"]: each["Adjustable"] for each in _OF_VPC}
    return [
        {
            "ServiceCode": service,
            "ServiceName": _SERVICES[service],
            "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{service}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": adjustable.get(code, True),
            "GlobalQuota": False,
        }
        for code, name, value in sorted(found)
    ]


def get(response: Any) -> str:
    """https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html"""
    said = _said(response, "ServiceCode", "QuotaCode")
    for each in _asked(response, said):
        if each["QuotaCode"] == said["QuotaCode"]:
            return json.dumps({"Quota": each})
    raise NoSuchResourceError(f"{said['QuotaCode']} is no quota of {said['ServiceCode']} here.")


def defaults(response: Any) -> str:
    """https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListAWSDefaultServiceQuotas.html"""
    return _page(response, of_account=False)


def listed(response: Any) -> str:
    """https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html"""
    return _page(response, of_account=True)


def _page(response: Any, *, of_account: bool) -> str:
    said = _said(response, "ServiceCode")
    size = said.get("MaxResults", _PAGE)
    if not isinstance(size, int) or not 1 <= size <= _PAGE:
        raise IllegalArgumentError(f"MaxResults is from 1 to {_PAGE}.")
    every = _asked(response, said, of_account=of_account)
    start = _start(said.get("NextToken"))
    page: dict[str, Any] = {"Quotas": every[start : start + size]}
    if start + size < len(every):
        page["NextToken"] = base64.urlsafe_b64encode(f"from {start + size}".encode()).decode()
    return json.dumps(page)


def _asked(response: Any, said: dict[str, Any], *, of_account: bool = True) -> list[dict[str, Any]]:
    service = said["ServiceCode"]
    if service not in _SERVICES:
        raise NoSuchResourceError(f"the local AWS has no quotas of {service}.")
    return quotas_of(service, response.region, response.current_account if of_account else "")


def _said(response: Any, *required: str) -> dict[str, Any]:
    """The parameters; a code that is lacking or cannot be one is refused."""
    said: dict[str, Any] = json.loads(response.body or "{}")
    for name in required:
        pattern = _SERVICE_CODE if name == "ServiceCode" else _QUOTA_CODE
        if not pattern.fullmatch(str(said.get(name, ""))):
            raise IllegalArgumentError(f"Invalid {name}.")
    return said


def _start(token: Any) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(str(token)).removeprefix(b"from "))
    except ValueError:
        error = JsonRESTError("InvalidPaginationTokenException", "Invalid token was provided.")
        error.code = 400
        raise error from None


MENDED: Final = (
    (ServiceQuotasResponse, "get_service_quota", get),
    (ServiceQuotasResponse, "list_service_quotas", listed),
    (ServiceQuotasResponse, "list_aws_default_service_quotas", defaults),
)
