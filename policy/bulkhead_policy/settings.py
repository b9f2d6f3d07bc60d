"""What a user may set of a policy, as a JSON schema, and what was set, as a check takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bulkhead.audit import Check
from bulkhead.audit.check import Setting
from bulkhead.audit.checks.listed import listing, port_range


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
            ports = bool(default) and isinstance(default[0], int)
            items = {"type": "integer"} if ports else {"type": ["string", "integer"]}
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
            found = _whole(key, value)
            if found < 1 or (key == "percent" and found > 100):
                most = " to 100" if key == "percent" else ""
                raise SettingError(f"{key} is a whole number from 1{most}, not {found}")
            return found
        case str():
            if isinstance(value, str):
                return value
            raise SettingError(f"{key} is a text, not {value!r}")
    if not isinstance(value, list):
        raise SettingError(f"{key} is a list, not {value!r}")
    if default and isinstance(default[0], int):
        return tuple(_port(key, each) for each in value)
    texts = tuple(_text(each) for each in value)
    for each in texts:
        try:
            _FORMS.get(key, str)(each)
        except ValueError as error:
            raise SettingError(f"{key}: {error}") from None
    return texts


_FORMS: Mapping[str, Callable[[str], object]] = {"ports": port_range, "listed": listing}
"""How the texts of a list are read, by what it is called."""


def _text(value: Any) -> str:
    """JSON knows one kind of number: 5556.0 is the port 5556."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _whole(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise SettingError(f"{key} is a whole number, not {value!r}")
    return int(value)


def _port(key: str, value: Any) -> int:
    found = _whole(key, value)
    if not 0 <= found <= 65_535:
        raise SettingError(f"{key} holds {found}, and ports go from 0 to 65535")
    return found
