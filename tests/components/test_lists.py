"""A fabric whose peers are in a prefix list: AWS is asked what that holds now."""

from __future__ import annotations

from ipaddress import ip_network

import pulumi
import pytest

from bulkhead.components import Fabric
from bulkhead.plan.lock import Lock, lock_text
from tests.components.conftest import Account
from tests.plan.test_lists import HELD, LIST, document, held
from tests.support.topologies import topology_from


@pytest.fixture
def traded(record, tmp_path, monkeypatch):
    """Build a fabric where the list holds these networks now, or AWS does not say."""
    topology_from(tmp_path, document())
    lock = Lock(topology="shop", first=True, lists=held(*HELD))
    (tmp_path / "topology.lock.json").write_text(lock_text(lock))
    monkeypatch.delenv("CI", raising=False)

    def made(*cidrs):
        def call(_account, args):
            assert args.token.endswith(":getManagedPrefixList")
            if None in cidrs:
                raise RuntimeError("UnauthorizedOperation: ec2:DescribeManagedPrefixLists")
            assert args.args["id"] == LIST
            entries = [{"cidr": str(ip_network(each)), "description": ""} for each in cidrs]
            return {"id": LIST, "entries": entries}

        monkeypatch.setattr(Account, "call", call)
        ended = []

        def program():
            try:
                Fabric("shop", topology=tmp_path / "topology.yaml")
            except pulumi.RunError as error:
                ended.append(str(error))

        return len(record(program).children), "".join(ended)

    return made


def test_a_list_that_holds_what_it_held_is_built(traded):
    registered, said = traded(*HELD)
    assert registered
    assert said == ""


def test_a_list_that_has_changed_ends_the_program_before_anything_is_made(traded):
    registered, said = traded(*HELD[1:], "192.0.2.0/24")
    assert registered == 0
    assert "holds 192.0.2.0/24, of which the plan knows nothing" in said
    assert "no longer holds 198.51.100.0/25, which the plan lets through" in said
    assert "run `bulkhead adopt` again" in said


def test_who_may_not_ask_for_the_list_makes_nothing(traded):
    with pytest.raises(RuntimeError, match="ec2:DescribeManagedPrefixLists"):
        traded(None)
