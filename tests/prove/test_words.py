"""What people may write for an endpoint, and the table they read."""

import pytest
from estate import Estate
from shop import shop, with_rule

from bulkhead.network import PortRange, Verdict
from bulkhead.prove import PARTLY, listeners, matrix, prove, resolve


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("web", ["web-0", "web-1"]),
        ("store.orders", ["store-0", "store-1"]),
        ("web-1", ["web-1"]),
        ("sg-idle", ["idle-0"]),
        ("plant", ["plant"]),
        ("vpn-plant", ["plant"]),
        ("front-a", ["any host in front-a"]),
        ("front", ["any host in front-a", "any host in front-b"]),
        ("internet", ["internet"]),
        ("10.0.2.10", ["store-0"]),
        ("10.0.2.77", ["any host in back-a"]),
        ("192.168.10.3", ["plant"]),
        ("8.8.8.8", ["internet"]),
    ],
)
def test_a_word_means_what_people_would_say(text, names):
    assert [each.name for each in resolve(shop()[0], text)] == names


def test_a_misspelt_name_is_answered_with_those_that_come_close():
    with pytest.raises(LookupError, match="did you mean store"):
        resolve(shop()[0], "stroe")


@pytest.mark.parametrize("address", ["10.0.1.1", "10.0.99.9", "127.0.0.1", "192.168.99.1"])
def test_an_address_that_no_host_can_have_is_refused(address):
    with pytest.raises(LookupError, match=f"no host can have the address {address}"):
        resolve(shop()[0], address)


def test_a_socket_is_found_by_name_and_all_of_an_owner_together():
    network = shop()[0]
    assert [each.port for each in listeners(network, "store.orders")] == [5556]
    assert [each.name for each in listeners(network, "web")] == ["web.feed"]
    with pytest.raises(LookupError, match="did you mean"):
        listeners(network, "store.order")


def table(network):
    found = matrix(prove(network))
    return {
        (row.name, column.name): found.entry(row, column)
        for row in found.rows
        for column in found.columns
    }


def test_the_matrix_has_a_row_for_everybody_and_a_column_for_every_socket():
    found = table(shop()[0])
    allowed = {key for key, entry in found.items() if entry is Verdict.ALLOWED}
    assert allowed == {("web", "store.orders"), ("plant", "web.feed")}
    assert found["any host in front", "store.orders"] is Verdict.DENIED
    assert found["internet", "web.feed"] is Verdict.DENIED
    assert {row for row, _ in found} == {
        *("web", "store", "idle", "plant", "internet"),
        *("any host in front", "any host in back"),
    }


def test_a_port_that_nobody_declared_and_somebody_reaches_gets_its_own_column():
    found = matrix(prove(with_rule(shop()[0], "sg-idle", "in tcp 20-22 0.0.0.0/0")))
    (extra,) = [column for column in found.columns if not column.declared]
    assert (extra.name, extra.ports) == ("idle tcp 20-22", PortRange(20, 22))
    (row,) = [row for row in found.rows if row.name == "any host in back"]
    # From its own subnet the port is open; from the other zone the NACL holds it back.
    assert found.entry(row, extra) == PARTLY


def test_an_account_without_services_is_shown_by_its_interfaces():
    estate = Estate()
    estate.subnet("a", "10.0.1.0/24")
    estate.group("g", "in tcp 80 g", "out all 0.0.0.0/0")
    estate.host("x", "a", "10.0.1.10", "g")
    estate.host("y", "a", "10.0.1.11", "g")
    found = table(estate.build())
    assert found["x", "y tcp 80"] is Verdict.ALLOWED
    assert found["y", "y tcp 80"] is None
