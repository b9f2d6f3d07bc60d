"""Filters of what transit gateways show: a name, a path in what is shown, and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from local_aws.strict.rules import Request, refusal
from local_aws.strict.transit.things import Shown

Named = Mapping[str, str]


def chosen(
    request: Request, ids: str, key: str, names: Named, missing: Callable[[str], object]
) -> Callable[[list[Shown]], list[Shown]]:
    """Those that a describe call asks for by id and by filter.

    `missing` raises what AWS answers of an id that is not there. Of several filters all have to
    match, of several values one:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
    """
    wanted = request.params.get(ids) or []

    def those(shown: list[Shown]) -> list[Shown]:
        known = {each[key] for each in shown}
        for name in wanted:
            if name not in known:
                missing(name)
        found = [each for each in shown if not wanted or each[key] in wanted]
        return matching(request, found, names)

    return those


def matching(request: Request, shown: list[Shown], names: Named) -> list[Shown]:
    for each in request.params.get("Filters") or []:
        name, values = each["Name"], each.get("Values") or []
        if name not in names and not name.startswith(("tag:", "tag-key")):
            raise refusal("InvalidParameterValue", f"The filter '{name}' is invalid")
        shown = [
            item
            for item in shown
            if any(fnmatchcase(held, want) for held in said(item, name, names) for want in values)
        ]
    return shown


def said(item: Shown, name: str, names: Named) -> list[str]:
    if name.startswith("tag"):
        tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags") or []}
        return list(tags) if name == "tag-key" else [tags[name[4:]]] if name[4:] in tags else []
    value: Any = item
    for step in names[name].split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return [str(value).lower()]
    return [] if value is None else [str(value)]
