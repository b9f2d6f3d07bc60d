"""Security groups whose holders come and go, as the groups themselves are tagged."""

from __future__ import annotations

from collections.abc import Mapping

from bulkhead.network import GroupMembers
from bulkhead.network import tags as words
from bulkhead.observe.describe.described import Described
from bulkhead.observe.record import Gaps, Record


def members_by_group(described: Described) -> Mapping[str, GroupMembers]:
    """By the id of each group that says so."""
    found = {}
    for record in described["SecurityGroups"]:
        if (members := _read(record)) and (group := record.maybe("GroupId")):
            found[group] = members
    return found


def members_of(record: Record, group: str, gaps: Gaps) -> GroupMembers | None:
    """What a group is tagged with; where that cannot be read, nobody is said to come and go."""
    if (members := _read(record)) is None and (said := record.tags().get(words.MEMBERS)):
        asked = f"{group} {words.MEMBERS}"
        why = f"it says of no members, as '2..40 in work' would: {said}"
        gaps.add("members-tag", asked, asked, why)
    return members


def _read(record: Record) -> GroupMembers | None:
    try:
        return words.members_from(record.tags())
    except ValueError:
        return None
