"""What becomes of packets that are too large for the way."""

from __future__ import annotations

from bulkhead.intent.complaints import Complaints
from bulkhead.intent.written import WrittenTopology


def warn_of_lost_packets(written: WrittenTopology, complain: Complaints) -> None:
    """Without path MTU discovery nobody tells a sender, who sends the same packet again and again
    (RFC 1191, 2; docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html)."""
    if written.path_mtu_discovery is not False:
        return
    sizes = {each.mtu for each in (written.services or {}).values() if each and each.mtu}
    beyond = [*(written.sites or ()), *(written.peers or ())]
    if beyond or len(sizes) > 1:
        whom = f"to {', '.join(beyond)}" if beyond else "between services of different mtu"
        complain.warn(
            ("path-mtu-discovery",),
            f"path-mtu-discovery: false: packets that are too large for the way {whom} vanish "
            "without a word, and the connection that sends one hangs",
            "remove it, or let hosts send no larger packets than the narrowest way takes",
        )
