"""A program uses presets as a file does, and names whom it means by the thing itself."""

from bulkhead.topology import Segment, Service, Socket, Topology, Use


def test_a_preset_is_used_by_its_name_or_with_whom_it_is_of():
    fleet = Segment("fleet", purpose="minions and masters")
    blue = Service("blue", segment=fleet, use="salt.master")
    moved = Socket("publish", type="PUB", bind="tcp://*:14505")
    green = Service("green", segment=fleet, use="salt.master", sockets=[moved])
    minion = Service(
        "minion",
        segment=fleet,
        use=["misp.server", Use(preset="salt.minion", of=green, without="returns")],
    )
    loaded = Topology(
        "demo",
        region="eu-west-1",
        cidr="10.20.0.0/16",
        zones=1,
        segments=[fleet],
        services=[blue, green, minion],
    ).load()
    (only,) = loaded.connections
    assert (only.client, only.server, only.server_socket.name) == ("minion", "green", "publish")
    assert [each.ports for each in only.server_socket.bind] == [(14505, 14505)]
    assert set(loaded.services["minion"].sockets) == {"events", "publish"}
