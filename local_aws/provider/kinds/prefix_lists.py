"""aws.ec2.ManagedPrefixList, and its entries that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, deleted_by, tag_list, tags_of
from local_aws.provider.waiting import settled
from local_aws.wire import Properties

MODIFYING = ("create-in-progress", "modify-in-progress", "restore-in-progress")
TURNS = 10  # that an entry waits for others of the same list, made at the same time


def entries_alike(entries: Any) -> Any:
    if not isinstance(entries, list):
        return entries
    pairs = [(str(each.get("cidr")), str(each.get("description") or "")) for each in entries]
    return sorted(pairs)


LIST = (
    Property("addressFamily", required=True, replaces=True),
    Property("entries", computed=True, canonical=entries_alike),
    Property("maxEntries", required=True),
    Property("name"),
)


def find_list(aws: Aws, name: str) -> Answer | None:
    return aws.one("describe_managed_prefix_lists", "PrefixLists", PrefixListIds=[name])


def entries_of(aws: Aws, name: str) -> list[dict[str, Any]]:
    shown = aws.listed("get_managed_prefix_list_entries", "Entries", PrefixListId=name)
    return [{"cidr": each["Cidr"], "description": each.get("Description") or ""} for each in shown]


def sent_entries(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"Cidr": each["cidr"], "Description": each.get("description") or ""} for each in entries
    ]


def create_list(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    arguments: dict[str, Any] = {}
    if tags:
        arguments["TagSpecifications"] = [{"ResourceType": "prefix-list", "Tags": tag_list(tags)}]
    answer = aws.call(
        "create_managed_prefix_list",
        PrefixListName=inputs["name"],
        AddressFamily=inputs["addressFamily"],
        MaxEntries=inputs["maxEntries"],
        Entries=sent_entries(inputs.get("entries") or []) or None,
        **arguments,
    )
    name = str(answer["PrefixList"]["PrefixListId"])
    await_list(aws, name)
    return name


def await_list(aws: Aws, name: str) -> None:
    settled(lambda: find_list(aws, name), f"the change of {name}", MODIFYING)


def read_list(aws: Aws, name: str, state: State) -> State | None:
    shown = find_list(aws, name)
    if shown is None:
        return None
    return {
        "addressFamily": shown["AddressFamily"],
        "entries": entries_of(aws, name),
        "maxEntries": shown.get("MaxEntries"),
        "name": shown["PrefixListName"],
        "arn": shown.get("PrefixListArn"),
        "ownerId": shown.get("OwnerId"),
        "version": shown.get("Version"),
        "tags": tags_of(shown),
    }


def modify(aws: Aws, name: str, **change: Any) -> None:
    """A change of the entries names the version that it changes, which others may have changed."""
    for turn in range(TURNS):
        shown = find_list(aws, name)
        if shown is None:
            raise Refused("InvalidPrefixListID.NotFound", f"there is no prefix list {name}")
        version = shown["Version"] if "AddEntries" in change or "RemoveEntries" in change else None
        try:
            aws.call(
                "modify_managed_prefix_list", PrefixListId=name, CurrentVersion=version, **change
            )
        except Refused as refused:
            others = refused.code in ("PrefixListVersionMismatch", "IncorrectState")
            if not others or turn == TURNS - 1:
                raise
        else:
            break
        await_list(aws, name)
    await_list(aws, name)


def change_list(aws: Aws, name: str, old: State, new: Properties) -> None:
    """Room is made before what needs it, and given up after what used it."""
    most, before = int(new["maxEntries"]), int(old.get("maxEntries") or 0)
    if most > before:
        modify(aws, name, MaxEntries=most)
    if new.get("entries") is not None:
        held = dict(entries_alike(entries_of(aws, name)))
        wanted = dict(entries_alike(new["entries"]))
        added = [
            {"Cidr": cidr, "Description": text}
            for cidr, text in wanted.items()
            if held.get(cidr) != text
        ]
        removed = [{"Cidr": cidr} for cidr in held if cidr not in wanted]
        change = {
            key: value
            for key, value in (("AddEntries", added), ("RemoveEntries", removed))
            if value
        }
        if change:
            modify(aws, name, **change)
    if most < before:
        modify(aws, name, MaxEntries=most)
    if new.get("name") not in (None, old.get("name")):
        modify(aws, name, PrefixListName=new["name"])


ENTRY = (
    Property("cidr", required=True, replaces=True),
    Property("description", replaces=True, default=""),
    Property("prefixListId", required=True, replaces=True),
)


def create_entry(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    name, cidr = str(inputs["prefixListId"]), str(inputs["cidr"])
    if any(each["cidr"] == cidr for each in entries_of(aws, name)):
        raise Refused("", f"{name} has an entry {cidr} already")
    modify(aws, name, AddEntries=sent_entries([inputs]))
    return entry_id(inputs)


def entry_id(inputs: Properties) -> str:
    return f"{inputs['prefixListId']},{inputs['cidr']}"


def read_entry(aws: Aws, name: str, state: State) -> State | None:
    list_id, _, cidr = name.partition(",")
    if not cidr:
        raise Refused("", "import an entry by <prefix list>,<cidr>")
    if find_list(aws, list_id) is None:
        return None
    found = next((each for each in entries_of(aws, list_id) if each["cidr"] == cidr), None)
    return None if found is None else {**found, "prefixListId": list_id}


def delete_entry(aws: Aws, name: str, state: State) -> None:
    list_id, _, cidr = name.partition(",")
    if read_entry(aws, name, state) is not None:
        modify(aws, list_id, RemoveEntries=[{"Cidr": cidr}])


KINDS = (
    Kind(
        token="aws:ec2/managedPrefixList:ManagedPrefixList",
        properties=LIST,
        outputs=("arn", "ownerId", "version"),
        create=create_list,
        once=True,
        read=read_list,
        update=change_list,
        delete=deleted_by("delete_managed_prefix_list", "PrefixListId"),
        autonamed="name",
        unsettled={"entries": ("version",), "name": ("version",)},
    ),
    Kind(
        token="aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",
        properties=ENTRY,
        outputs=(),
        create=create_entry,
        read=read_entry,
        delete=delete_entry,
        find=lambda aws, inputs: entry_id(inputs),
        taggable=False,
    ),
)
