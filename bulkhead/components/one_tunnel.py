"""No update takes both tunnels of a connection down at once: refused before anything is touched.

The provider changes the options of tunnel 1 and then of tunnel 2, and waits for the connection to
be available again, not for a tunnel to be up (terraform-provider-aws,
internal/service/ec2/vpnsite_connection.go). So the engine asks here first, with what it holds and
what is wanted, in a preview already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pulumi
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import get_monitor

from bulkhead.network import BOTH_TUNNELS, consent_to_both

_WHOLE: Final = {
    "customerGatewayId": "another device",
    "vpnGatewayId": "another VPN gateway",
    "transitGatewayId": "another transit gateway",
    "presharedKeyStorage": "another place for the keys",
}
"""What AWS changes of both tunnels in one call, or the provider in one call for each
(docs.aws.amazon.com/vpn/latest/s2svpn/endpoint-replacements.html)."""


class BothTunnelsError(Exception):
    """An update would interrupt both; says which way there is."""


def one_tunnel_at_a_time(name: str, site: str) -> pulumi.ResourceHookBinding | None:
    """What the engine asks before it updates the VPN connection of a site. `name` is the
    component's, which is the only one of it in a program. None under mocks, which update nothing
    and call nobody back."""
    if isinstance(get_monitor(), MockMonitor):
        return None
    consented = _consented(site)

    def ask(args: pulumi.ResourceHookArgs) -> None:
        if not consented:
            expect_one_tunnel(site, args.old_inputs or {}, args.new_inputs or {})

    hook = pulumi.ResourceHook(
        f"{name}-one-tunnel-at-a-time", ask, pulumi.ResourceHookOptions(on_dry_run=True)
    )
    return pulumi.ResourceHookBinding(before_update=[hook])


def expect_one_tunnel(site: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Raises BothTunnelsError for two sets of inputs of a VpnConnection that differ in both."""
    changes = [*_changes(old, new)]
    both = [each for each in changes if each in _WHOLE]
    tunnels = {each[: len("tunnel1")] for each in changes if each not in _WHOLE}
    if both or len(tunnels) > 1:
        what = ", ".join(_WHOLE.get(each, each) for each in (both or changes))
        raise BothTunnelsError(
            f"both tunnels of site {site} would go down at once ({what}), and it would be cut off. "
            f"{_OTHER_CONNECTION if both else _TWO_STEPS}. Where somebody changed it by API, or "
            f"the site may be cut off, let both go: `{consent_to_both(site)}`, "
            "and take that back afterwards"
        )


_TWO_STEPS: Final = (
    "Bring up the lock of the commit before first, see that the tunnel it changed is UP, and then "
    "this: `bulkhead plan` changes one tunnel, `bulkhead plan --next-tunnel` the other"
)
_OTHER_CONNECTION: Final = (
    "Add a site for it beside this one, move what it needs there, and then remove this one"
)


def _consented(site: str) -> bool:
    named = pulumi.Config(BOTH_TUNNELS[0]).get(BOTH_TUNNELS[1]) or ""
    return site in named.replace(",", " ").split()


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted({*old, *new}):
        asked = key in _WHOLE or key.startswith(("tunnel1", "tunnel2"))
        if asked and _plain(old.get(key)) != _plain(new.get(key)):
            yield key


def _plain(value: Any) -> Any:
    """Without what a provider notes for itself, and of a list what it holds; of secrets nothing."""
    if isinstance(value, pulumi.Output):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if not key.startswith("__")}
    if isinstance(value, list | tuple):
        return sorted((_plain(each) for each in value), key=repr)
    return value
