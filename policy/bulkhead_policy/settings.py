"""What a user may set of a policy, as a JSON schema, and what was set, as a check takes it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from bulkhead.audit import Check
from bulkhead.audit.check import Setting


class SettingError(ValueError):
    """What was set is of no use: one sentence."""


def schema(check: Check) -> dict[str, Any]:
    """Of each setting, as JSON schema writes it; the engine refuses what does not fit."""
    return {key: _property(value) for key, value in check.config.items()}


def _property(default: Setting) -> dict[str, Any]:
    match default:
        case bool():
            return {"type": "boolean", "default": default}
        case int():
            return {"type": "integer", "default": default}
        case str():
            return {"type": "string", "default": default}
        case _:
            kind = "string" if any(isinstance(each, str) for each in default) else "integer"
            items = {"type": ["integer", "string"]} if not default else {"type": kind}
            return {"type": "array", "items": items, "default": list(default)}


def settings(check: Check, told: Mapping[str, Any]) -> dict[str, Setting]:
    """What was set, of each setting that the check has. Raises SettingError."""
    if unknown := told.keys() - check.config.keys():
        known = ", ".join(sorted(check.config)) or "it has none"
        raise SettingError(f"no setting is called {', '.join(sorted(unknown))}; known: {known}")
    return {key: _read(key, check.config[key], value) for key, value in told.items()}


def _read(key: str, default: Setting, value: Any) -> Setting:
    match default:
        case bool():
            if isinstance(value, bool):
                return value
            raise SettingError(f"{key} is true or false, not {value!r}")
        case int():
            return _whole(key, value)
        case str():
            if isinstance(value, str):
                return value
            raise SettingError(f"{key} is a text, not {value!r}")
    if not isinstance(value, list):
        raise SettingError(f"{key} is a list, not {value!r}")
    if key.endswith("ports"):
        return tuple(_port(key, each) for each in value)
    texts = tuple(str(each) for each in value)
    if key.endswith("cidrs"):
        for each in texts:
            _cidr(key, each)
    return texts


def _whole(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise SettingError(f"{key} is a whole number, not {value!r}")
    return int(value)


def _port(key: str, value: Any) -> int:
    found = _whole(key, value)
    if not 0 <= found <= 65_535:
        raise SettingError(f"{key} holds {found}, and ports go from 0 to 65535")
    return found


def _cidr(key: str, text: str) -> None:
    try:
        ip_network(text, strict=False)
    except ValueError:
        raise SettingError(f"{key} holds {text!r}, which is no CIDR") from None
