"""New pre-shared keys for the tunnels of a site, one tunnel at a time, as a script for sh.

AWS makes no new key by itself: whoever rotates gives it one
(docs.aws.amazon.com/vpn/latest/s2svpn/enhanced-security.html, and ModifyVpnTunnelOptions, which
changes one tunnel a call). The key is drawn by Secrets Manager, goes from one call to the next by
a pipe, and is in no file, no argument and no output; AWS puts it into the secret of the connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from bulkhead.onsite.parts import StandingTunnel


class CannotRotateError(Exception):
    """Both tunnels have to be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Of a connection that stands: AWS's addresses of its two tunnels, in the order of the steps.

    `secret` is the ARN of what Secrets Manager keeps of it, '' where the keys are moved there only
    now.
    """

    topology: str
    site: str
    region: str
    connection: str
    tunnels: tuple[IPv4Address, IPv4Address]
    secret: str = ""

    @property
    def file(self) -> str:
        """What the script is called in what it says of itself."""
        return f"rotate-{self.site}.sh"


def rotation(
    topology: str, site: str, region: str, connection: str, tunnels: tuple[StandingTunnel, ...]
) -> Rotation:
    """The two steps. Raises CannotRotateError where a tunnel has no address that is known."""
    every = {each.number: each for each in tunnels}
    if set(every) != {1, 2}:
        seen = ", ".join(map(str, sorted(every))) or "none"
        raise CannotRotateError(f"of the two tunnels of {connection} {seen} have a known address")
    secrets = {each.key for each in tunnels}
    return Rotation(
        topology=topology,
        site=site,
        region=region,
        connection=connection,
        tunnels=(every[1].outside, every[2].outside),
        secret=secrets.pop() if len(secrets) == 1 else "",
    )


MOST_WAITED = 180
"""Times that the script looks whether the tunnel is up, ten seconds apart: half an hour."""


def rotation_script(found: Rotation) -> str:
    """What does one step: sh FILE 1, and then sh FILE 2."""
    return "\n".join(_script(found)) + "\n"


def _script(found: Rotation) -> Iterator[str]:
    first, second = found.tunnels
    ec2 = f"aws ec2 --region {found.region}"
    secrets = f"aws secretsmanager --region {found.region}"
    place = f"secret {found.secret}" if found.secret else "its secret in Secrets Manager"
    yield "#!/bin/sh"
    yield f"# New keys for the tunnels of site {found.site} of {found.topology}, one at a time:"
    yield f"#   sh {found.file} 1      and when that is done      sh {found.file} 2"
    yield "# No key is shown or written down here: each goes by a pipe, and AWS keeps it."
    yield "set -eu"
    yield f"connection={found.connection}"
    yield 'case "${1-}" in'
    yield f"  1) mine={first} other={second} ;;"
    yield f"  2) mine={second} other={first} ;;"
    yield f'  *) echo "usage: sh {found.file} 1, and when that is done 2" >&2; exit 2 ;;'
    yield "esac"
    yield "telemetry() {"
    yield f'  {ec2} describe-vpn-connections --vpn-connection-ids "$connection" --output text \\'
    yield (
        "    --query \"VpnConnections[0].VgwTelemetry[?OutsideIpAddress=='$1']"
        '.[Status,LastStatusChange]"'
    )
    yield "}"
    yield 'case "$(telemetry "$other")" in'
    yield "  UP*) ;;"
    yield (
        '  *) echo "tunnel $other of $connection is not UP: with this one down too the site would '
        'be cut off" >&2; exit 1 ;;'
    )
    yield "esac"
    yield 'before=$(telemetry "$mine")'
    yield "# 64 letters and digits, and no zero: AWS takes none in front."
    yield (
        f"key=$({secrets} get-random-password --password-length 64 --exclude-punctuation \\\n"
        "  --exclude-characters 0 --query RandomPassword --output text)"
    )
    yield 'printf \'{"PreSharedKey": "%s"}\' "$key" |'
    yield f'  {ec2} modify-vpn-tunnel-options --vpn-connection-id "$connection" \\'
    yield '    --vpn-tunnel-outside-ip-address "$mine" --pre-shared-key-storage SecretsManager \\'
    yield "    --tunnel-options file:///dev/stdin --output text \\"
    yield "    --query VpnConnection.VpnConnectionId > /dev/null"
    yield "key="
    yield f'echo "tunnel $mine has a new key, in {place}:"'
    yield 'echo "give it to the device, and the tunnel comes up with it"'
    yield "tries=0"
    yield 'until now=$(telemetry "$mine"); [ "$now" != "$before" ] && [ "${now#UP}" != "$now" ]; do'
    yield "  tries=$((tries + 1))"
    yield f'  if [ "$tries" -ge {MOST_WAITED} ]; then'
    yield '    echo "tunnel $mine is not up yet: begin no other step before it is" >&2'
    yield "    exit 1"
    yield "  fi"
    yield "  sleep 10"
    yield "done"
    yield f'[ "$1" = 1 ] && echo "tunnel $mine is up: now sh {found.file} 2" ||'
    yield '  echo "tunnel $mine is up: both have new keys"'
