"""From stage to stage until a packet has arrived, is dropped, or is out of sight."""

from __future__ import annotations

from bulkhead.prove.walk.atlas import Atlas
from bulkhead.prove.walk.journey import Fork, InSubnet, IntoTransit, OutOfTransit, Tree
from bulkhead.prove.walk.leaving import leave, leave_transit
from bulkhead.prove.walk.transit import cross


def follow(atlas: Atlas, tree: Tree) -> Tree:
    """All ways to their ends."""
    if isinstance(tree, Fork):
        return Fork(tree.rule, tuple(follow(atlas, branch) for branch in tree.branches))
    if isinstance(tree.stage, InSubnet):
        return follow(atlas, leave(atlas, tree, tree.stage))
    if isinstance(tree.stage, OutOfTransit):
        return follow(atlas, leave_transit(atlas, tree, tree.stage))
    if isinstance(tree.stage, IntoTransit):
        return follow(atlas, cross(atlas, tree, tree.stage))
    return tree
