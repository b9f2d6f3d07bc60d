"""Both tunnels of each site are watched, and somebody is told."""

from __future__ import annotations

import json

import pytest

from bulkhead.components.fabric.build import build
from bulkhead.plan import plan
from tests.components.conftest import TOPOLOGY
from tests.support.topologies import topology_from

TOPIC = "arn:aws:sns:eu-west-1:123456789012:network"
WATCHED = f'{TOPOLOGY}\n    monitoring: {{ notify: "{TOPIC}" }}\n'
QUIET = ("gateway: {", "tunnels: { logs: none }\n        gateway: {")


@pytest.fixture
def watched(tmp_path, record):
    return lambda text=WATCHED: record(lambda: build(plan(topology_from(tmp_path, text))))


def test_each_tunnel_of_a_site_has_an_alarm_of_its_own(watched):
    made = watched()
    alarms = [each.inputs for each in made.of("MetricAlarm")]
    states = [each for each in alarms if each["metricName"] == "TunnelState"]
    (vpn,) = made.of("VpnConnection")
    assert [each["dimensions"] for each in states] == [
        {"VpnId": f"{vpn.name}-id", "TunnelIpAddress": f"198.51.100.{number}"} for number in (1, 2)
    ]
    for each in states:
        assert (each["comparisonOperator"], each["threshold"]) == ("LessThanThreshold", 1)
        assert each["treatMissingData"] == "breaching"
    assert all(each["alarmActions"] == each["okActions"] == [TOPIC] for each in alarms)


def test_proposals_that_aws_refused_are_counted_where_tunnels_log(watched):
    made = watched()
    (counted,) = made.of("LogMetricFilter")
    (alarm,) = [each for each in made.of("MetricAlarm") if each.name.endswith("-refused")]
    assert counted.inputs["pattern"] == '"No Proposal"'
    assert counted.inputs["metricTransformation"]["name"] == alarm.inputs["metricName"]
    silent = watched(WATCHED.replace(*QUIET))
    assert not silent.of("LogMetricFilter")
    assert len(silent.of("MetricAlarm")) == 2


def test_what_aws_health_says_of_a_connection_goes_to_the_same_topic(watched):
    made = watched()
    (rule,), (target,) = made.of("EventRule"), made.of("EventTarget")
    (vpn,) = made.of("VpnConnection")
    assert json.loads(rule.inputs["eventPattern"]) == {
        "source": ["aws.health"],
        "detail-type": ["AWS Health Event"],
        "detail": {"service": ["VPN"]},
        "resources": [f"{vpn.name}-id"],
    }
    assert target.inputs["arn"] == TOPIC


def test_a_dashboard_shows_each_site(watched):
    (board,) = watched().of("Dashboard")
    up, carried = json.loads(board.inputs["dashboardBody"])["widgets"]
    assert up["properties"]["title"] == "venue: tunnels up"
    assert len(carried["properties"]["metrics"]) == 4
    assert board.inputs["dashboardName"].replace("-", "").isalnum()


def test_nothing_is_watched_unless_somebody_asks(watched):
    made = watched(TOPOLOGY)
    assert not made.of("MetricAlarm") + made.of("Dashboard") + made.of("EventRule")
