"""strongSwan: swanctl.conf for the device, with the suites that AWS's end takes and no other.

docs.strongswan.org/docs/latest/swanctl/swanctlConf.html
docs.strongswan.org/docs/latest/config/proposals.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bulkhead.network import Tunnel
from bulkhead.onsite.parts import NeedsAddressesError, Onsite, OnsiteTunnel

_ENCRYPTION: Final[Mapping[str, str]] = {
    "AES128": "aes128",
    "AES256": "aes256",
    "AES128-GCM-16": "aes128gcm16",
    "AES256-GCM-16": "aes256gcm16",
}
_INTEGRITY: Final[Mapping[str, str]] = {
    "SHA1": "sha1",
    "SHA2-256": "sha256",
    "SHA2-384": "sha384",
    "SHA2-512": "sha512",
}
_GROUPS: Final[Mapping[int, str]] = {
    2: "modp1024",
    5: "modp1536",
    14: "modp2048",
    15: "modp3072",
    16: "modp4096",
    17: "modp6144",
    18: "modp8192",
    19: "ecp256",
    20: "ecp384",
    21: "ecp521",
    22: "modp1024s160",
    23: "modp2048s224",
    24: "modp2048s256",
}
"""AWS's words for what a tunnel may negotiate, and strongSwan's
(docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)."""

_GCM: Final = "-GCM-16"
_REKEYED_AT: Final = 0.9
"""Of a lifetime, where a new key is asked for: the rest is time to try again before AWS ends it."""
_DEAD_AFTER: Final = 10
"""Seconds of silence after which the device asks whether AWS is there, a third of AWS's own
time-out."""


def swanctl(site: Onsite) -> str:
    """Both tunnels, and where their keys are to be put: the file has none.

    Raises NeedsAddressesError where AWS's addresses are not known.
    """
    if missing := [each.number for each in site.tunnels if each.outside is None]:
        raise NeedsAddressesError(f"AWS's address of tunnel {missing[0]}")
    lines = [*_head(site), "connections {"]
    for each in site.tunnels:
        lines += [f"  {line}" for line in _connection(site, each)]
    lines += ["}", "", *_secrets(site)]
    return "\n".join(lines) + "\n"


def _head(site: Onsite) -> Iterator[str]:
    yield f"# Site {site.site} of {site.topology}: both tunnels of {site.connection} to AWS."
    yield "# Written from the topology; change that and write it again, rather than this file."
    yield "# Routes decide what takes a tunnel, so each carries everything (0.0.0.0/0), and"
    yield "# strongSwan is to install none: charon { install_routes = no } in strongswan.conf."
    yield ""


def _connection(site: Onsite, tunnel: OnsiteTunnel) -> Iterator[str]:
    options = tunnel.options
    yield f"{_name(site, tunnel)} {{"
    yield "  version = 2"
    yield f"  remote_addrs = {tunnel.outside}"
    yield f"  proposals = {ike_proposal(options)}"
    yield f"  rekey_time = {_rekeyed(options.phase1_lifetime)}s"
    yield f"  over_time = {options.phase1_lifetime - _rekeyed(options.phase1_lifetime)}s"
    yield f"  dpd_delay = {_DEAD_AFTER}s"
    yield "  # Without this it gives up after five tries, and stays down when AWS is back."
    yield "  keyingtries = 0"
    yield "  mobike = no"
    yield "  unique = replace"
    yield f"  if_id_in = {tunnel.number}"
    yield f"  if_id_out = {tunnel.number}"
    yield "  local {"
    yield "    auth = psk"
    yield f"    id = {site.device.address}"
    yield "  }"
    yield "  remote {"
    yield "    auth = psk"
    yield f"    id = {tunnel.outside}"
    yield "  }"
    yield "  children {"
    yield f"    {tunnel.interface} {{"
    yield "      local_ts = 0.0.0.0/0"
    yield "      remote_ts = 0.0.0.0/0"
    yield f"      esp_proposals = {esp_proposal(options)}"
    yield f"      rekey_time = {_rekeyed(options.phase2_lifetime)}s"
    yield f"      life_time = {options.phase2_lifetime}s"
    yield "      start_action = start"
    yield "      dpd_action = restart"
    yield "      close_action = start"
    yield f"      updown = {UPDOWN}"
    yield "    }"
    yield "  }"
    yield "}"


UPDOWN: Final = "/etc/swanctl/bulkhead-updown"
"""Where the script of `--format updown` is looked for."""


def _secrets(site: Onsite) -> Iterator[str]:
    file = f"/etc/swanctl/{site.topology}-{site.site}.secrets"
    keys = sorted({each.key for each in site.tunnels if each.key})
    yield "# The keys are not here, and in no other file that Bulkhead writes."
    if keys:
        yield "# AWS made them and keeps them in Secrets Manager:"
        yield from (f"#   aws secretsmanager get-secret-value --secret-id {key}" for key in keys)
    else:
        yield "# AWS has them, and shows them to who may ask for the connection's configuration."
    yield f"# Put them into {file}, readable by root alone, as"
    for each in site.tunnels:
        ids = f"id-1 = {site.device.address}, id-2 = {each.outside}"
        yield f"#   ike-{_name(site, each)} with {ids}, secret = that of tunnel {each.number}"
    yield "secrets {"
    yield f"  include {file}"
    yield "}"


def _name(site: Onsite, tunnel: OnsiteTunnel) -> str:
    return f"{site.topology}-{site.site}-{tunnel.number}"


def ike_proposal(options: Tunnel) -> str:
    """All that AWS takes, the strongest of each first, as one proposal of IKEv2.

    A cipher that authenticates by itself has a pseudo-random function in place of integrity.
    """
    encryption, integrity, groups = _parts(
        options.phase1_encryption, options.phase1_integrity, options.phase1_dh_groups
    )
    alone = any(_GCM in each for each in options.phase1_encryption)
    middle = [f"prf{each}" for each in integrity] if alone else integrity
    return "-".join((*encryption, *middle, *groups))


def esp_proposal(options: Tunnel) -> str:
    """The same of the tunnel itself, each key with an exchange of its own (perfect secrecy)."""
    encryption, integrity, groups = _parts(
        options.phase2_encryption, options.phase2_integrity, options.phase2_dh_groups
    )
    alone = any(_GCM in each for each in options.phase2_encryption)
    return "-".join((*encryption, *(() if alone else integrity), *groups))


def _parts(
    encryption: tuple[str, ...], integrity: tuple[str, ...], groups: tuple[int, ...]
) -> tuple[list[str], list[str], list[str]]:
    return (
        [_ENCRYPTION[each] for each in encryption],
        [_INTEGRITY[each] for each in sorted(integrity, reverse=True)],
        [_GROUPS[each] for each in sorted(groups, reverse=True)],
    )


def _rekeyed(lifetime: int) -> int:
    return int(lifetime * _REKEYED_AT)
