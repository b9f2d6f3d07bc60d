"""`bulkhead drill` answers what `bulkhead check` answers, and says beside it what was measured."""

from dataclasses import replace

import pytest

from bulkhead import twin
from bulkhead.network import Verdict, Vpc
from bulkhead.sources import one_vpc, open_source
from bulkhead.twin import Drill, Measurement, Party, PartyKind, Unavailable
from tests.support.aws_ids import with_aws_ids
from tests.support.dumps import as_files, write
from tests.support.estate import entry


@pytest.fixture(autouse=True)
def no_twin(monkeypatch):
    """A machine on which no drill can run."""
    monkeypatch.setattr(twin, "availability", lambda: Unavailable("no namespaces here"))


@pytest.fixture
def twin_says(monkeypatch):
    """A twin that saw one connection, along a declared flow between two services."""

    def drill(allowed, evidence):
        def run(network, flows, asked, progress):
            flow = next(each for each in flows if network.interfaces_of(each.client))
            ends = (party(network, flow.client), party(network, flow.server.owner))
            seen = Measurement(
                source=ends[0],
                target=ends[1],
                port=flow.server.ports.first,
                listener=flow.server,
                flow=flow,
                allowed=allowed,
                evidence=evidence,
            )
            return Drill(measurements=(seen,), seconds=0.1)

        monkeypatch.setattr(twin, "availability", lambda: None)
        monkeypatch.setattr(twin, "drill", run)

    return drill


def party(network, service):
    (found, *_) = network.interfaces_of(service)
    return Party(
        kind=PartyKind.INTERFACE,
        id=found.id,
        name=found.name,
        address=found.address,
        service=service,
    )


@pytest.fixture
def account(trading, tmp_path):
    """What AWS shows of the example, with more entries in one NACL than were planned."""

    def built(*entries):
        network = open_source(str(trading)).network
        acls = tuple(
            replace(each, entries=(*each.entries, *map(entry, entries)))
            if each.name == "risk.risk"
            else each
            for each in network.nacls
        )
        files = as_files(with_aws_ids(replace(network, nacls=acls)))
        return write(files, tmp_path / "account")

    return built


UNPLANNED = "in 5 allow tcp 22 10.20.0.0/16"
"""Every other layer is as planned, so today no packet gets further by it."""


def words(answer):
    return " ".join(answer.out.split())


def test_what_was_built_as_planned_is_as_declared_though_no_drill_can_run(ask, trading, account):
    answer = ask("drill", account(), "--for", trading)
    assert answer.code == 0, answer.err
    assert "AS DECLARED" in answer.out
    assert "proved, not drilled: no namespaces here" in words(answer)


def test_what_stands_beside_the_vpc_of_the_topology_is_no_difference(ask, trading, tmp_path):
    network = with_aws_ids(open_source(str(trading)).network)
    beside = replace(network.vpcs[0], id="vpc-0b51de", name="beside", topology=None)
    folder = write(as_files(replace(network, vpcs=(*network.vpcs, beside))), tmp_path / "account")
    checked = ask("check", trading, "--on", folder)
    drilled = ask("drill", folder, "--for", trading)
    assert (checked.code, drilled.code) == (0, 0), drilled.out


def test_an_entry_that_no_plan_has_gets_one_answer_from_check_and_drill(ask, trading, account):
    folder = account(UNPLANNED)
    checked = ask("check", trading, "--on", folder)
    drilled = ask("drill", folder, "--for", trading)
    assert (checked.code, drilled.code) == (1, 1)
    for answer in (checked, drilled):
        assert "holds an entry that no plan has: ingress 5: allow tcp 22" in words(answer)
        assert "is not what trading declares: 1 not planned" in words(answer)
        assert "exactly" not in answer.out
    alone = ask("check", trading, "--on", folder, "--json").json
    beside = ask("drill", folder, "--for", trading, "--json").json["check"]
    assert beside["verdict"] == alone["verdict"] == "not as declared"
    assert beside["findings"] == alone["findings"] != []


