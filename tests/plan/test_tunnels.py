"""What a plan gives each tunnel of a site: a change reaches one tunnel after the other."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.audit import Evidence, Outcome
from bulkhead.audit.checks.tunnels import ALARMED, LOGGED
from bulkhead.network import Tunnel
from bulkhead.network.inventory import Inventory
from bulkhead.network.monitoring import TunnelMonitoring
from bulkhead.plan import plan
from bulkhead.plan.lock import lock_of, lock_text
from bulkhead.plan.monitoring import alarms_as_listed
from bulkhead.plan.tunnels import tunnels_as_listed, with_next_tunnel
from bulkhead.problems import InputError
from tests.support.examples import examples
from tests.support.topologies import HEAD, topology_from


def topology(folder: Path, **tunnels):
    site = {"cidrs": ["192.168.10.0/24"], "gateway": {"address": "203.0.113.10"}}
    if tunnels:
        site["tunnels"] = {key.replace("_", "-"): value for key, value in tunnels.items()}
    return topology_from(
        folder,
        {
            **HEAD,
            "segments": {"left": {"purpose": "x"}},
            "sites": {"venue": site},
            "services": {"a": {"segment": "left"}},
        },
    )


def tunnels(planned):
    return planned.network.vpn_connections[0].tunnels


def changed(before, after):
    return [one != other for one, other in zip(tunnels(before), tunnels(after), strict=True)]


@pytest.fixture
def asked(tmp_path):
    return lambda **said: topology(tmp_path, **said)


@pytest.fixture
def standing(asked):
    """A topology as it was planned before tunnels had options of their own."""
    made = plan(asked(logs="none"))
    return replace(made.lock, options={})


def test_a_new_connection_logs_and_one_that_stands_does_as_before(asked, standing):
    assert [each.logs for each in tunnels(plan(asked()))] == [True, True]
    kept = plan(asked(), standing)
    assert [each.logs for each in tunnels(kept)] == [None, None]
    assert kept.lock == standing


def test_a_lock_remembers_what_tunnels_were_given(asked):
    made = plan(asked(startup="start", dpd_timeout=60))
    again = lock_of("shop.lock.json", lock_text(made.lock).encode())
    assert again == made.lock
    assert '"option venue/2 startup": "start"' in lock_text(made.lock)
    # What was said once stays until something else is said.
    assert tunnels(plan(asked(), again)) == tunnels(made)


def test_a_change_reaches_tunnel_1_and_tunnel_2_waits_until_somebody_says_so(asked, standing):
    before = plan(asked(), standing)
    first = plan(asked(logs="cloudwatch", startup="start"), before.lock)
    assert changed(before, first) == [True, False]
    (told,) = first.warnings
    assert "both at once would cut the site off" in told.what
    assert "bulkhead plan --next-tunnel venue" in told.remedy
    again = plan(asked(logs="cloudwatch", startup="start"), first.lock)
    assert changed(first, again) == [False, False]
    moved = with_next_tunnel(asked(logs="cloudwatch", startup="start"), first.lock, "venue")
    second = plan(asked(logs="cloudwatch", startup="start"), moved)
    assert changed(first, second) == [False, True]
    assert not second.warnings
    one, two = tunnels(second)
    assert replace(one, inside_cidr=None) == replace(two, inside_cidr=None)


def test_nothing_waits_where_both_tunnels_have_the_same(asked, standing):
    assert with_next_tunnel(asked(), standing, "venue") is None


def test_a_site_that_is_called_otherwise_keeps_its_options(tmp_path, asked):
    made = plan(asked(startup="start"))
    renamed = topology_from(
        tmp_path,
        {
            **HEAD,
            "segments": {"left": {"purpose": "x"}},
            "sites": {
                "market": {
                    "was": "venue",
                    "cidrs": ["192.168.10.0/24"],
                    "gateway": {"address": "203.0.113.10"},
                }
            },
            "services": {"a": {"segment": "left"}},
        },
    )
    after = plan(renamed, made.lock)
    assert tunnels(after) == tunnels(made)
    assert set(after.lock.options) == {("market", 1), ("market", 2)}


@pytest.mark.parametrize(
    "line",
    [
        '"option venue/3 startup": "start"',
        '"option venue/1 startup": "later"',
        '"option venue/1 key": "secret"',
        '"option venue/1 dpd-timeout": "60"',
    ],
)
def test_a_line_that_says_nothing_of_a_tunnel_is_refused_with_its_number(asked, line):
    text = lock_text(plan(asked()).lock).replace("{\n", "{\n  " + line + ",\n", 1)
    with pytest.raises(InputError, match="says nothing of a tunnel") as told:
        lock_of("shop.lock.json", text.encode())
    assert told.value.problems[0].line == 2


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "startup": st.sampled_from(["add", "start"]),
        "dpd_action": st.sampled_from(["clear", "none", "restart"]),
        "dpd_timeout": st.integers(30, 100),
        "rekey_margin": st.integers(60, 1_800),
        "lifecycle_control": st.booleans(),
        "logs": st.sampled_from(["cloudwatch", "none"]),
    },
)


@examples(1 / 2)
@given(steps=st.lists(st.tuples(OPTIONS, st.booleans()), min_size=1, max_size=5))
def test_no_plan_changes_both_tunnels_of_a_site_that_stands(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("steps")
    before = plan(topology(folder))
    for said, go_on in steps:
        wanted = topology(folder, **said)
        lock = (go_on and with_next_tunnel(wanted, before.lock, "venue")) or before.lock
        after = plan(wanted, lock)
        assert changed(before, after) != [True, True]
        assert bool(after.warnings) == (
            replace(tunnels(after)[0], inside_cidr=None)
            != replace(tunnels(after)[1], inside_cidr=None)
        )
        before = after


def test_every_option_that_a_tunnel_may_have_by_itself_is_planned_by_its_own_name(asked):
    said = {
        "startup": "start",
        "dpd_action": "restart",
        "dpd_timeout": 45,
        "rekey_margin": 300,
        "rekey_fuzz": 50,
        "replay_window": 128,
        "lifecycle_control": True,
        "logs": "none",
    }
    made, plain = tunnels(plan(asked(**said)))[0], tunnels(plan(asked()))[0]
    differing = [
        each.name
        for each in fields(Tunnel)
        if getattr(made, each.name) != getattr(plain, each.name)
    ]
    assert len(differing) == len(said)


@pytest.mark.parametrize(
    ("said", "outcome"), [({}, Outcome.PASS), ({"logs": "none"}, Outcome.FAIL)]
)
def test_an_audit_of_a_plan_decides_whether_tunnels_log(asked, said, outcome):
    made = plan(asked(**said))
    beside = Inventory(tunnels=tunnels_as_listed(made.network))
    (found,) = LOGGED(Evidence(network=made.network, inventory=beside))
    assert found.outcome is outcome


@pytest.mark.parametrize(
    ("monitored", "outcomes"), [(True, [Outcome.PASS]), (False, [Outcome.NOT_DECIDED])]
)
def test_a_plan_tells_whether_it_watches_and_not_that_nobody_does(asked, monitored, outcomes):
    made = plan(asked())
    sites = tuple(each.name for each in made.network.sites)
    watch = TunnelMonitoring(name="shop", notify="arn", sites=sites) if monitored else None
    beside = Inventory(
        tunnels=tunnels_as_listed(made.network),
        tunnel_alarms=alarms_as_listed(watch, made.network),
    )
    found = ALARMED(Evidence(network=made.network, inventory=beside))
    assert [each.outcome for each in found] == outcomes
