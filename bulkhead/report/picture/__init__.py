"""A network and its flows as a picture: SVG for people, Mermaid for where only text goes.

scene(title, reach, matrix)       who is drawn and which flows, folded until it is readable
changed(title, reaches, ...)      the same of two proofs: what opened, closed, broke
places(title, network, overview)  of too many flows for that, what is open from place to place
seen(title, register, held)       a register of boundaries, or how it stands to a topology
svg(scene)                        a picture that needs no script, no font and no other file
embedded(scene)                   the same as a part of a page with `embedded_style`
mermaid(scene)                    the same as a flowchart that GitHub draws
"""

from bulkhead.report.picture.mermaid import mermaid
from bulkhead.report.picture.places import places
from bulkhead.report.picture.scene import Scene, changed, scene
from bulkhead.report.picture.seen import seen
from bulkhead.report.picture.svg import embedded, embedded_style, svg

__all__ = [
    "Scene",
    "changed",
    "embedded",
    "embedded_style",
    "mermaid",
    "places",
    "scene",
    "seen",
    "svg",
]
