"""From stage to stage until a packet has arrived, is dropped, or is out of sight."""

from __future__ import annotations

from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.edge import over_the_internet
from bulkhead.explain.walk.journey import (
    Fork,
    InSubnet,
    IntoTransit,
    OutOfTransit,
    OverInternet,
    Tree,
)
from bulkhead.explain.walk.leaving import leave, leave_transit
from bulkhead.explain.walk.transit import cross


def follow(atlas: Atlas, tree: Tree) -> Tree:
    """All ways to their ends."""
    if isinstance(tree, Fork):
        return Fork(tree.rule, tuple(follow(atlas, branch) for branch in tree.branches))
    if isinstance(tree.stage, OverInternet):
        return follow(atlas, over_the_internet(atlas, tree))
    if isinstance(tree.stage, InSubnet):
        return follow(atlas, leave(atlas, tree, tree.stage))
    if isinstance(tree.stage, OutOfTransit):
        return follow(atlas, leave_transit(atlas, tree, tree.stage))
    if isinstance(tree.stage, IntoTransit):
        return follow(atlas, cross(atlas, tree, tree.stage))
    return tree
