"""What differs as entries."""

from bulkhead.audit import Outcome
from bulkhead.compare import ChangeKind, compare
from bulkhead.lint import Severity
from bulkhead.network import Origin, Origins
from bulkhead.report.sheets.diff import KINDS, diff
from tests.support.respelt import renamed
from tests.support.shop import shop, with_rule, without_entry, without_rule

NETWORK, _ = shop()


def asked(before, after, **more):
    return diff("a", "b", (before, after), compare(before, after), **more)


def test_every_kind_of_change_is_a_kind_of_entry():
    assert set(KINDS) == set(ChangeKind)


def test_what_opens_says_by_which_rule_and_lies_where_that_is_written():
    after = with_rule(NETWORK, "sg-store", "in tcp 22 sg-idle")
    after = with_rule(after, "sg-idle", "out tcp 22 sg-store")
    rule = after.security_group["sg-store"].rules[-1]
    line = Origin(file="shop.yaml", line=9)
    known = Origins(rules=lambda id_: {rule: line} if id_ == "sg-store" else {})
    sheet = asked(NETWORK, after, origins=(None, known))
    assert not sheet.ok
    (opened,) = [each for each in sheet.entries if each.subject == "idle -> store"]
    assert (opened.kind.id, opened.grade) == ("flow-opened", Severity.MEDIUM)
    assert opened.origin == line
    assert any("sg-store" in each for each in opened.evidence)


def test_a_reply_that_is_lost_is_told_and_what_is_the_same_passes():
    lost = without_entry(NETWORK, "acl-back", "out 200 allow tcp 32768-60999 10.0.1.0/24")
    kinds = {each.kind.id for each in asked(NETWORK, lost).of(Outcome.FAIL)}
    assert kinds == {"flow-half-broken", "flow-closed"}
    (same,) = asked(NETWORK, NETWORK).entries
    assert same.outcome is Outcome.PASS


def test_a_change_is_the_same_one_when_aws_makes_up_other_ids():
    closed = without_rule(NETWORK, "sg-store", NETWORK.security_group["sg-store"].rules[0].id)
    one, other = (asked(NETWORK, renamed(closed, mark)) for mark in ("x-", "y-"))
    assert one.entries
    assert [each.fingerprint for each in one.every] == [each.fingerprint for each in other.every]
