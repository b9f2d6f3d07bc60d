"""Managed prefix lists: versions, how many entries, and what may be deleted."""

from __future__ import annotations

from typing import Any

from local_aws.strict.rules import Request, Result, amends, invalid, refusal, refuses
from local_aws.strict.values import canonical, network

STATES_OF_A_DELETED_LIST = ("delete-complete",)


def list_of(request: Request) -> Any:
    name = request.params["PrefixListId"]
    held = request.cloud.managed_prefix_lists.get(name)
    if held is None or held.state in STATES_OF_A_DELETED_LIST:
        raise refusal("InvalidPrefixListID.NotFound", f"The prefix list '{name}' does not exist")
    return held


def own_list(request: Request) -> Any:
    held = list_of(request)
    if held.owner_id == "AWS":
        raise refusal(
            "InvalidPrefixListId.NotOwned", f"The prefix list '{held.id}' is managed by AWS."
        )
    return held


def check_entries(entries: list[dict[str, Any]], family: str) -> None:
    for entry in entries:
        entry["Cidr"] = canonical(entry["Cidr"])
        if f"IPv{network(entry['Cidr']).version}" != family:
            raise invalid(f"The CIDR {entry['Cidr']} is not of the list's family, {family}.")
    if len({entry["Cidr"] for entry in entries}) < len(entries):
        raise refusal("InvalidParameterValue", "The same CIDR is given twice.")


@refuses("CreateManagedPrefixList")
def a_list_holds_its_entries(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html"""
    params = request.params
    if params.get("AddressFamily") not in ("IPv4", "IPv6"):
        raise invalid(f"Invalid value '{params.get('AddressFamily')}' for addressFamily.")
    if str(params.get("PrefixListName")).startswith("com.amazonaws"):
        raise invalid("The name cannot start with com.amazonaws.")
    most = int(params.get("MaxEntries") or 0)
    if not 1 <= most <= 1000:
        raise invalid(f"Invalid value '{most}' for maxEntries. Between 1 and 1000.")
    entries = params.get("Entries") or []
    check_entries(entries, params["AddressFamily"])
    params["MaxEntries"] = most
    if len(entries) > most:
        raise refusal(
            "PrefixListMaxEntriesExceeded", f"You've reached the maximum of {most} entries."
        )


@refuses("ModifyManagedPrefixList")
def a_change_names_the_version_that_it_changes(request: Request) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedPrefixList.html"""
    params = request.params
    held = own_list(request)
    added, removed = params.get("AddEntries") or [], params.get("RemoveEntries") or []
    params["PrefixListName"] = params.get("PrefixListName") or held.prefix_list_name
    check_entries(added, held.address_family)
    entries = {entry["Cidr"]: entry for entry in held.entries.get(held.version) or []}
    if added or removed:
        if params.get("CurrentVersion") is None:
            raise refusal("MissingParameter", "The request must contain the current version.")
        if int(params["CurrentVersion"]) != held.version:
            raise refusal(
                "PrefixListVersionMismatch",
                f"The current version of {held.id} is {held.version}, not"
                f" {params['CurrentVersion']}.",
            )
        if params.get("MaxEntries") is not None:
            raise refusal(
                "InvalidParameterCombination",
                "The size of a list and its entries cannot be changed in one request.",
            )
    for entry in removed:
        entry["Cidr"] = canonical(entry["Cidr"])
        if entry["Cidr"] not in entries:
            raise invalid(f"The entry {entry['Cidr']} is not in {held.id}.")
    kept = entries.keys() - {entry["Cidr"] for entry in removed}
    most = int(params.get("MaxEntries") or held.max_entries)
    if len(kept | {entry["Cidr"] for entry in added}) > most:
        raise refusal(
            "PrefixListMaxEntriesExceeded", f"You've reached the maximum of {most} entries."
        )
    # An entry that is added again has its new description; moto keeps both.
    again = [entry["Cidr"] for entry in added if entry["Cidr"] in kept]
    params["RemoveEntries"] = [*removed, *({"Cidr": cidr} for cidr in again)]
    if not held.entries:
        held.entries[held.version] = []
    if params.get("MaxEntries") is not None:
        held.max_entries = most


@refuses("DeleteManagedPrefixList")
def a_list_in_use_stays(request: Request) -> None:
    """ "You must first remove all references to the prefix list in your resources":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteManagedPrefixList.html"""
    held, cloud = own_list(request), request.cloud
    routes = [route for table in cloud.route_tables.values() for route in table.routes]
    rules = [
        rule
        for groups in cloud.groups.values()
        for group in groups.values()
        for rule in (*group.ingress_rules, *group.egress_rules)
    ]
    in_routes = any(
        route.destination_prefix_list is not None and route.destination_prefix_list.id == held.id
        for route in routes
    )
    if in_routes or any(rule.prefix_list_id == held.id for rule in rules):
        raise refusal("DependencyViolation", f"The prefix list '{held.id}' is in use.")


@amends("DeleteManagedPrefixList")
def a_deleted_list_is_gone(request: Request, result: Result) -> None:
    """moto shows it once more."""
    request.cloud.managed_prefix_lists.pop(request.params["PrefixListId"], None)
    request.cloud.tags.pop(request.params["PrefixListId"], None)


@refuses("GetManagedPrefixListEntries")
def a_list_that_is_read_is_there(request: Request) -> None:
    list_of(request)


@refuses("DescribeManagedPrefixLists")
def lists_that_are_asked_for_are_there(request: Request) -> None:
    for name in request.params.get("PrefixListIds") or []:
        if name not in request.cloud.managed_prefix_lists:
            raise refusal(
                "InvalidPrefixListID.NotFound", f"The prefix list '{name}' does not exist"
            )


@amends("DescribePrefixLists")
def a_service_shows_its_blocks(request: Request, result: Result) -> None:
    for held in result["PrefixLists"]:
        held.cidrs = [entry["Cidr"] for entry in held.entries.get(1) or []]
