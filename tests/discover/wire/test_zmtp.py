"""ZMTP in any pieces: what is shown depends on the bytes, never on how they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead.discover.wire.zmtp import Conversation, Recognised, WireSide, recognise
from tests.support.examples import ONE_FOLDER, examples

SIGNATURE = b"\xff" + bytes(7) + b"\x01\x7f"
NULL = SIGNATURE + b"\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)


def ready(socket_type, *more):
    body = b"\x05READY"
    for name, value in ((b"Socket-Type", socket_type), *more):
        body += bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
    return bytes([4, len(body)]) + body


def spoken(client, server):
    talk = Conversation()
    talk.feed(WireSide.CLIENT, client)
    talk.feed(WireSide.SERVER, server)
    talk.finish()
    return talk


def shown(talk):
    return [talk.shown(each) for each in WireSide]


@pytest.fixture(params=["NULL", "PLAIN", "CURVE"])
def real(request, tapped):
    port = tapped.port(("DEALER", "ROUTER"), request.param)
    pieces = tapped.only(port)
    return [b"".join(data for side, data in pieces if side == each) for each in WireSide]


TWO = (
    SIGNATURE + b"\x01\x05" + b"\x00\x02me" + b"\x00\x05hello",
    SIGNATURE + b"\x03\x06" + b"\x00\x00" + b"\x01\x01a\x00\x01b" + b"\x02" + bytes(7) + b"\x03abc",
)
ONE = (b"\x01\x00" + b"\x06\x00hello", b"\x03\x00me" + b"\x02\x01a\x02\x00b")
MIXED = (b"\x01\x00" + b"\x06\x00hello", b"\xff" + bytes(7) + b"\x03\x7f" + b"me" + b"\x02\x00a")


def in_pieces(talk, data):
    """The same, in any pieces and any order of the sides."""
    left = dict(zip(WireSide, talk, strict=True))
    pieces = Conversation()
    while any(left.values()):
        side = data.draw(st.sampled_from([each for each in WireSide if left[each]]))
        size = data.draw(st.integers(1, 100))
        pieces.feed(side, left[side][:size])
        left[side] = left[side][size:]
    pieces.finish()
    return pieces


@given(st.data())
@examples(1 / 2, ONE_FOLDER)
def test_any_pieces_in_any_order_of_the_sides_show_the_same(real, data):
    assert shown(in_pieces(real, data)) == shown(spoken(*real))


@pytest.mark.parametrize("talk", [TWO, ONE, MIXED], ids=["2.0", "1.0", "3.1 to 1.0"])
@given(data=st.data())
@examples(1 / 2)
def test_so_do_those_of_older_versions(talk, data):
    assert shown(in_pieces(talk, data)) == shown(spoken(*talk))


@given(st.data())
@examples(1, ONE_FOLDER)
def test_a_conversation_that_is_cut_shows_no_more_than_the_whole(real, data):
    whole = shown(spoken(*real))
    cut = shown(spoken(*(each[: data.draw(st.integers(0, len(each)))] for each in real)))
    for part, all_ in zip(cut, whole, strict=True):
        assert part.messages <= all_.messages
        assert dict(part.commands).items() <= dict(all_.commands).items()
        for name in ("version", "mechanism", "socket_type", "as_server"):
            stated = getattr(part, name)
            # The major version comes a byte before the minor one.
            assert stated in (None, getattr(all_, name)) or (name, stated) == ("version", "3.0")


@given(st.binary(max_size=300), st.binary(max_size=300))
@examples(2)
def test_bytes_of_anything_are_read_without_an_error(client, server):
    for start in (b"", SIGNATURE, NULL, NULL + b"\x04", b"\x01\x00"):
        talk = spoken(start + client, start + server)
        shown(talk)
        assert talk.recognised in Recognised


@given(st.binary(min_size=1, max_size=200), st.integers(0, 400), st.integers(1, 400))
@examples(2)
def test_bytes_that_are_missing_never_make_messages(body, before, lost):
    stream = NULL + ready(b"PUSH") + b"\x00" + bytes([len(body)]) + body
    talk = Conversation()
    talk.feed(WireSide.SERVER, NULL + ready(b"PULL"))
    talk.feed(WireSide.CLIENT, stream[:before])
    talk.lose(WireSide.CLIENT, min(lost, max(0, len(stream) - before)))
    talk.feed(WireSide.CLIENT, stream[before + lost :])
    talk.finish()
    assert talk.shown(WireSide.CLIENT).messages <= 1


def test_zmtp_2_names_its_types_by_number_and_comes_before_messages_with_an_identity():
    client, server = shown(spoken(*TWO))
    assert (client.version, client.socket_type, client.identity) == ("2.0", "DEALER", 2)
    assert (client.messages, server.messages) == (1, 2)
    assert (server.socket_type, server.mechanism) == ("ROUTER", None)


def test_zmtp_1_has_no_signature_so_both_sides_must_speak_it():
    talk = spoken(*ONE)
    assert talk.recognised is Recognised.PERHAPS
    assert talk.unsigned
    client, server = shown(talk)
    assert (client.version, client.messages, server.messages) == ("1.0", 1, 1)
    assert (client.identity, server.identity) == (0, 2)
    assert not spoken(ONE[0], b"\x01\x00garbage").unsigned


def test_a_peer_of_today_speaks_1_to_one_that_sends_no_signature():
    talk = spoken(*MIXED)
    assert talk.recognised is Recognised.ZMTP
    assert [each.messages for each in shown(talk)] == [1, 1]


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f",  # telnet
        b"\xff" + b"\xab" * 8 + b"\x7f" + b"\x03\x00" + b"\x01" * 20,
    ],
)
def test_other_protocols_are_none(data):
    assert recognise(data) is Recognised.NOT
    assert spoken(data, data).recognised is Recognised.NOT


def test_any_padding_is_taken_where_a_version_and_a_mechanism_follow():
    odd = b"\xff" + b"\xab" * 8 + b"\x7f" + NULL[10:]
    assert recognise(odd) is Recognised.ZMTP
    assert spoken(odd, NULL).recognised is Recognised.ZMTP


def test_http_to_a_peer_is_told_apart_from_that_peer():
    talk = spoken(b"GET / HTTP/1.1\r\n\r\n", SIGNATURE)
    assert talk.recognised is Recognised.ZMTP
    assert talk.foreign(WireSide.CLIENT)
    assert not talk.foreign(WireSide.SERVER)


def test_values_of_metadata_stay_where_they_are():
    client, _ = shown(
        spoken(NULL + ready(b"DEALER", (b"Identity", b"me"), (b"X-Token", b"s3cret")), NULL)
    )
    assert client.properties == ("Socket-Type", "Identity", "X-Token")
    assert (client.socket_type, client.identity) == ("DEALER", 2)
    assert "s3cret" not in repr(client)


def test_heartbeats_and_errors_are_told():
    ping = b"\x04\x07\x04PING\x00\x0a"
    client, server = shown(
        spoken(NULL + ready(b"REQ") + ping * 3, NULL + b"\x04\x0a\x05ERROR\x03400")
    )
    assert ("PING", 3) in client.commands
    assert server.error == "400"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 600)), max_size=12), st.data())
@examples(1)
def test_messages_are_counted_whatever_their_size_and_number_of_frames(frames, data):
    stream, messages = NULL + ready(b"PUSH"), 0
    for more, size in frames:
        head = bytes([2 | more]) + size.to_bytes(8, "big") if size > 255 else bytes([more, size])
        stream += head + bytes(size)
        messages += not more
    pieces = in_pieces((stream, NULL + ready(b"PULL")), data)
    assert pieces.shown(WireSide.CLIENT).messages == messages
