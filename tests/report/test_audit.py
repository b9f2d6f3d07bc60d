"""An audit on a console: what is said once is said of all that it is about."""

from dataclasses import replace
from datetime import date
from io import StringIO

from rich.console import Console

from bulkhead.audit import Evidence, Framework, Suppression, audit, of
from bulkhead.report.audit import print_audit
from tests.support.estate import Estate
from tests.support.growth import grows_linearly


def said(*suppressions):
    estate = Estate()
    estate.subnet("subnet-1", "10.0.1.0/24")
    estate.subnet("subnet-2", "10.0.2.0/24")
    network = estate.build()
    subnets = tuple(replace(each, public_on_launch=True) for each in network.subnets)
    evidence = Evidence(network=replace(network, subnets=subnets))
    console = Console(file=StringIO(), width=400)
    found = audit(evidence, of([Framework.FSBP]), suppressions=suppressions)
    print_audit(console, "aws", found)
    return console.file.getvalue()


def test_four_times_the_failures_are_four_times_the_printing():
    def printing(count):
        estate = Estate()
        for each in range(count):
            estate.subnet(f"subnet-{each}", f"10.0.{each}.0/24")
        network = estate.build()
        public = tuple(replace(each, public_on_launch=True) for each in network.subnets)
        evidence = Evidence(network=replace(network, subnets=public))
        found = audit(evidence, of([Framework.FSBP]))
        return lambda: print_audit(Console(file=StringIO(), width=400), "aws", found)

    assert grows_linearly(printing, start=40)


def excuse(resource, owner):
    return Suppression(
        check="subnet-gives-no-public-address",
        control="",
        resource=resource,
        reason="a landing place",
        owner=owner,
        expires=date(2999, 1, 1),
        file="x.yaml",
        line=2,
    )


def test_what_fares_alike_is_said_once_and_what_mends_each_is_said_of_each():
    text = said()
    assert text.count("what is started there gets a public address") == 1
    for each in ("subnet-1", "subnet-2"):
        assert f"--subnet-id {each} --no-map-public-ip-on-launch" in text


def test_each_is_told_with_whoever_answers_for_it():
    text = said(excuse("subnet-1", "anne"), excuse("subnet-2", "bert"))
    assert "by anne: a landing place" in text
    assert "by bert: a landing place" in text


def test_one_rule_that_fails_several_checks_is_shown_once_and_named_by_the_others():
    estate = Estate()
    estate.subnet("subnet-1", "10.0.1.0/24")
    estate.group("web", "in tcp 22 0.0.0.0/0")
    estate.host("h1", "subnet-1", "10.0.1.10", "web")
    console = Console(file=StringIO(), width=400)
    found = audit(Evidence(network=estate.build()), of([Framework.FSBP]))
    print_audit(console, "aws", found)
    text = console.file.getvalue()
    assert text.count("tcp 22 from 0.0.0.0/0\n") == 1
    assert text.count("by what is shown under group-port-22") == 3
    for check in ("group-admin-ports-ipv4", "group-authorised-ports", "group-high-risk-ports"):
        assert f"[{check}: " in text
