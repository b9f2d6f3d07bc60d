"""Site-to-site VPN: whether tunnels are up, logged, and of algorithms that hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from bulkhead.audit.check import Check, Checked, Evidence, fails, passes, undecided
from bulkhead.lint import Severity
from bulkhead.network import SiteRouting, Tunnel, VpnConnection
from bulkhead.network.inventory import TunnelState

_WEAK_INTEGRITY: Final = frozenset({"SHA1"})
_WEAK_GROUPS: Final = frozenset({2, 5, 22, 23, 24})
"""Below 112 bits, or of primes that nobody can check (RFC 8247, 2.4; NIST SP 800-77r1)."""


def _connections(evidence: Evidence) -> Iterator[VpnConnection]:
    """Those that carry packets, and those on their way there: none that was deleted."""
    there = {each.connection for each in evidence.inventory.tunnels}
    for each in evidence.network.vpn_connections:
        if each.available or each.id in there:
            yield each


def _states(
    evidence: Evidence,
    right: Callable[[TunnelState], bool | None],
    *,
    wrong: str,
    well: str,
    unknown: str,
    remedy: str,
) -> Iterator[Checked]:
    """Each connection, by what is known of both of its tunnels."""
    every: dict[str, list[TunnelState]] = defaultdict(list)
    for each in evidence.inventory.tunnels:
        every[each.connection].append(each)
    for connection in _connections(evidence):
        name = f"VPN connection {connection.name}"
        found = every[connection.id]
        bad = [each for each in found if right(each) is False]
        if bad:
            what = "; ".join(f"tunnel {each.number} {wrong}" for each in bad)
            yield fails(connection.id, name, what, remedy.replace("VPN_ID", connection.id))
        elif len(found) < 2 or any(right(each) is None for each in found):
            if found or evidence.inventory.tunnels.complete:
                yield undecided(connection.id, name, unknown)
        else:
            yield passes(connection.id, name, well)


def _up(evidence: Evidence) -> Iterator[Checked]:
    return _states(
        evidence,
        lambda each: each.up,
        wrong="is down",
        well="both tunnels are up",
        unknown="whether both of its tunnels are up is not known: only what AWS answers says it "
        "(VgwTelemetry)",
        remedy="look at the customer gateway and at the logs of the tunnel",
    )


def _logged(evidence: Evidence) -> Iterator[Checked]:
    return _states(
        evidence,
        lambda each: each.logged,
        wrong="does not log",
        well="both tunnels log to CloudWatch",
        unknown="whether both of its tunnels log is not known",
        remedy="aws ec2 modify-vpn-tunnel-options --vpn-connection-id VPN_ID "
        "--vpn-tunnel-outside-ip-address ADDRESS --tunnel-options "
        "'LogOptions={CloudWatchLogOptions={LogEnabled=true,LogGroupArn=ARN}}', by the outside "
        "address of each: one after the other, for a tunnel is down while it is modified",
    )


def _routed(evidence: Evidence) -> Iterator[Checked]:
    """Of connections that speak BGP, and of which it is known what they are to announce. Through a
    tunnel that is down nothing is: that is another question. Only what AWS answers says it."""
    if not evidence.stands:
        return
    every: dict[str, list[TunnelState]] = defaultdict(list)
    for each in evidence.inventory.tunnels:
        every[each.connection].append(each)
    for connection in _connections(evidence):
        if connection.routing is not SiteRouting.BGP or not connection.vpn_gateway:
            continue
        name = f"VPN connection {connection.name}"
        declared = len(connection.routes)
        up = [each for each in every[connection.id] if each.up]
        wrong = [
            f"AWS accepted {each.accepted} routes through tunnel {each.number}"
            for each in up
            if each.accepted is not None and each.accepted != declared
        ]
        if wrong:
            what = f"{'; '.join(wrong)}, and the site is to announce {declared}"
            yield fails(connection.id, name, what, ROUTED.remedy)
        elif not up or any(each.accepted is None for each in up):
            unknown = "what it announces is not known: no tunnel of it is known to be up, with the "
            yield undecided(connection.id, name, f"{unknown}number of routes (VgwTelemetry)")
        else:
            well = f"AWS accepted {declared} routes through each tunnel that is up, as declared"
            yield passes(connection.id, name, well)


def _alarmed(evidence: Evidence) -> Iterator[Checked]:
    """Each connection, by the addresses of its tunnels and the alarms that name it."""
    alarms = evidence.inventory.tunnel_alarms
    for connection in _connections(evidence):
        name = f"VPN connection {connection.name}"
        own = [each for each in alarms if each.connection == connection.id and each.tells]
        tunnels = [each for each in evidence.inventory.tunnels if each.connection == connection.id]
        either = any(each.lowest and not each.address for each in own)
        silent = [
            each.number
            for each in tunnels
            if not either and str(each.outside or "") not in {one.address for one in own}
        ]
        if either or (len(tunnels) == _TUNNELS and not silent):
            yield passes(connection.id, name, "somebody is told when one of its tunnels is down")
        elif not alarms.complete:
            continue
        elif len(tunnels) == _TUNNELS and (not own or all(each.outside for each in tunnels)):
            what = "; ".join(f"nobody is told when tunnel {each} is down" for each in silent)
            yield fails(connection.id, name, what, _ALARM_REMEDY.replace("VPN_ID", connection.id))
        else:
            yield undecided(connection.id, name, "the addresses of its tunnels are not known")


_TUNNELS: Final = 2
_ALARM_REMEDY: Final = (
    "monitoring: in the topology, or aws cloudwatch put-metric-alarm --alarm-name NAME "
    "--namespace AWS/VPN --metric-name TunnelState --dimensions Name=VpnId,Value=VPN_ID "
    "--statistic Minimum --period 300 --evaluation-periods 1 --threshold 1 --comparison-operator "
    "LessThanThreshold --treat-missing-data breaching --alarm-actions TOPIC"
)


def _key(evidence: Evidence) -> Iterator[Checked]:
    """Only of what an engine holds: AWS's answers have no key in them."""
    if evidence.stands:
        return iter(())
    return _states(
        evidence,
        lambda each: None if each.key_shown is None else not each.key_shown,
        wrong="has its pre-shared key in the state, for everybody to read",
        well="no pre-shared key is in the state in the clear",
        unknown="whether the pre-shared keys will be in the state in the clear is not known",
        remedy='preshared_key_storage="SecretsManager", or give the keys as secrets; then change '
        "them, for older states have them still",
    )


