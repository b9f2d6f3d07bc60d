"""Alarms for the tunnels of sites, what AWS Health says of them, and a dashboard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from bulkhead.components.base import Component
from bulkhead.components.site import Site
from bulkhead.network import (
    METRIC_PERIOD,
    OWN_METRICS,
    REFUSED_PROPOSALS,
    TUNNEL_DIMENSION,
    TUNNEL_METRICS,
    TUNNEL_STATE,
    VPN_DIMENSION,
    TunnelMonitoring,
)

_PURPOSE: Final = "tells when a tunnel is down"
_WIDTH: Final = 12
"""Of the 24 columns of a dashboard: two widgets a row."""


class TunnelAlarms(Component):
    """An alarm for each tunnel of the sites, and one for proposals that AWS refused where tunnels
    log; a rule that hands on what AWS Health says of their connections; a dashboard.

    Produces: aws.cloudwatch.MetricAlarm, LogMetricFilter, EventRule, EventTarget, Dashboard.
    """

    dashboard_name: pulumi.Output[str]
    """What the dashboard is called."""

    def __init__(
        self,
        name: str,
        topology: str,
        *,
        monitoring: TunnelMonitoring,
        sites: Mapping[str, Site],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`sites` are the components of all that are watched, by name."""
        super().__init__(name, topology, opts)
        self._notify = monitoring.notify
        watched = {each: sites[each] for each in monitoring.sites}
        for site, made in watched.items():
            for number, address in enumerate(made.tunnel_addresses, start=1):
                self._alarm(
                    f"{site}-{number}",
                    f"tunnel {number} of site {site}, topology {topology}, is down",
                    namespace=TUNNEL_METRICS,
                    metric_name=TUNNEL_STATE,
                    dimensions={VPN_DIMENSION: made.vpn_connection_id, TUNNEL_DIMENSION: address},
                    statistic="Minimum",
                    comparison_operator="LessThanThreshold",
                    threshold=1,
                    # A tunnel that is gone reports nothing.
                    treat_missing_data="breaching",
                )
        for site in monitoring.logged:
            if (group := sites[site].log_group_name) is not None:
                self._refused_proposals(site, group)
        self._announced([each.vpn_connection_id for each in watched.values()])
        self.dashboard_name = self._dashboard(watched, region)
        self.register_outputs({"dashboardName": self.dashboard_name})

    def _alarm(self, key: str, said: str, **measured: Any) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            self.key(key),
            alarm_description=said,
            **measured,
            period=METRIC_PERIOD,
            evaluation_periods=1,
            alarm_actions=[self._notify],
            ok_actions=[self._notify],
            tags=self.word_tags(said, purpose=_PURPOSE),
            opts=self.child(),
        )

    def _refused_proposals(self, site: str, group: pulumi.Output[str]) -> None:
        """A device that offers less than the plan: AWS refuses it, and says so in the logs."""
        metric = f"{self.topology}-{site}-refused-proposals"
        aws.cloudwatch.LogMetricFilter(
            self.key(site, "refused-proposals"),
            log_group_name=group,
            pattern=REFUSED_PROPOSALS,
            metric_transformation={"name": metric, "namespace": OWN_METRICS, "value": "1"},
            opts=self.child(),
        )
        self._alarm(
            f"{site}-refused",
            f"the device of site {site}, topology {self.topology}, offers other algorithms",
            namespace=OWN_METRICS,
            metric_name=metric,
            statistic="Sum",
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
        )

    def _announced(self, connections: Sequence[pulumi.Output[str]]) -> None:
        """Replacements of tunnel endpoints, and a lost redundancy
        (docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-vpn-health-events.html)."""
        pattern = pulumi.Output.all(*connections).apply(
            lambda ids: json.dumps(
                {
                    "source": ["aws.health"],
                    "detail-type": ["AWS Health Event"],
                    "detail": {"service": ["VPN"]},
                    "resources": list(ids),
                }
            )
        )
        rule = aws.cloudwatch.EventRule(
            self.key("health"),
            description=f"what AWS Health says of the VPN connections of {self.topology}",
            event_pattern=pattern,
            tags=self.word_tags(f"{self.topology} VPN health", purpose=_PURPOSE),
            opts=self.child(),
        )
        aws.cloudwatch.EventTarget(
            self.key("health", "target"), rule=rule.name, arn=self._notify, opts=self.child()
        )

    def _dashboard(self, watched: Mapping[str, Site], region: str) -> pulumi.Output[str]:
        sites = {
            name: pulumi.Output.all(made.vpn_connection_id, *made.tunnel_addresses)
            for name, made in watched.items()
        }
        body = pulumi.Output.all(**sites).apply(
            lambda known: json.dumps({"widgets": [*_widgets(known, region)]})
        )
        made = aws.cloudwatch.Dashboard(
            self.key("dashboard"),
            dashboard_name=self.key("tunnels", pulumi.get_stack()).replace(".", "-"),
            dashboard_body=body,
            opts=self.child(),
        )
        return made.dashboard_name


def _widgets(known: Mapping[str, Sequence[str]], region: str) -> Iterator[dict[str, Any]]:
    """Of each site whether its tunnels are up, and beside that what they carry.

    (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html)
    """
    for row, (site, (connection, *addresses)) in enumerate(known.items()):
        for column, (title, names, statistic) in enumerate(
            (
                ("tunnels up", (TUNNEL_STATE,), "Minimum"),
                ("bytes", ("TunnelDataIn", "TunnelDataOut"), "Sum"),
            )
        ):
            yield {
                "type": "metric",
                "x": column * _WIDTH,
                "y": row * 6,
                "width": _WIDTH,
                "height": 6,
                "properties": {
                    "title": f"{site}: {title}",
                    "region": region,
                    "stat": statistic,
                    "period": METRIC_PERIOD,
                    "metrics": [
                        [TUNNEL_METRICS, name, VPN_DIMENSION, connection, TUNNEL_DIMENSION, address]
                        for name in names
                        for address in addresses
                    ],
                },
            }
