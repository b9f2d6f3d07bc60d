"""One packet at a time: what each layer says to a request, and to its reply.

The prover's first doubter: it walks one packet (`bulkhead.explain.walk`), where
the prover computes with sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bulkhead.ends.classes import Endpoint, EndpointKind
from bulkhead.explain.hops import Explanation, Hop, Path
from bulkhead.explain.nowhere import explain_nowhere
from bulkhead.explain.walk.atlas import Atlas
from bulkhead.explain.walk.clients import asks_from
from bulkhead.explain.walk.conversation import Conversation
from bulkhead.explain.walk.journey import Journey, Word, leaves, value
from bulkhead.network import Network, PortRange, Verdict, has_ports
from bulkhead.network.traffic import merge


def explain(
    network: Network,
    source: Endpoint,
    destination: Endpoint,
    protocol: int,
    port: int = 0,
    *,
    client_ports: PortRange | None = None,
) -> Explanation:
    """Send one request, answer it to every client port that makes a difference.

    `client_ports`: to these alone, instead of all that the source may use.
    """
    client_ports = client_ports or asks_from(network, source)
    if EndpointKind.NOWHERE in (source.kind, destination.kind):
        ends = source, destination
        return explain_nowhere(network, *ends, protocol, port, client_ports=client_ports)
    atlas = Atlas(network, protocol)
    return said_of(Conversation(atlas, source, destination, protocol, port, client_ports))


def said_of(talk: Conversation) -> Explanation:
    """What was heard of a request and its reply."""
    answers = {ports: talk.answered(_one(ports)) for ports in talk.alike()}
    arrives = value(talk.request, lambda way: way.word)
    verdict = _verdict(arrives, answers.values())
    refused = [ports for ports, word in answers.items() if word is False] if arrives else []
    shown = refused[0] if refused else next(iter(answers))
    paths = tuple(_path(talk, way, _one(shown)) for way in leaves(talk.request))
    if verdict is Verdict.ALLOWED:
        # A sender who has the choice takes a way by which he is answered.
        paths = tuple(each for each in paths if each.returns) or paths
    chosen = min(paths, key=_least_known if verdict is Verdict.UNDETERMINED else _worst_first)
    blocking = _blocking(talk, answers) if verdict is not Verdict.ALLOWED else ()
    return Explanation(
        source=talk.source,
        destination=talk.destination,
        protocol=talk.protocol,
        port=talk.port,
        verdict=verdict,
        request=chosen.request,
        reply=chosen.reply,
        client_ports=talk.client_ports,
        client_port=shown.first,
        lost=merge(refused) if has_ports(talk.protocol) else (),
        blocking=tuple(dict.fromkeys(blocking)),
        paths=paths,
    )


def _one(ports: PortRange) -> PortRange:
    """One of the ports: which one makes no difference."""
    return PortRange(ports.first, ports.first)


def _verdict(arrives: Word, answers: Iterable[Word]) -> Verdict:
    if arrives is False:
        return Verdict.DENIED
    if arrives is None:
        return Verdict.UNDETERMINED
    words = set(answers)
    if False in words:
        return Verdict.HALF_OPEN
    return Verdict.UNDETERMINED if None in words else Verdict.ALLOWED


def _path(talk: Conversation, asked: Journey, client: PortRange) -> Path:
    tree = talk.reply(asked, client)
    ways = [(way.word, way.hops) for way in leaves(tree)]
    failing = min(ways, key=lambda way: _rank(way[0]))
    return Path(
        request=asked.hops,
        reply=failing[1],
        passes=asked.word,
        returns=value(tree, lambda way: way.word),
    )


def _worst_first(path: Path) -> tuple[int, int, int]:
    """Of those that fail alike the one of which the least stands in the way."""
    blocks = sum(hop.passes is False for hop in (*path.request, *path.reply))
    return _rank(path.passes), _rank(path.returns), blocks


def _least_known(path: Path) -> tuple[bool, bool, tuple[int, int, int]]:
    """First what nobody can tell, then what only goes by a rule that may not be there."""
    known = path.passes is False or (path.passes and path.returns is not None)
    rules = (ref.rule for hop in (*path.request, *path.reply) for ref in hop.rules)
    certain = all(getattr(rule, "certain", True) for rule in rules)
    return bool(known), certain, _worst_first(path)


def _rank(word: Word) -> int:
    return (False, None, True).index(word)


def _blocking(talk: Conversation, answers: Iterable[PortRange]) -> Iterator[Hop]:
    """Every layer that blocks, on the way there and then on every way back."""
    asked = tuple(leaves(talk.request))
    for way in asked:
        yield from (hop for hop in way.hops if hop.passes is False)
    for ports in answers:
        for way in asked:
            for back in leaves(talk.reply(way, _one(ports))):
                yield from (hop for hop in back.hops if hop.passes is False)
