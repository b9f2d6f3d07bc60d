"""A site: a network outside AWS and the tunnels that lead there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.one_tunnel import one_tunnel_at_a_time
from bulkhead.network import (
    ANY_CLIENT_PORTS,
    CustomerGateway,
    Listener,
    SaidOf,
    SiteRouting,
    Tunnel,
    VpnConnection,
    tags,
)
from bulkhead.network import Site as PlannedSite

_LARGEST_SIGNED_ASN = 2**31 - 1
_PURPOSE: Final = "what the tunnels negotiate"


class Site(Component):
    """A customer gateway and a VPN connection of two tunnels to the VPC's gateway.

    Produces: aws.ec2.CustomerGateway, VpnConnection, and a VpnConnectionRoute
    per network of the site, none where its device announces them by BGP; where a tunnel logs
    also aws.cloudwatch.LogGroup.
    """

    vpn_connection_id: pulumi.Output[str]
    """Id of the VPN connection."""
    tunnel_addresses: Sequence[pulumi.Output[str]]
    """Public address of AWS's end of each tunnel: what the site's device dials."""
    log_group_name: pulumi.Output[str] | None
    """Where AWS writes down what the tunnels negotiate; None where neither logs."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        site: PlannedSite,
        customer_gateway: CustomerGateway,
        connection: VpnConnection,
        vpn_gateway_id: pulumi.Input[str],
        listeners: Sequence[Listener] = (),
        log_retention: int = 365,
        words: SaidOf | None = None,
        was: Sequence[str] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """A planned site with what is planned of its way here. `listeners` (what waits there) and
        `words` become tags of the connection. `log_retention` is in days."""
        super().__init__(name, topology, opts, words=words, was=was)
        site_tags = {
            tags.SITE: site.name,
            tags.TRUST: tags.TRUSTED if site.trusted else tags.UNTRUSTED,
        }
        asn = str(customer_gateway.asn)
        large = customer_gateway.asn > _LARGEST_SIGNED_ASN
        gateway = aws.ec2.CustomerGateway(
            self.key("customer-gateway"),
            type="ipsec.1",
            ip_address=str(customer_gateway.address),
            bgp_asn=None if large else asn,
            bgp_asn_extended=asn if large else None,
            tags=self.tags(customer_gateway.name, site_tags),
            # AWS has one customer gateway for an address and an ASN, whoever asks for it
            # (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html):
            # it keeps the tags of the stack that asked first, or each run would take it
            # from the other. So what people say, and say otherwise later, is not on it.
            opts=self.child(ignore_changes=["tags", "tagsAll"]),
        )
        first, second = connection.tunnels
        logs = self._logs(connection, log_retention)
        self.log_group_name = logs.name if logs else None
        bgp = connection.routing is SiteRouting.BGP
        vpn = aws.ec2.VpnConnection(
            # AWS changes none from one to the other. By a name of its own the new one can be made
            # first, beside the old one, and its device be told of it.
            self.key("vpn-bgp" if bgp else "vpn"),
            type="ipsec.1",
            customer_gateway_id=gateway.id,
            vpn_gateway_id=vpn_gateway_id,
            static_routes_only=not bgp,
            # AWS makes the keys and hands them to Secrets Manager: they are in no
            # program, no state and no log
            # (docs.aws.amazon.com/vpn/latest/s2svpn/enhanced-security.html).
            preshared_key_storage="SecretsManager",
            **_tunnel(1, first, logs, bgp=bgp),
            **_tunnel(2, second, logs, bgp=bgp),
            tags=self.word_tags(
                connection.name,
                {
                    **site_tags,
                    **tags.client_tag(site.client_ports, ANY_CLIENT_PORTS),
                    **tags.host_port_tags(site.host_ports),
                    **tags.socket_tags(listeners),
                    **(tags.network_tags(connection.routes) if bgp else {}),
                },
            ),
            opts=pulumi.ResourceOptions.merge(
                self.child(),
                pulumi.ResourceOptions(hooks=one_tunnel_at_a_time(self.name, site.name)),
            ),
        )
        for cidr in () if bgp else connection.routes:
            aws.ec2.VpnConnectionRoute(
                self.key("route", cidr),
                vpn_connection_id=vpn.id,
                destination_cidr_block=str(cidr),
                opts=self.child(),
            )
        self.vpn_connection_id = vpn.id
        self.tunnel_addresses = (vpn.tunnel1_address, vpn.tunnel2_address)
        self.register_outputs(
            {"vpnConnectionId": vpn.id, "tunnelAddresses": list(self.tunnel_addresses)}
        )

    def _logs(self, connection: VpnConnection, retention: int) -> aws.cloudwatch.LogGroup | None:
        if not any(each.logs for each in connection.tunnels):
            return None
        return aws.cloudwatch.LogGroup(
            self.key("tunnel-logs"),
            retention_in_days=retention,
            tags=self.word_tags(f"{connection.name} tunnel logs", purpose=_PURPOSE),
            opts=self.child(),
        )


def _log_options(
    tunnel: Tunnel, group: aws.cloudwatch.LogGroup | None, *, bgp: bool
) -> dict[str, Any] | None:
    """None of a tunnel of which nobody said anything: it logs as before. With BGP also what its
    sessions do (docs.aws.amazon.com/vpn/latest/s2svpn/log-contents.html)."""
    if tunnel.logs is None:
        return None
    if not tunnel.logs or group is None:
        return {"cloudwatch_log_options": {"log_enabled": False}}
    kinds = ("", "bgp_") if bgp else ("",)
    where: dict[str, Any] = {}
    for kind in kinds:
        where |= {
            f"{kind}log_enabled": True,
            f"{kind}log_group_arn": group.arn,
            f"{kind}log_output_format": "json",
        }
    return {"cloudwatch_log_options": where}


def _tunnel(
    number: int, tunnel: Tunnel, logs: aws.cloudwatch.LogGroup | None, *, bgp: bool
) -> dict[str, Any]:
    """The VpnConnection arguments of one tunnel, 'tunnel1_…' or 'tunnel2_…'."""
    options = {
        "inside_cidr": str(tunnel.inside_cidr) if tunnel.inside_cidr else None,
        "ike_versions": list(tunnel.ike_versions) or None,
        "phase1_encryption_algorithms": list(tunnel.phase1_encryption) or None,
        "phase1_integrity_algorithms": list(tunnel.phase1_integrity) or None,
        "phase1_dh_group_numbers": list(tunnel.phase1_dh_groups) or None,
        "phase2_encryption_algorithms": list(tunnel.phase2_encryption) or None,
        "phase2_integrity_algorithms": list(tunnel.phase2_integrity) or None,
        "phase2_dh_group_numbers": list(tunnel.phase2_dh_groups) or None,
        "phase1_lifetime_seconds": tunnel.phase1_lifetime,
        "phase2_lifetime_seconds": tunnel.phase2_lifetime,
        "dpd_timeout_action": tunnel.dpd_action,
        "startup_action": tunnel.startup_action,
        "dpd_timeout_seconds": tunnel.dpd_timeout,
        "rekey_margin_time_seconds": tunnel.rekey_margin,
        "rekey_fuzz_percentage": tunnel.rekey_fuzz,
        "replay_window_size": tunnel.replay_window,
        "enable_tunnel_lifecycle_control": tunnel.lifecycle_control,
        "log_options": _log_options(tunnel, logs, bgp=bgp),
    }
    return {f"tunnel{number}_{key}": value for key, value in options.items()}
