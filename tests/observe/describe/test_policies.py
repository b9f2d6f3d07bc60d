"""A network ACL that Firewall Manager keeps is known by the tag that it gives it."""

import pytest

from bulkhead.network.fingerprint import fingerprint
from bulkhead.observe.snapshots.needed import needed


@pytest.mark.parametrize(("value", "kept"), [("true", True), ("false", False), (None, False)])
def test_firewall_manager_keeps_what_its_tag_says(account, value, kept):
    before = fingerprint(account.observe())
    acl = account.thing("NetworkAcls", "acl-feed")
    if value is not None:
        acl.setdefault("Tags", []).append({"Key": "FMManaged", "Value": value})
    found = account.observe()
    assert found.nacl["acl-feed"].by_policy is kept
    assert fingerprint(found) == before, "it decides no packet"


def test_a_snapshot_keeps_that_tag():
    tags = [{"Key": "FMManaged", "Value": "true"}]
    every = [*tags, {"Key": "cost-centre", "Value": "7"}]
    assert needed("NetworkAcls", {"NetworkAclId": "acl-1", "Tags": every})["Tags"] == tags