def _strong(evidence: Evidence) -> Iterator[Checked]:
    """What a tunnel may negotiate: the weakest of it is what it is worth."""
    for connection in _connections(evidence):
        name = f"VPN connection {connection.name}"
        weak = [
            f"tunnel {number}: {what}"
            for number, tunnel in enumerate(connection.tunnels, start=1)
            for what in weaknesses(tunnel)
        ]
        if weak:
            yield fails(
                connection.id,
                name,
                "; ".join(weak),
                "name IKEv2, AES-GCM, SHA-256 and up, and Diffie-Hellman groups of 14 and up",
            )
        elif len(connection.tunnels) < 2:
            yield undecided(connection.id, name, "what its tunnels may negotiate was not shown")
        else:
            yield passes(connection.id, name, "both tunnels allow strong algorithms alone")


def weaknesses(tunnel: Tunnel) -> Iterator[str]:
    """What a tunnel may negotiate and should not; where nothing is named, all that AWS allows.

    (docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    """
    if not tunnel.ike_versions or "ikev1" in tunnel.ike_versions:
        yield "IKEv1"
    for phase, integrity, groups in (
        (1, tunnel.phase1_integrity, tunnel.phase1_dh_groups),
        (2, tunnel.phase2_integrity, tunnel.phase2_dh_groups),
    ):
        if weak := [each for each in integrity if _plain(each) in _WEAK_INTEGRITY]:
            yield f"{', '.join(weak)} in phase {phase}"
        elif not integrity:
            yield f"SHA1 in phase {phase}, by default"
        if few := [str(each) for each in groups if each in _WEAK_GROUPS]:
            yield f"Diffie-Hellman group {', '.join(few)} in phase {phase}"
        elif not groups:
            yield f"Diffie-Hellman group 2 in phase {phase}, by default"


def _plain(name: str) -> str:
    return name.upper().replace("-", "")


UP: Final = Check(
    id="tunnels-up",
    title="Both tunnels of a VPN connection are up",
    severity=Severity.MEDIUM,
    risk="AWS replaces one of them from time to time: with the other down, the site is cut off.",
    remedy="Bring the second tunnel up on the customer gateway.",
    run=_up,
    about=("vpn_connections", "tunnels"),
)
LOGGED: Final = Check(
    id="tunnels-logged",
    title="Both tunnels of a VPN connection log",
    severity=Severity.LOW,
    risk="Nobody sees who negotiated, or why a tunnel broke.",
    remedy="Name a CloudWatch log group for both.",
    run=_logged,
    about=("vpn_connections", "tunnels"),
)
ALARMED: Final = Check(
    id="tunnels-alarmed",
    title="Somebody is told when a tunnel of a VPN connection is down",
    severity=Severity.LOW,
    risk="One tunnel is lost unseen, and the site with the next one.",
    remedy="Make an alarm on TunnelState for each tunnel, with an action.",
    run=_alarmed,
    about=("vpn_connections", "tunnels", "tunnel_alarms"),
)
STRONG: Final = Check(
    id="tunnel-algorithms-strong",
    title="Tunnels negotiate strong algorithms alone",
    severity=Severity.MEDIUM,
    risk="The weakest that a tunnel may negotiate is what protects it.",
    remedy="Name the algorithms that it may negotiate, and none that is weak.",
    run=_strong,
    about=("vpn_connections",),
)

KEY: Final = Check(
    id="tunnel-key-not-in-state",
    title="No pre-shared key is in a state in the clear",
    severity=Severity.HIGH,
    risk="Whoever reads the state, or a backup of it, is the site.",
    remedy="Let AWS keep the keys in Secrets Manager.",
    run=_key,
    about=("vpn_connections", "tunnels"),
)

ROUTED: Final = Check(
    id="tunnels-routed",
    title="AWS accepts as many routes of a site as it is declared to announce",
    severity=Severity.MEDIUM,
    risk="AWS filters nothing: a device that announces more can take what is for other sites, and "
    "one that announces nothing is not there.",
    remedy="Let the device announce what `bulkhead site` writes for it, and nothing else.",
    run=_routed,
    about=("vpn_connections", "tunnels"),
)

TUNNELS: Final = (UP, ROUTED, LOGGED, ALARMED, STRONG, KEY)
