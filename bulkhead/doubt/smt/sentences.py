"""Two sentences about a packet: it arrives, it is answered. The unknown is read both ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import z3  # type: ignore[import-untyped]  # z3 ships no types

from bulkhead.doubt.smt.ends import Ends, places_of
from bulkhead.doubt.smt.filters import Atlas, Layers
from bulkhead.doubt.smt.terms import (
    PORTED,
    Formula,
    Header,
    all_of,
    among,
    answer_to,
    any_of,
    between,
    either,
    negated,
    same,
)
from bulkhead.doubt.smt.way import Final, Trail, Way
from bulkhead.network import Direction, Network


class Sentences:
    """Everything the opinion can say about one network and one address family.

    The client port of the reply is `client`; where a NAT gateway has put its own
    port in the middle, the reply comes to `middle` first.
    """

    def __init__(self, network: Network, version: int, client: tuple[int, int]) -> None:
        self.network, self.version = network, version
        numbers = {place: index for index, place in enumerate(places_of(network))}
        self.atlas = Atlas(network, version, numbers)
        self.layers = Layers(self.atlas, client)
        self.ends = Ends(self.layers)
        width, bits = max(1, len(numbers).bit_length()), 32 if version == 4 else 128
        self.client, self.middle = z3.BitVec("client", 16), z3.BitVec("middle", 16)
        self.header = Header(
            origin=z3.BitVec("origin", width),
            source=z3.BitVec("source", bits),
            target=z3.BitVec("target", width),
            destination=z3.BitVec("destination", bits),
            protocol=z3.BitVec("protocol", 8),
            port=z3.BitVec("port", 16),
            own=None,
        )
        header = self.header
        self.back = replace(
            header,
            origin=header.target,
            source=header.destination,
            target=header.origin,
            destination=header.source,
            port=answer_to(header.protocol, header.port, self.client),
            own=header.port,
        )
        ported = among(header.protocol, PORTED)
        self.legal = z3.And(
            z3.Implies(ported, between(self.client, *client)),
            z3.Implies(ported, z3.UGE(self.middle, 1024)),
        )
        self._replies: dict[tuple[object, ...], Formula] = {}

    @cached_property
    def domain(self) -> Formula:
        """Every packet for which there is a cell."""
        header = self.header
        return all_of(
            (
                self.ends.is_end(header.origin, header.source),
                self.ends.is_end(header.target, header.destination),
                negated(self.ends.same_host(header)),
            )
        )

    @cached_property
    def _doubtful(self) -> tuple[Formula, Formula]:
        """Whether the sender, and whether the receiver, is in doubt as a whole."""
        header = self.header
        return (
            self.ends.in_doubt(header.origin, header.source, header.protocol),
            self.ends.in_doubt(header.target, header.destination, header.protocol),
        )

    def arrives(self, *, open_: bool) -> Formula:
        """A request gets from one end to the other."""
        return self._bounded(self._received(open_), open_)

    def answered(self, *, open_: bool) -> Formula:
        """It does, and its reply to this client port (and middle port) returns."""
        received = self._received(open_)

        def final(header: Header, trail: Trail) -> Formula:
            return all_of((received(header, trail), self._reply(trail, open_)))

        sender, receiver = self._doubtful
        return all_of(
            (
                self._bounded(final, open_),
                any_of(
                    (
                        negated(any_of((sender, receiver))),
                        self._past_acls(self.back, receiver, sender),
                    )
                ),
            )
        )

    def returns(self) -> Formula:
        """The reply returns for sure, from a request that arrives for sure.

        What `answered` says beside `arrives`: for a request all of whose ways
        pass it is enough to ask for the reply, without the groups once more.
        """
        return self._bounded(lambda _, trail: self._reply(trail, False), False)

    @cached_property
    def untranslated(self) -> Formula:
        """No NAT gateway is on the way: a client port of the reply is the client's own."""
        way = Way(self.layers, lambda _, trail: not trail.nat, lambda _: True, open_=False)
        return way.from_anywhere(self.header, Trail())

    def _bounded(self, final: Final, open_: bool) -> Formula:
        way = Way(self.layers, final, self._sent(open_), open_=open_)
        led = way.from_anywhere(self.header, Trail())
        bare = self._past_the_other() if open_ else False
        return all_of((self.ends.able(self.header), either(any_of(self._doubtful), bare, led)))

    def _past_the_other(self) -> Formula:
        """Of an end in doubt no layer of its own denies; those of the other end still do."""
        sender, receiver = self._doubtful
        return all_of(
            (
                any_of((sender, self.layers.sends(self.header, references=True, open_=True))),
                any_of((receiver, self.layers.receives(self.header, references=True, open_=True))),
                self._past_acls(self.header, sender, receiver),
            )
        )

    def _received(self, open_: bool) -> Final:
        def final(header: Header, trail: Trail) -> Formula:
            return all_of(
                (
                    self.layers.sends(self.header, references=trail.sends, open_=open_),
                    self.layers.receives(header, references=trail.receives, open_=open_),
                )
            )

        return final

    def _sent(self, open_: bool) -> Callable[[Trail], Formula]:
        def unsure(_: Trail) -> Formula:
            return self.layers.sends(self.header, references=True, open_=open_)

        return unsure

    def _past_acls(self, header: Header, starts: Formula, ends: Formula) -> Formula:
        """Past the ACL of either end, unless that end is in doubt; there is none in a subnet."""
        out = self.layers.acl_at(Direction.EGRESS, header, open_=True)
        into = self.layers.acl_at(Direction.INGRESS, header, open_=True)
        between = all_of((any_of((starts, out)), any_of((ends, into))))
        return any_of((same(header.origin, header.target), between))

    # The reply to a request that came by this trail

    def _reply(self, asked: Trail, open_: bool) -> Formula:
        key = (asked.nat, asked.left_by, asked.walls, open_)
        if key not in self._replies:
            self._replies[key] = self._make_reply(asked, open_)
        return self._replies[key]

    def _make_reply(self, asked: Trail, open_: bool) -> Formula:
        header, layers = self.back, self.layers
        first = header
        nat = next((each for each in self.network.nat_gateways if each.id == asked.nat), None)
        if nat is not None:
            first = replace(
                header,
                target=self.atlas.subnet(nat.subnet),
                destination=int(nat.address),
                port=answer_to(header.protocol, self.header.port, self.middle),
            )
        headers = {0: header, 1: first}

        def agreed(_: Header, trail: Trail) -> Formula:
            """The same endpoints must have seen both ways; then their rules judge the reply."""
            if {wall for wall, _ in trail.walls} != {wall for wall, _ in asked.walls}:
                return open_
            return all_of(
                layers.answers(each, headers[leg], open_=open_)
                for wall, leg in trail.walls
                for each in self.network.firewalls
                if wall in [endpoint for endpoint, _ in each.endpoints]
            )

        home = Way(layers, agreed, lambda _: True, open_=open_, answering=True)

        def from_nat(_: Header, trail: Trail) -> Formula:
            assert nat is not None  # noqa: S101 - only used where there is one
            return home.from_subnet(nat.subnet, header, trail)

        after = agreed if nat is None else from_nat
        if asked.left_by in ("egress-only gateway", "gateway endpoint"):
            passes = (
                layers.acl_at(Direction.INGRESS, first, open_=open_)
                if nat is None
                else layers.acl(Direction.INGRESS, nat.subnet, first, open_=open_)
            )
            return all_of((passes, after(first, Trail())))
        way = Way(
            layers,
            after,
            lambda _: True,
            open_=open_,
            answering=True,
            towards=nat,
            leg=int(nat is not None),
        )
        return way.from_anywhere(first, Trail())
