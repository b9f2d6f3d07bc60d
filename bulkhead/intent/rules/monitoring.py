"""Whether there is something to be watched, and somebody to be told."""

from __future__ import annotations

from bulkhead.intent.complaints import Complain
from bulkhead.intent.topics import region_of_topic
from bulkhead.intent.written import WrittenTopology


def judge_monitoring(written: WrittenTopology, complain: Complain) -> None:
    """Alarms are of tunnels, and tell a topic of their own Region
    (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html)."""
    monitoring = written.monitoring
    if monitoring is None:
        return
    if not written.sites:
        what = "monitoring: there is no site, and so no tunnel to be watched"
        complain(("monitoring",), what, "remove it")
    topic = monitoring.notify
    if topic and written.region and region_of_topic(topic) != written.region:
        complain(
            ("monitoring", "notify"),
            f"monitoring, notify: the topic is in {region_of_topic(topic)}, and alarms of "
            f"{written.region} tell topics there alone",
            f"name a topic of {written.region}",
        )
