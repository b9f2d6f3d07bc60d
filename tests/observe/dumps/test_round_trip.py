"""Any network, written as the AWS CLI would, is read as the network it is."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, example, given

from bulkhead.observe.dumps.dump import dump
from tests.support.aws_ids import as_aws_shows, can_be_shown
from tests.support.dumps import as_files, write
from tests.support.estate import ANYWHERE, Estate
from tests.support.examples import examples
from tests.support.messy import networks
from tests.support.regions import in_folders
from tests.support.verdicts import differing, verdicts
from tests.support.wide import wide_networks

slow = examples(1 / 4, HealthCheck.filter_too_much, shrink=False)


def assert_same(network, seen):
    before, after = verdicts(network), verdicts(seen)
    assert before.keys() == after.keys()
    assert differing(before, after) == []


def read(files):
    with tempfile.TemporaryDirectory() as folder:
        return dump(write(files, Path(folder)))


@slow
@given(networks(known=True))
def test_the_verdicts_survive_within_vpcs(network):
    shown = as_aws_shows(network)
    assume(can_be_shown(shown))
    assert_same(shown, read(as_files(shown)))


@slow
@given(wide_networks(known=True))
def test_the_verdicts_survive_between_vpcs_and_regions_that_nothing_but_the_records_tells(network):
    shown = as_aws_shows(network)
    assume(can_be_shown(shown))
    assert_same(shown, read(as_files(shown)))


def balanced():
    """Found by a random network: a balancer alone makes icmpv6 a protocol of its own."""
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("open", *ANYWHERE)
    estate.host("front", "a", "10.0.1.10", "open", kind="load-balancer")
    estate.balancer("lb", ["front"], "udp 80")
    return estate.build()


@slow
@given(wide_networks(known=True))
@example(balanced())
def test_the_verdicts_survive_in_a_folder_for_each_region(network):
    shown = as_aws_shows(network)
    assume(can_be_shown(shown))
    assert_same(shown, read(in_folders(shown)))
