"""Who reaches whom, layer by layer, as sets of sources per destination and port.

Every layer is monotone: passing more at one layer never passes less in the end.
So what is unknown needs no third truth value inside: the relation is computed
once with every unknown shut and once with every unknown open, and what differs
is undetermined.

Within a VPC all senders are computed at once, as bit sets. Whatever takes a
gateway goes standing by standing, along its passage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from operator import and_, or_

from bulkhead.ends.prefixes import Prefix
from bulkhead.network import (
    CLIENT_PORTS,
    ICMP,
    NAT_PORTS,
    TCP,
    UDP,
    Direction,
    PortRange,
    has_ports,
    has_types,
    icmp_range,
)
from bulkhead.prove.sets.by_port import ByPort, change, combine, ranges, throughout, union
from bulkhead.prove.sets.filters import ALWAYS, NEVER, Filters
from bulkhead.prove.sets.passage import (
    AclCheck,
    Candidates,
    Exit,
    GroupReferences,
    Options,
    Passage,
)
from bulkhead.prove.sets.routing import Unrouted
from bulkhead.prove.sets.rules import returned
from bulkhead.prove.sets.survey import Survey, standings_of
from bulkhead.prove.sets.touched import Touched

_Arrival = tuple[GroupReferences, Prefix | None, bool]
"""How a packet reaches the receiver's groups: with which references, translated to
which address, and whether anybody knows that it does."""

_Bundle = tuple[tuple[_Arrival, ByPort], ...]
"""Candidates, each with the senders whose packets get that far."""


class Relation:
    def __init__(
        self,
        survey: Survey,
        client_ports: PortRange = CLIENT_PORTS,
        *,
        unknown_passes: bool,
    ) -> None:
        self._survey = survey
        self._network = survey.network
        self._homes = survey.classes.homes
        self._client_ports = client_ports
        self._guess = unknown_passes
        self._standings = standings_of(survey)
        self.standing_of = self._standings.of
        self._filters = Filters(survey, client_ports, unknown_passes=unknown_passes)
        self._always_local = {
            vpc: {table: survey.routing.always_local(table, vpc) for table in tables}
            for vpc, tables in survey.by_table.items()
        }
        self._users: dict[tuple[str, str], list[int]] = defaultdict(list)
        """(VPC, route table) -> the standings whose subnet uses it."""
        for first, seen in self._standings.seen.items():
            if seen.subnet is not None:
                table = self._network.subnet[seen.subnet].route_table
                self._users[seen.vpc or "", table].append(first)
        self._requests: dict[tuple[int, int], ByPort] = {}
        self._locals: dict[int, int] = {}
        self._local_replies: dict[int, int] = {}
        self._far: dict[int, tuple[tuple[int, Options], ...]] = {}
        self._bundles: dict[tuple[int, int], tuple[_Bundle, ...]] = {}
        self._answers: dict[tuple[int, int], ByPort] = {}

    def after(self, survey: Survey, touched: Touched) -> Relation:
        """The relation after a change, with all that the change cannot touch."""
        heir = copy(self)
        heir._survey, heir._network = survey, survey.network
        heir._filters = self._filters.after(survey, touched)
        heir._requests = {
            key: kept for key, kept in self._requests.items() if not touched.requests >> key[0] & 1
        }
        heir._answers = {
            key: kept for key, kept in self._answers.items() if not touched.replies >> key[0] & 1
        }
        heir._bundles = {} if touched.acls else dict(self._bundles)
        heir._locals, heir._far = dict(self._locals), dict(self._far)
        heir._local_replies = dict(self._local_replies)
        return heir

    def requests(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets arrive."""
        key = (destination, protocol)
        if key not in self._requests:
            self._requests[key] = self._arriving(destination, protocol, filtered=True)
        return self._requests[key]

    def transit(self, destination: int, protocol: int) -> ByPort:
        """Per port: whose packets would arrive if no security group held them back."""
        return self._arriving(destination, protocol, filtered=False)

    def answered(self, destination: int, protocol: int) -> ByPort:
        """Per port: to whom every reply returns, whatever client port the request came from."""
        key = (self.standing_of[destination], protocol)
        if key not in self._answers:
            self._answers[key] = self._answered(self.standing_of[destination], protocol)
        return self._answers[key]

    def lost(self, source: int, destination: int, protocol: int) -> tuple[PortRange, ...]:
        """The client ports from which no reply returns."""
        origin, target = self.standing_of[source], self.standing_of[destination]
        if self._is_doubtful(origin, target):
            return ()
        back = self._reply_of(origin, target, protocol)
        return tuple(
            shared
            for ports, passes in ranges(back)
            if not passes and (shared := ports.overlap(self._client_ports))
        )

    # Requests

    def _arriving(self, destination: int, protocol: int, *, filtered: bool) -> ByPort:
        survey = self._survey
        if survey.deaf >> destination & 1 and filtered:
            return NEVER
        standing = self.standing_of[destination]
        local = self._local(standing)
        leaving, entering = self._filters.request_layers(standing, protocol)
        arriving = combine(leaving, entering, and_)
        if filtered:
            arriving = combine(arriving, self._filters.group_egress(destination, protocol), and_)
            arriving = combine(arriving, self._filters.group_ingress(destination, protocol), and_)
            arriving = combine(arriving, self._filters.listening(destination, protocol), and_)
        arriving = change(arriving, lambda bits: bits & local)
        for bundle in self._bundles_to(standing, protocol):
            parts = [
                self._received(destination, protocol, arrival, steps) if filtered else steps
                for arrival, steps in bundle
            ]
            arriving = combine(arriving, self._decided(parts), or_)
        among = survey.ipv6 if survey.ipv6 >> destination & 1 else ~survey.ipv6
        if filtered:
            among &= ~survey.mute
        return change(arriving, lambda bits: bits & among & survey.everyone)

    def _decided(self, candidates: Sequence[ByPort]) -> ByPort:
        """All must pass to be sure; one is enough to be possible."""
        decided = candidates[0]
        for each in candidates[1:]:
            decided = combine(decided, each, or_ if self._guess else and_)
        return decided

    def _received(
        self, destination: int, protocol: int, arrival: _Arrival, steps: ByPort
    ) -> ByPort:
        references, translated, known = arrival
        direct = references is GroupReferences.BOTH or not known
        sent = combine(
            steps, self._filters.group_egress(destination, protocol, direct=direct), and_
        )
        if not known:
            # What nobody knows may change how the packet looks to the layers behind it.
            return sent
        received = self._filters.group_ingress(
            destination,
            protocol,
            referenced=references is not GroupReferences.NONE,
            translated=translated,
        )
        received = combine(received, self._filters.listening(destination, protocol), and_)
        return combine(sent, received, and_)

    def _bundles_to(self, standing: int, protocol: int) -> tuple[_Bundle, ...]:
        """Everybody who reaches the standing by a gateway, with what is asked of them there."""
        key = (standing, protocol)
        if key not in self._bundles:
            gathered: dict[tuple[tuple[_Arrival, ByPort], ...], int] = defaultdict(int)
            for members, ways in self._far_from(standing):
                for candidates in ways:
                    passing = tuple(self._candidates(candidates, protocol))
                    if any(steps != NEVER for _, steps in passing):
                        gathered[passing] |= members
            self._bundles[key] = tuple(
                tuple((arrival, _where(steps, members)) for arrival, steps in passing)
                for passing, members in gathered.items()
            )
        return self._bundles[key]

    def _candidates(
        self, candidates: Candidates, protocol: int
    ) -> Iterator[tuple[_Arrival, ByPort]]:
        for each in candidates:
            if each is None:
                yield (GroupReferences.NONE, None, True), NEVER
            else:
                arrival = (each.references, each.source if each.nat else None, each.known)
                yield arrival, self._passes(each, protocol)

    def _passes(self, passage: Passage, protocol: int) -> ByPort:
        """Per port: whether everything on the way lets the packet through."""
        if not passage.known and not self._guess:
            return NEVER
        passing = _carried(passage, protocol)
        for check in passage.checks:
            passing = combine(
                passing, self._filters.check(check, protocol, reply=passage.reply), and_
            )
        return passing

    # Options within a VPC, for all senders at once

    def _local(self, standing: int) -> int:
        """Whose packets a local route, or none at all, leads to the standing."""
        if standing not in self._locals:
            self._locals[standing] = self._doubt(self._find_local(standing), standing)
        return self._locals[standing]

    def _find_local(self, standing: int) -> int:
        survey = self._survey
        endpoint, home = survey.endpoints[standing], self._homes[standing]
        if endpoint.vpc is None or endpoint.subnet is None:
            return 0
        # Within a subnet no route table is asked.
        found = survey.in_subnet[endpoint.subnet]
        for table, users in survey.by_table[endpoint.vpc].items():
            if (
                self._always_local[endpoint.vpc][table]
                or survey.routing.choice(table, endpoint.vpc, home) is Unrouted.LOCAL
            ):
                found |= users
        return found

    def _local_reply(self, standing: int) -> int:
        """To whom a local route leads the replies of the standing."""
        if standing not in self._local_replies:
            self._local_replies[standing] = self._doubt(self._find_local_reply(standing), standing)
        return self._local_replies[standing]

    def _find_local_reply(self, standing: int) -> int:
        survey = self._survey
        endpoint = survey.endpoints[standing]
        if endpoint.vpc is None or endpoint.subnet is None:
            return 0
        table = self._network.subnet[endpoint.subnet].route_table
        if self._always_local[endpoint.vpc][table]:
            return survey.in_vpc[endpoint.vpc]
        found = survey.in_subnet[endpoint.subnet]
        for home, peers in survey.homes_in[endpoint.vpc].items():
            if survey.routing.choice(table, endpoint.vpc, home) is Unrouted.LOCAL:
                found |= peers
        return found

    def _is_doubtful(self, origin: int, target: int) -> bool:
        return bool((self._survey.in_doubt >> origin | self._survey.in_doubt >> target) & 1)

    def _doubt(self, path: int, standing: int) -> int:
        """An endpoint in doubt may be led anywhere, or nowhere."""
        everyone, in_doubt = self._survey.everyone, self._survey.in_doubt
        doubtful = everyone if in_doubt >> standing & 1 else in_doubt
        return path | doubtful if self._guess else path & ~doubtful

    # Ways through gateways, standing by standing

    def _far_from(self, standing: int) -> tuple[tuple[int, Options], ...]:
        """Everybody whom no local route leads to the standing, with the ways they have."""
        if standing not in self._far:
            local, seen = self._local(standing), self._standings.seen
            doubtful = self._survey.in_doubt
            found = []
            for origin in self._strangers_to(standing):
                members = self._standings.members[origin] & ~local & ~doubtful
                if members and not doubtful >> standing & 1:
                    ways = self._survey.ways.request(seen[origin], seen[standing])
                    if any(each is not None for candidates in ways for each in candidates):
                        found.append((members, ways))
            self._far[standing] = tuple(found)
        return self._far[standing]

    def _strangers_to(self, standing: int) -> Iterator[int]:
        seen = self._standings.seen
        target = seen[standing]
        for (vpc, table), users in self._users.items():
            choice = self._survey.routing.choice(table, vpc, target.home)
            if choice is not Unrouted.NOWHERE and choice is not Unrouted.LOCAL:
                yield from users
        for origin in self._standings.members:
            if seen[origin].subnet is None:
                yield origin

    # Replies

    def _answered(self, standing: int, protocol: int) -> ByPort:
        survey = self._survey
        leaving, entering = self._filters.reply_layers(standing, protocol)
        local = self._local(standing)
        direct = local & self._local_reply(standing)
        answered = self._returned(
            change(combine(leaving, entering, and_), lambda bits: bits & direct), protocol
        )
        crooked = local & ~direct & ~survey.in_doubt
        pairs = [
            (crooked & members, origin)
            for origin, members in self._standings.members.items()
            if crooked & members
        ]
        pairs += [
            (members, (members & -members).bit_length() - 1)
            for members, _ in self._far_from(standing)
        ]
        gathered: dict[ByPort, int] = defaultdict(int)
        for members, origin in pairs:
            back = self._returned(
                self._reply_of(self.standing_of[origin], standing, protocol), protocol
            )
            gathered[back] |= members
        for back, members in gathered.items():
            answered = combine(answered, _where(back, members), or_)
        return answered

    def _returned(self, back: ByPort, protocol: int) -> ByPort:
        """From sets per client port to sets per port of the request."""
        if has_types(protocol):
            return returned(back, protocol)
        return ((0, throughout(back, self._client_ports) if has_ports(protocol) else back[0][1]),)

    def _reply_of(self, origin: int, target: int, protocol: int) -> ByPort:
        """Per client port: whether a reply returns to a standing (0 or 1)."""
        seen = self._standings.seen
        if self._local(target) >> origin & 1:
            if self._local_reply(target) >> origin & 1:
                leaving, entering = self._filters.reply_layers(target, protocol)
                return change(combine(leaving, entering, and_), lambda bits: bits >> origin & 1)
            return self._plain_reply(origin, target, protocol, frozenset())
        ways = self._survey.ways.request(seen[origin], seen[target])
        answers = [
            self._decided([self._answer_to(each, origin, target, protocol) for each in candidates])
            for candidates in ways
        ]
        return _either(answers)

    def _answer_to(
        self, request: Passage | None, origin: int, target: int, protocol: int
    ) -> ByPort:
        if request is None:
            return NEVER
        if not request.known:
            return ALWAYS if self._guess else NEVER
        if request.nat is not None:
            return self._translated_back(request, origin, target, protocol)
        if request.exit in (Exit.EGRESS_ONLY_GATEWAY, Exit.GATEWAY_ENDPOINT):
            if request.firewalls:
                return ALWAYS if self._guess else NEVER
            subnet = self._standings.seen[origin].subnet or ""
            return self._back_from_service(subnet, target, protocol)
        return self._plain_reply(origin, target, protocol, request.firewalls)

    def _back_from_service(self, subnet: str, target: int, protocol: int) -> ByPort:
        """What comes back by the very gateway that it left by: the NACL alone is asked."""
        nacl = self._network.subnet[subnet].nacl
        coming_back = AclCheck(nacl, Direction.INGRESS, self._homes[target])
        return self._filters.acl_at(coming_back, protocol)

    def _plain_reply(
        self, origin: int, target: int, protocol: int, firewalls: frozenset[str]
    ) -> ByPort:
        """A reply that finds its own way back, by routes alone."""
        seen = self._standings.seen
        ways = self._survey.ways.reply(seen[target], seen[origin])
        return _either(
            [
                self._decided([self._under_way(each, firewalls, protocol) for each in candidates])
                for candidates in ways
            ]
        )

    def _under_way(self, reply: Passage | None, firewalls: frozenset[str], protocol: int) -> ByPort:
        if reply is None:
            return NEVER
        if reply.firewalls != firewalls:
            # What a stateful inspection that saw one direction only does, nobody knows.
            reply = reply.uninspected().unknown()
        return self._passes(reply, protocol)

    def _translated_back(self, request: Passage, origin: int, target: int, protocol: int) -> ByPort:
        """First to the NAT gateway, on any of its own ports, then on to the client."""
        ways, seen = self._survey.ways, self._standings.seen
        id_ = request.nat or ""
        gateway = ways.nat(id_)
        onward = ways.from_nat(gateway, self._homes[target], seen[origin])
        if request.exit is Exit.GATEWAY_ENDPOINT:
            first = self._back_from_service(gateway.subnet, target, protocol)
            return self._decided(
                [
                    combine(
                        self._throughout_nat(first, protocol),
                        self._under_way(each, request.firewalls, protocol),
                        and_,
                    )
                    for each in onward
                ]
            )
        return _either(
            [
                self._decided(
                    [
                        self._both_stretches(one, other, request.firewalls, protocol)
                        for one in candidates
                        for other in onward
                    ]
                )
                for candidates in ways.reply(seen[target], ways.nat_standing(id_))
            ]
        )

    def _both_stretches(
        self,
        inward: Passage | None,
        onward: Passage | None,
        firewalls: frozenset[str],
        protocol: int,
    ) -> ByPort:
        if inward is None or onward is None:
            return NEVER
        if inward.firewalls | onward.firewalls != firewalls:
            inward, onward = inward.uninspected().unknown(), onward.uninspected().unknown()
        to_gateway = self._throughout_nat(self._passes(inward, protocol), protocol)
        return combine(to_gateway, self._passes(onward, protocol), and_)

    def _throughout_nat(self, passing: ByPort, protocol: int) -> ByPort:
        """Whether every port passes that a NAT gateway may have chosen."""
        return ((0, throughout(passing, NAT_PORTS)),) if has_ports(protocol) else passing


def _carried(passage: Passage, protocol: int) -> ByPort:
    """Per port: what gateways on the way carry at all."""
    if passage.exit is Exit.GATEWAY_ENDPOINT and protocol != TCP:
        if protocol != ICMP:
            return NEVER
        return union([(icmp_range(8, None), 1)])
    if passage.nat and protocol not in (TCP, UDP, ICMP):
        return NEVER
    return ALWAYS


def _where(passing: ByPort, members: int) -> ByPort:
    """The members at each port that passes (0 or 1)."""
    return tuple((first, members * passes) for first, passes in passing)


def _either(several: Sequence[ByPort]) -> ByPort:
    found = NEVER
    for each in several:
        found = combine(found, each, or_)
    return found
