"""A Network lists all that has an id, so that nobody else has to keep a list of kinds."""

from dataclasses import fields
from typing import get_args, get_type_hints

from bulkhead.network import Association, Network, Unmodelled


def kinds():
    """Field of a Network -> the class of what it holds."""
    hints = get_type_hints(Network)
    names = {each.name for each in fields(Network)} - {"unobserved", "beside"}
    return {name: get_args(hints[name])[0] for name in names}


def test_every_kind_with_an_id_is_among_the_things():
    for field, kind in kinds().items():
        has_id = "id" in {each.name for each in fields(kind)}
        network = Network(**{field: (object.__new__(kind),)})
        assert bool(network.things) == (has_id and kind not in (Association, Unmodelled)), field
