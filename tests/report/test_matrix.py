"""The flow matrix says of every pair what was declared, proved and measured."""

import dataclasses
import io

import pytest
from rich.console import Console

from bulkhead.agree import tabulate
from bulkhead.network import Network, Unlisted, Unmodelled, Verdict
from bulkhead.prove import prove
from bulkhead.report.matrix import print_matrix
from tests.support.estate import OPEN, Estate

NOTHING = Network()


def text(matrix, encoding="utf-8", network=NOTHING):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print_matrix(Console(file=file, width=160, color_system=None), network, matrix)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


def pair(matrix, sender, socket):
    return next(
        each
        for (row, column), each in matrix.pairs.items()
        if (row.name, column.name) == (sender, socket)
    )


def test_every_sender_meets_every_socket(shop):
    matrix = tabulate(prove(shop.network), shop.declaration)
    assert len(matrix.pairs) == len(matrix.senders) * len(matrix.sockets)


def test_a_declared_flow_is_allowed_and_everything_else_denied(shop):
    matrix = tabulate(prove(shop.network), shop.declaration)
    assert pair(matrix, "front", "db.ask").proved is Verdict.ALLOWED
    for sender in ("internet", "any host in web", "any host in data"):
        assert pair(matrix, sender, "db.ask").proved is Verdict.DENIED


def test_what_is_not_as_declared_is_marked(shop):
    closed = dataclasses.replace(
        shop.network,
        security_groups=tuple(
            dataclasses.replace(each, rules=()) for each in shop.network.security_groups
        ),
    )
    matrix = tabulate(prove(closed), shop.declaration)
    assert not pair(matrix, "front", "db.ask").as_it_should_be
    assert "·!" in text(matrix)


def test_without_a_declaration_nothing_is_marked(shop):
    matrix = tabulate(prove(shop.network))
    assert pair(matrix, "front", "db.ask").declared is None
    assert "!" not in text(matrix)


def test_traffic_is_called_all_of_it_only_where_every_protocol_comes_through():
    def printed(*entries):
        estate = Estate()
        estate.acl("some", *entries, "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0")
        estate.subnet("a", "10.0.0.0/24")
        estate.subnet("b", "10.0.1.0/24", acl="some")
        estate.group("open", "in all 0.0.0.0/0", "out all 0.0.0.0/0")
        estate.host("here", "a", "10.0.0.10", "open")
        estate.host("there", "b", "10.0.1.10", "open")
        return text(tabulate(prove(estate.build())))

    assert "there all traffic" in " ".join(printed().split())
    some = " ".join(printed("in 10 deny udp * 0.0.0.0/0").split())
    assert "all traffic" not in some
    assert "there tcp, all ports; icmp; other" in some


def test_a_terminal_without_unicode_gets_letters(shop):
    printed = text(tabulate(prove(shop.network), shop.declaration), encoding="ascii")
    assert "A allowed" in printed
    assert "●" not in printed


def test_a_sender_of_which_anything_is_open_or_undetermined_has_a_column():
    estate = Estate()
    estate.acl("open", *OPEN)
    estate.table("out", "172.16.0.0/12 vgw")
    estate.vgw()
    estate.subnet("a", "10.0.1.0/24", acl="open", table="out")
    estate.group("sg", "in tcp 5556 172.16.0.0/12")
    estate.host("server", "a", "10.0.1.10", "sg")
    unseen = Unmodelled(kind="vpn-gateway", id="vgw", scope="vgw", why="nothing seen behind it")
    matrix = tabulate(prove(dataclasses.replace(estate.build(), unmodelled=(unseen,))))
    assert pair(matrix, "elsewhere", matrix.sockets[0].name).proved is Verdict.UNDETERMINED
    table, _, legend = text(matrix).partition("allowed" if "allowed" in text(matrix) else "denied")
    assert "? undetermined" in legend
    assert "?" in table


@pytest.mark.parametrize("runners", [0, 1, 6])
def test_of_what_a_source_does_not_list_nobody_says_that_it_cannot_be_reached(runners):
    network = Network(
        unlisted=tuple(
            Unlisted(kind="aws.lb.LoadBalancer", name=f"lb-{number}", why="a state lists none")
            for number in range(runners)
        )
    )
    said = text(tabulate(prove(network)), network=network)
    assert said.startswith("nothing that is known here can be reached")
    things = {0: "", 1: "1 thing runs interfaces", 6: "6 things run interfaces"}[runners]
    assert things in said
    assert ("does not list" in said) == bool(runners)
