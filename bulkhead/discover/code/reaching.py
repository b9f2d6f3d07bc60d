"""Which of the values of a name reach the place where it is used."""

from __future__ import annotations

from bulkhead.discover.code.tree import Name, Set, walk


def reached(sets: list[Set], use: Name) -> list[Set]:
    """Which of the values that a name is given may be there where it is used."""
    before = [
        each
        for each in sets
        if each.more or each.line < use.line or (each.line == use.line and not _of(each, use))
    ]
    found: list[Set] = []
    for each in sorted(before, key=lambda each: each.line)[::-1]:
        if _in_another_branch(each, use):
            continue
        found.append(each)
        if not each.more and use.blocks[: len(each.blocks)] == each.blocks:
            break
    if found:
        return found[::-1]
    return [each for each in sets if not _in_another_branch(each, use)] or sets


def unset(sets: list[Set], use: Name) -> bool:
    """Whether a name has no value of these yet: `port = checked(port)` asks for what it was."""
    return not any(
        each.more or each.line < use.line or (each.line == use.line and not _of(each, use))
        for each in sets
    )


def _of(one: Set, use: Name) -> bool:
    """Whether what is given is made of this use: `port = port or 5556`."""
    return any(each is use for each in walk(one.value))


def _in_another_branch(one: Set, use: Name) -> bool:
    """Whether a value is given in another branch of the same fork."""
    for mine, other in zip(one.blocks, use.blocks, strict=False):
        if mine[0] == other[0] and mine[1] != other[1]:
            return True
        if mine != other:
            return False
    return False
