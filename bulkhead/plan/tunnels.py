"""What each tunnel of a site is given, one tunnel after the other.

"You can modify multiple options for a tunnel in a single request, but you can only modify one
tunnel at a time", and meanwhile that tunnel is down
(docs.aws.amazon.com/vpn/latest/s2svpn/modify-vpn-tunnel-options.html, endpoint-replacements.html).
An engine makes both calls of one update without waiting until the first tunnel is up again. So a
plan changes tunnel 1, and tunnel 2 keeps what the lock says that it has, until somebody says that
tunnel 1 is up: `bulkhead plan --next-tunnel SITE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bulkhead.intent import Site, Topology
from bulkhead.intent.model import TunnelOption
from bulkhead.network import Network, Tunnel
from bulkhead.network.inventory import Listed, TunnelState
from bulkhead.plan.lock import Lock
from bulkhead.plan.lock_tunnels import OptionsByTunnel
from bulkhead.problems import Problem

NUMBERS: Final = (1, 2)
_EVERY_ONE: Final[Mapping[str, TunnelOption]] = {
    "startup": "add",
    "dpd_action": "clear",
}
"""What a tunnel has of which the lock says nothing: AWS's defaults, where a plan says any."""
_NEW: Final[Mapping[str, TunnelOption]] = {"logs": "cloudwatch"}
"""What a new connection is given beside: on one that stands it takes a replacement to turn on."""

TunnelOptions = Mapping[str, TunnelOption]


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelSteps:
    """`options` by tunnel, as planned; `waiting` tells of the tunnels whose turn is the next."""

    options: OptionsByTunnel = field(default_factory=dict)
    waiting: tuple[Problem, ...] = ()

    @property
    def remembered(self) -> OptionsByTunnel:
        """What a lock says of it: nothing of what every tunnel has."""
        told = {
            tunnel: {name: each for name, each in has.items() if _EVERY_ONE.get(name) != each}
            for tunnel, has in self.options.items()
        }
        return {tunnel: has for tunnel, has in told.items() if has}


def steps_of(topology: Topology, lock: Lock) -> TunnelSteps:
    """What each tunnel is given by a plan with this lock."""
    options: dict[tuple[str, int], TunnelOptions] = {}
    waiting: list[Problem] = []
    for site in topology.sites.values():
        first, second = _given(site, lock)
        wanted = _wanted(site, lock)
        if not _stands(site, lock):
            first = second = wanted
        elif first != wanted:
            first = wanted
        options[site.name, 1], options[site.name, 2] = first, second
        if second != wanted:
            waiting.append(_told(topology, site, second, wanted))
    return TunnelSteps(options=options, waiting=tuple(waiting))


def with_next_tunnel(topology: Topology, lock: Lock, name: str) -> Lock | None:
    """The lock with what waits for the second tunnel of a site given to it; None where nothing
    does."""
    site = topology.sites[name]
    first, second = _given(site, lock)
    wanted = _wanted(site, lock)
    if not _stands(site, lock) or first != wanted or second == wanted:
        return None
    return replace(lock, options={**lock.options, (name, 2): wanted})


def with_options(tunnel: Tunnel, options: TunnelOptions) -> Tunnel:
    """A tunnel with its own options."""
    given = {_FIELDS[name]: value for name, value in options.items() if name != "logs"}
    # Of one of which nobody said anything its engine leaves what somebody turned on by hand.
    logs = {"cloudwatch": True, "none": False}.get(str(options.get("logs", "")))
    return replace(tunnel, **given, logs=logs)  # type: ignore[arg-type]  # by their names


def tunnels_as_listed(network: Network) -> Listed[TunnelState]:
    """Both tunnels of every planned connection: whether they log, and nothing of how they are."""
    states = (
        TunnelState(connection=each.id, name=each.name, number=number, logged=tunnel.logs)
        for each in network.vpn_connections
        for number, tunnel in enumerate(each.tunnels, start=1)
    )
    return Listed(tuple(states), ())


_FIELDS: Final = {
    "startup": "startup_action",
    "dpd_action": "dpd_action",
    "dpd_timeout": "dpd_timeout",
    "rekey_margin": "rekey_margin",
    "rekey_fuzz": "rekey_fuzz",
    "replay_window": "replay_window",
    "lifecycle_control": "lifecycle_control",
}


def tunnel_names(site: Site) -> tuple[str, ...]:
    """What the lock calls its tunnels. A site that changes its routing gets another connection,
    which stands beside the old one for a while: at one gateway no two have one inside network
    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)."""
    way = "" if site.routing == "static" else f"{site.routing}-"
    return tuple(f"{site.name}/{way}{number}" for number in NUMBERS)


def _stands(site: Site, lock: Lock) -> bool:
    """Whether its connection was planned before, so that it may be there."""
    return tunnel_names(site)[0] in lock.tunnels.taken


def _given(site: Site, lock: Lock) -> tuple[TunnelOptions, TunnelOptions]:
    one, two = ({**_EVERY_ONE, **lock.options.get((site.name, each), {})} for each in NUMBERS)
    return one, two


def _wanted(site: Site, lock: Lock) -> TunnelOptions:
    """What is written; else what tunnel 1 has, which goes first."""
    if _stands(site, lock):
        return {**_given(site, lock)[0], **site.tunnels.said}
    return {**_EVERY_ONE, **_NEW, **site.tunnels.said}


def _told(topology: Topology, site: Site, has: TunnelOptions, wanted: TunnelOptions) -> Problem:
    differing = ", ".join(_differing(has, wanted))
    return Problem(
        *topology.place_of("sites", site.name, "tunnels"),
        f"site {site.name}: tunnel 2 keeps what it has until tunnel 1, which changes first, is up "
        f"again ({differing}): one goes down while it is changed, and both at once would cut the "
        "site off",
        f"bring this up, see that tunnel 1 is UP, then `bulkhead plan --next-tunnel {site.name}` "
        "and bring that up",
    )


def _differing(has: TunnelOptions, wanted: TunnelOptions) -> Iterator[str]:
    for name in dict.fromkeys((*wanted, *has)):
        if has.get(name) != wanted.get(name):
            was = has.get(name, "AWS's default")
            yield f"{name.replace('_', '-')} {was} is to be {wanted.get(name)}"
