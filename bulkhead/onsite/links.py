"""The device's own interfaces, and what tells its routing that a tunnel is down.

docs.strongswan.org/docs/latest/features/routeBasedVpn.html, "XFRM Interfaces on Linux"
"""

from __future__ import annotations

from bulkhead.onsite.parts import TUNNEL_MTU, Onsite


def links(site: Onsite) -> str:
    """A script that makes both interfaces, down until their tunnels are up. Run twice it changes
    nothing."""
    lines = [
        "#!/bin/sh",
        f"# Site {site.site} of {site.topology}: an interface for each tunnel to AWS.",
        "set -eu",
        "sysctl -qw net.ipv4.ip_forward=1",
    ]
    for each in site.tunnels:
        name, xfrm = each.interface, f"type xfrm if_id {each.number}"
        lines += [
            f"ip link show {name} >/dev/null 2>&1 || ip link add {name} {xfrm}",
            f"ip address replace {each.inside} dev {name}",
            f"ip link set {name} mtu {TUNNEL_MTU}",
            "# AWS may answer by the other tunnel than the one that asked, which is no fault.",
            f"sysctl -qw net.ipv4.conf.{name}.rp_filter=2",
        ]
    return "\n".join(lines) + "\n"


def updown(site: Onsite) -> str:
    """What strongSwan calls as tunnels come up and go down: the interface follows its tunnel, and
    so do the routes over it."""
    names = "|".join(each.interface for each in site.tunnels)
    return f"""#!/bin/sh
# Site {site.site} of {site.topology}: strongSwan calls this with PLUTO_VERB and PLUTO_CONNECTION.
case "$PLUTO_CONNECTION" in {names}) ;; *) exit 0 ;; esac
case "$PLUTO_VERB" in
  up-client*) ip link set "$PLUTO_CONNECTION" up ;;
  down-client*) ip link set "$PLUTO_CONNECTION" down ;;
esac
"""
