"""`bulkhead plan --quotas`: the account is asked once, and its lock remembers."""

from __future__ import annotations

import json

import pytest

from bulkhead.observe import ObserveError, QuotasTold, live
from bulkhead.plan import lock_path


@pytest.fixture
def account(monkeypatch):
    """Which quotas an account has; the Regions that it is asked for."""
    told, asked = {"rules-per-group": 100, "entries-per-acl": 30}, []

    def read_quotas(region):
        asked.append(region)
        if not told:
            raise ObserveError("servicequotas:GetServiceQuota is denied")
        return QuotasTold(region=region, told=dict(told), untold=("vpns-per-gateway",))

    monkeypatch.setattr(live, "read_quotas", read_quotas)
    return told, asked


def test_what_is_told_stands_in_the_lock_and_the_next_plan_asks_nobody(ask, trading, account):
    told, asked = account
    said = ask("plan", trading, "--quotas", "aws")
    assert said.code == 0, said.err
    assert "quotas of the account in eu-west-1" in said.err
    assert "nothing of vpns-per-gateway" in said.err
    assert asked == ["eu-west-1"]
    assert '"quota rules-per-group": 100,' in lock_path(trading).read_text()
    assert "rules-per-group: 100, " in said.out
    assert "as the account told" in said.out
    again = ask("plan", trading, "--json")
    assert again.code == 0
    document = json.loads(again.out)
    assert document["quotas"]["entries-per-acl"] == 30
    assert document["account_quotas"] == told
    assert asked == ["eu-west-1"]


def test_asked_again_the_lock_has_what_is_so_now(ask, trading, account):
    told, _ = account
    assert ask("plan", trading, "--quotas", "aws:eu-west-1").code == 0
    del told["entries-per-acl"]
    told["rules-per-group"] = 120
    assert ask("plan", trading, "--quotas", "aws").code == 0
    lines = [line for line in lock_path(trading).read_text().splitlines() if '"quota ' in line]
    assert lines == ['  "quota rules-per-group": 120,']


def test_where_it_cannot_be_asked_nothing_is_written(ask, trading, account):
    account[0].clear()
    before = lock_path(trading).read_bytes()
    said = ask("plan", trading, "--quotas", "aws")
    assert said.code == 2
    assert "is denied" in said.err
    assert lock_path(trading).read_bytes() == before


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("dump", "is no account that has quotas"),
        ("aws:eu-west-1/vpc-1", "is no account that has quotas"),
        ("aws:us-east-1", "is eu-west-1, and quotas are of each Region apart"),
        ("aws:*", "quotas are of each Region apart"),
    ],
)
def test_what_is_no_account_or_another_region_is_refused(ask, trading, account, source, told):
    said = ask("plan", trading, "--quotas", source)
    assert said.code == 2
    assert told in said.err
    assert account[1] == []


def test_on_a_build_server_no_lock_is_written(ask, trading, account, monkeypatch):
    monkeypatch.setenv("CI", "true")
    said = ask("plan", trading, "--quotas", "aws")
    assert said.code == 2
    assert "no lock is written" in said.err
