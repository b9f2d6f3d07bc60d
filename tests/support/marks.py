"""Ids and names that look like what we print: whoever reads meaning out of text trips over them.

    before, after = draw(marks)
    network = marked(plain, before, after)
    assert unmarked(ask(network), before, after) == ask(plain)

Tags are free text: a group may well be called "web (old), any host in b".
"""

from dataclasses import fields, is_dataclass, replace
from enum import Enum

from hypothesis import strategies as st

from bulkhead.network import GatewayEndpoint

# By "!" and "#" a mark is told from other text; they sort before whatever else a name goes on with.
BEFORE = (
    *("", "any host in !", "any host in ! (", "!: ", "!, ", "!,", "! *: ", "subnets behind !"),
    *("stateless default!: ", "stateful default!: ", "nacl:!", "internet! (", "10.0.0.0/16 -> !"),
)
AFTER = (
    *("", "#: x", "#-> local", "# -> local", "#, any host in b", "#,", "# (", "# (10.0.0.0/8)"),
    *("# *: deny", "#: pass", "# (propagated)", "# and b", "#:"),
)
marks = st.tuples(st.sampled_from(BEFORE), st.sampled_from(AFTER))

_NO_NAMES = ("kind", "region", "zone", "zones", "type", "socket", "description", "why")


def marked(network, before, after):
    """The network with every id and every name between these marks.

    The target of a local route is called `local` everywhere: that is no id.
    """

    def mark(text):
        return f"{before}{text}{after}" if text not in ("", "local") else text

    return _mapped(network, mark, _NO_NAMES)


def unmarked(answer, before, after):
    """An answer about a network so marked, as it would be about the plain one."""
    return _mapped(answer, lambda text: text.replace(before, "").replace(after, ""))


def _mapped(value, turn, left_alone=()):
    if isinstance(value, str) and not isinstance(value, Enum):
        return turn(value)
    if isinstance(value, tuple | list):
        return type(value)(_mapped(each, turn, left_alone) for each in value)
    if isinstance(value, dict):
        return {key: _mapped(each, turn, left_alone) for key, each in value.items()}
    if is_dataclass(value):
        names = [each.name for each in fields(value) if each.name not in left_alone]
        if isinstance(value, GatewayEndpoint) and left_alone:
            names.remove(
                "service"
            )  # AWS calls it so, and answers have the part behind the last dot
        turned = {name: _mapped(getattr(value, name), turn, left_alone) for name in names}
        return replace(value, **turned)
    return value
