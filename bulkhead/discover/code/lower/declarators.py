"""The names that declarators declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulkhead.discover.code.words import words

if TYPE_CHECKING:
    from ast_grep_py import SgNode


_DECLARED: Final = words(
    "identifier field_identifier property_identifier simple_identifier name variable_name "
    "constant type_identifier shorthand_property_identifier_pattern"
)


def identifier(node: SgNode) -> str | None:
    """The name that a declarator declares: of `char *eps[]` 'eps'."""
    kind = node.kind()
    if kind in _DECLARED:
        return node.text().lstrip("$")
    for field in ("declarator", "name", "pattern"):
        if (inner := node.field(field)) is not None:
            return identifier(inner)
    for each in node.children():
        named = "declarator" in each.kind() or "pattern" in each.kind()
        if each.is_named() and (each.kind() in _DECLARED or named):
            return identifier(each)
    return None
