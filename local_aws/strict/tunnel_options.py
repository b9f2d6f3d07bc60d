"""The options of a VPN tunnel: what AWS takes, what it fills in, what it refuses.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnTunnelOptionsSpecification.html
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import string
from typing import Any

from local_aws.strict.rules import invalid

Options = dict[str, Any]

PRE_SHARED_KEY = re.compile(r"[A-Za-z0-9._]{8,64}")
LINK_LOCAL = ipaddress.IPv4Network("169.254.0.0/16")
RESERVED_INSIDE = frozenset(
    ipaddress.IPv4Network(block)
    for block in (
        *(f"169.254.{third}.0/30" for third in range(6)),
        "169.254.169.252/30",
    )
)

ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
PHASE1_GROUPS = (2, *range(14, 25))
PHASE2_GROUPS = (2, 5, *range(14, 25))
CHOICES: dict[str, tuple[Any, ...]] = {
    "Phase1EncryptionAlgorithms": ENCRYPTION,
    "Phase2EncryptionAlgorithms": ENCRYPTION,
    "Phase1IntegrityAlgorithms": INTEGRITY,
    "Phase2IntegrityAlgorithms": INTEGRITY,
    "Phase1DHGroupNumbers": PHASE1_GROUPS,
    "Phase2DHGroupNumbers": PHASE2_GROUPS,
    "IKEVersions": ("ikev1", "ikev2"),
}
RANGES = {
    "Phase1LifetimeSeconds": (900, 28800),
    "Phase2LifetimeSeconds": (900, 3600),
    "RekeyFuzzPercentage": (0, 100),
    "ReplayWindowSize": (64, 2048),
    "DPDTimeoutSeconds": (30, 2**31 - 1),
}
DEFAULTS: Options = {
    "Phase1LifetimeSeconds": 28800,
    "Phase2LifetimeSeconds": 3600,
    "RekeyMarginTimeSeconds": 270,
    "RekeyFuzzPercentage": 100,
    "ReplayWindowSize": 1024,
    "DPDTimeoutSeconds": 30,
    "DPDTimeoutAction": "clear",
    "StartupAction": "add",
    "EnableTunnelLifecycleControl": False,
    "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": False, "BgpLogEnabled": False}},
}
LOG_FORMATS = ("json", "text")
# The answer spells these three otherwise than the request.
ANSWER_NAMES = {
    "DPDTimeoutSeconds": "DpdTimeoutSeconds",
    "DPDTimeoutAction": "DpdTimeoutAction",
    "IKEVersions": "IkeVersions",
}


def check_tunnel_options(options: Options) -> None:
    for name, (low, high) in RANGES.items():
        value = options.get(name)
        if value is not None and not low <= value <= high:
            raise invalid(f"Invalid value {value} for {name}: must be from {low} to {high}")
    check_rekey_margin(options)
    for name, allowed in CHOICES.items():
        for entry in options.get(name, []):
            if entry.get("Value") not in allowed:
                raise invalid(f"Invalid value {entry.get('Value')} for {name}: one of {allowed}")
    for name, words in (
        ("DPDTimeoutAction", ("clear", "none", "restart")),
        ("StartupAction", ("add", "start")),
    ):
        if options.get(name) is not None and options[name] not in words:
            raise invalid(f"Invalid value {options[name]} for {name}: one of {words}")
    check_logs((options.get("LogOptions") or {}).get("CloudWatchLogOptions") or {})
    if options.get("PreSharedKey") is not None:
        check_pre_shared_key(options["PreSharedKey"])
    if options.get("TunnelInsideCidr"):
        check_inside_cidr(options["TunnelInsideCidr"])


def check_logs(logs: Options) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CloudWatchLogOptionsSpecification.html"""
    for which in ("", "Bgp"):
        shape = logs.get(f"{which}LogOutputFormat")
        if shape is not None and shape not in LOG_FORMATS:
            raise invalid(f"Invalid value {shape} for {which}LogOutputFormat: one of {LOG_FORMATS}")
        if logs.get(f"{which}LogEnabled") and not logs.get(f"{which}LogGroupArn"):
            raise invalid(f"{which}LogGroupArn must be given where {which}LogEnabled is true")


def check_rekey_margin(options: Options) -> None:
    margin = options.get("RekeyMarginTimeSeconds")
    half = int(options.get("Phase2LifetimeSeconds") or DEFAULTS["Phase2LifetimeSeconds"]) // 2
    if margin is not None and not 60 <= margin <= half:
        raise invalid(f"Invalid value {margin} for RekeyMarginTimeSeconds: must be 60 to {half}")


def check_pre_shared_key(key: str) -> None:
    """The key itself is in no message: messages end up in logs."""
    if not PRE_SHARED_KEY.fullmatch(key):
        raise invalid(
            "The pre-shared key must have 8 to 64 characters of a-z, A-Z, 0-9, '.' and '_'"
        )
    if key.startswith("0"):
        raise invalid("The pre-shared key may not start with zero (0)")


def check_inside_cidr(text: str) -> ipaddress.IPv4Network:
    try:
        block = ipaddress.IPv4Network(text)
    except ValueError:
        raise invalid(f"The tunnel inside cidr {text} is malformed") from None
    if block.prefixlen != 30 or not block.subnet_of(LINK_LOCAL):
        raise invalid(f"The tunnel inside cidr {text} must be a /30 of 169.254.0.0/16")
    if block in RESERVED_INSIDE:
        raise invalid(f"The tunnel inside cidr {text} is reserved")
    return block


def free_inside_cidr(taken: set[str]) -> str:
    for block in LINK_LOCAL.subnets(new_prefix=30):
        if block not in RESERVED_INSIDE and str(block) not in taken:
            return str(block)
    raise invalid("No tunnel inside cidr is free")


def new_pre_shared_key() -> str:
    alphabet = string.ascii_letters + string.digits + "._"
    return secrets.choice(string.ascii_letters) + "".join(
        secrets.choice(alphabet) for _ in range(31)
    )
