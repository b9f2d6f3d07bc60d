"""What a lost flow means for connections that are open at that moment.

Security groups remember: a tracked connection lives on without its rule until
it has been idle too long. An untracked one has only the rule. NACLs and routes
look at every packet.
(docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html)
"""

from __future__ import annotations

from bulkhead.compare.causes import GROUPS
from bulkhead.compare.delta import Effect, Fate
from bulkhead.compare.rulebook import Rulebook
from bulkhead.ends.classes import Endpoint
from bulkhead.explain.conditions import tracked
from bulkhead.explain.hops import Explanation, Layer
from bulkhead.network import Verdict
from bulkhead.network.idle import remembers


def effect(book: Rulebook, before: Explanation, after: Explanation | None) -> Effect | None:
    """What happens to connections that were open before; None where there were none to lose.

    `book` and `before` are of the network that had the flow; no `after`: an end is gone.
    """
    if before.verdict in (Verdict.DENIED, Verdict.UNDETERMINED):
        return None
    if after is None:
        return Effect(fate=Fate.CUT, why="one of their ends is gone")
    if after.verdict is Verdict.ALLOWED:
        return None
    if after.verdict is Verdict.UNDETERMINED:
        return Effect(fate=Fate.UNKNOWN, why="what happens to them cannot be told either")
    shut = {(hop.layer, hop.reply) for hop in before.blocking}
    lost = [hop for hop in after.blocking if (hop.layer, hop.reply) not in shut]
    stateless = [hop for hop in lost if hop.layer not in GROUPS]
    if stateless:
        where = " and ".join(dict.fromkeys(str(hop.layer) for hop in stateless))
        what = "replies" if all(hop.reply for hop in stateless) else "packets"
        return Effect(fate=Fate.CUT, why=f"{where}: drops the {what} of known connections too")
    ends = {Layer.GROUP_EGRESS: before.source, Layer.GROUP_INGRESS: before.destination}
    fates = [_remembered(book, before, ends[hop.layer]) for hop in lost if hop.layer in ends]
    return min(fates, key=_shortest) if fates else None


def _shortest(effect: Effect) -> tuple[bool, int]:
    return effect.fate is Fate.LIVES_ON, effect.seconds or 0


def _remembered(book: Rulebook, before: Explanation, end: Endpoint) -> Effect:
    """What the security groups of one end do when their rule goes."""
    interface = book.network.interface.get(end.id)
    if interface is None:
        return Effect(fate=Fate.UNKNOWN, why="it is not known which interface carries them")
    if not tracked(book.network, before, end):
        return Effect(
            fate=Fate.CUT,
            why=f"{interface.name} does not track them: its rules were for all addresses, "
            "both ways, so only the rule let them pass",
        )
    memory = remembers(interface, before.protocol)
    apart = before.source.subnet != before.destination.subnet
    return Effect(
        fate=Fate.LIVES_ON,
        seconds=memory.seconds,
        why=f"{interface.name} tracks them, and forgets one after {memory.seconds:,} idle seconds"
        + (f" ({memory.why})" if memory.why else "")
        + ("; a NACL entry cuts them" if apart else "; within a subnet no NACL is asked"),
    )