def test_a_network_that_is_not_as_declared_is_a_no_though_the_twin_agrees_with_the_proof(
    ask, trading, account, twin_says
):
    twin_says(True, "a message went through")
    folder = account(UNPLANNED)
    answer = ask("drill", folder, "--for", trading)
    assert answer.code == 1
    assert "NOT AS DECLARED" in answer.out
    assert "each as proved" in words(answer)
    assert ask("drill", folder, "--for", trading, "--json").json["verdict"] == "as proved"
    assert ask("drill", account(), "--for", trading).code == 0


def test_a_drill_that_is_required_and_cannot_run_is_a_no(ask, trading):
    assert ask("drill", trading).code == 0
    answer = ask("drill", trading, "--require")
    assert answer.code == 1
    assert "NOT DRILLED" in answer.out
    assert "AS DECLARED" not in answer.out
    assert "no namespaces here" in words(answer)


def test_a_drill_that_is_required_and_runs_is_judged_by_what_it_says(ask, trading, twin_says):
    twin_says(True, "a message went through")
    assert ask("drill", trading, "--require").code == 0


def test_a_declared_connection_that_was_refused_contradicts_the_proof(ask, trading, twin_says):
    twin_says(False, "refused")
    answer = ask("drill", trading)
    assert answer.code == 1
    assert "PROOF AND DRILL DISAGREE" in answer.out
    assert "!" in answer.out
    document = ask("drill", trading, "--json").json
    assert (document["verdict"], document["agreed"]) == ("not as proved", 0)
    (found,) = document["disagreements"]
    assert (found["proved"], found["measured"], found["evidence"]) == (
        Verdict.ALLOWED,
        Verdict.DENIED,
        "refused",
    )
    measured = [each["measured"] for each in document["matrix"] if each["measured"]]
    assert measured == ["denied"]


@pytest.fixture
def small_twin(monkeypatch):
    """A machine on which a drill can run, of ten connections at most."""
    whole = twin.too_large
    monkeypatch.setattr(twin, "availability", lambda: None)
    monkeypatch.setattr(twin, "too_large", lambda network, asked: whole(network, 10, asked))
    monkeypatch.setattr("bulkhead.cli.drill.prove", lambda _: pytest.fail("it was proved"))


def test_a_network_too_large_to_drill_is_refused_before_anything_is_done(ask, account, small_twin):
    folder = account()
    answer = ask("drill", folder)
    assert answer.code == 2
    assert "24 hosts" in answer.err
    assert f"{twin.MOST:,} connections that a twin tries in its 120 s" in answer.err
    assert f"bulkhead prove {folder}" in answer.err
    refused = ask("drill", folder, "--json")
    assert "24 hosts" in refused.json["errors"][0]["what"]


def test_a_network_too_large_to_drill_names_a_vpc_of_it_that_is_not(
    ask, trading, tmp_path, small_twin, monkeypatch
):
    network = with_aws_ids(open_source(str(trading)).network)
    beside = replace(network.vpcs[0], id="vpc-0b51de", name="beside", topology=None)
    folder = write(as_files(replace(network, vpcs=(*network.vpcs, beside))), tmp_path / "account")
    found = twin.TooLarge(hosts=1_054, ports=7_611, alone={beside.id: 9_000})
    monkeypatch.setattr(twin, "too_large", lambda _, **_asked: found)
    answer = ask("drill", folder)
    assert answer.code == 2
    assert "1,054 hosts and 7,611 ports" in answer.err
    assert f"one VPC, of about 9,000: bulkhead drill {folder}/vpc-0b51de" in answer.err
    assert [each.id for each in open_source(f"{folder}/vpc-0b51de").network.vpcs] == [beside.id]


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("aws", "aws/vpc-1"),
        ("aws:eu-west-1", "aws:eu-west-1/vpc-1"),
        ("aws:*", "aws:eu-west-1/vpc-1"),
        ("aws:eu-west-1,eu-north-1", "aws:eu-west-1/vpc-1"),
        ("aws/vpc-1", None),
        ("aws:eu-west-1/blue", None),
        ("nowhere.json/vpc-1", None),
    ],
)
def test_one_vpc_of_a_source_is_named_where_a_source_can_be_one(source, part):
    vpc = Vpc(id="vpc-1", name="one", region="eu-west-1", cidrs=())
    assert one_vpc(source, vpc) == part


def test_a_topology_is_drilled_whole(trading):
    assert one_vpc(str(trading), open_source(str(trading)).network.vpcs[0]) is None
