"""What the Pulumi engine does with a provider, one resource after the other, without the engine.

A program is written down once (`recorded`), and then brought up, refreshed and destroyed as often
as a test likes, in milliseconds a resource and always in the same order. What a run leaves in the
state when a call of the provider fails is as in the engine (pkg/resource/deploy/step.go): a
creation that failed is in no state, unless the provider says that the resource exists; a deletion
that failed leaves it there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import grpc
import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.proto import provider_pb2, status_pb2

from local_aws.provider.kinds import KINDS
from local_aws.wire import UNKNOWN, received, sent

PROJECT, STACK = "small", "dev"
MARK: Final = "output of "


@dataclass(frozen=True)
class Wanted:
    """One resource of the program; an input may be the output of another."""

    token: str
    name: str
    inputs: Mapping[str, Any]

    def urn(self, stack: str) -> str:
        return f"urn:pulumi:{stack}::{PROJECT}::{self.token}::{self.name}"


class _Recorder(mocks.Mocks):
    def __init__(self) -> None:
        self.wanted: list[Wanted] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = KINDS.get(args.typ)
        if kind is None:
            return f"{args.name}-id", dict(args.inputs)
        self.wanted.append(Wanted(args.typ, args.name, dict(args.inputs)))
        outputs = {each: f"{MARK}{args.name}:{each}" for each in kind.outputs}
        return f"{MARK}{args.name}:id", {**args.inputs, **outputs}

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program asks AWS: {args.token}")


def recorded(program: Callable[[], object], stack: str = STACK) -> tuple[Wanted, ...]:
    """The resources that a Pulumi program asks for, in an order in which they can be made."""
    recorder = _Recorder()
    asyncio.set_event_loop(asyncio.new_event_loop())
    pulumi.runtime.set_mocks(recorder, project=PROJECT, stack=stack)
    try:
        pulumi.runtime.test(lambda: program() and None)()
    finally:
        pulumi.runtime.settings.reset_options()
    return tuple(recorder.wanted)


@dataclass(frozen=True)
class Held:
    """One resource of a state."""

    wanted: Wanted
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    unfinished: bool = False  # its last creation or update failed half-way


class FailedError(Exception):
    """A call of the provider failed; the text is what a user reads."""


@dataclass
class SmallEngine:
    """A stack, its state, and what its runs do to both."""

    provider: Any  # the stub of a configured provider
    stack: str = STACK
    state: dict[str, Held] = field(default_factory=dict)

    def up(self, wanted: Iterable[Wanted]) -> int:
        """Make, change and destroy what is needed; how many resources that were."""
        program = tuple(wanted)
        names = {each.name for each in program}
        changes = sum(self.step(each) for each in program)
        for name in reversed([each for each in self.state if each not in names]):
            self.delete(name)
            changes += 1
        return changes

    def step(self, wanted: Wanted) -> bool:
        """Bring one resource to what the program says; whether anything was to do."""
        held = self.state.get(wanted.name)
        inputs = self.checked(wanted, held)
        if held is None:
            self._create(wanted, inputs)
            return True
        said = self.provider.Diff(self._difference(wanted, held, inputs))
        assert not said.replaces, f"{wanted.name}: this engine replaces nothing: {said.replaces}"
        if not said.diffs and not held.unfinished:
            return False
        self._update(wanted, held, inputs)
        return True

    def preview(self, wanted: Iterable[Wanted]) -> None:
        """Ask the provider what an update would make; the state stays as it is."""
        copy = replace(self, state=dict(self.state))
        for each in wanted:
            held = copy.state.get(each.name)
            inputs = copy.checked(each, held)
            if held is None:
                request = provider_pb2.CreateRequest(
                    **copy._named(each), properties=sent(inputs), preview=True
                )
                made = copy._asked(copy.provider.Create, request)
                copy.state[each.name] = Held(each, UNKNOWN, inputs, received(made.properties))
            else:
                copy._asked(copy.provider.Diff, copy._difference(each, held, inputs))

    def refresh(self) -> None:
        """Read everything again; what is gone leaves the state."""
        for name in list(self.state):
            self.read(name)

    def read(self, name: str) -> None:
        held = self.state[name]
        request = provider_pb2.ReadRequest(
            **self._named(held.wanted),
            id=held.id,
            properties=sent(held.outputs),
            inputs=sent(held.inputs),
        )
        live = self._asked(self.provider.Read, request)
        if not live.id:
            del self.state[name]
            return
        self.state[name] = replace(
            held, inputs=received(live.inputs), outputs=received(live.properties)
        )

    def down(self) -> None:
        """Destroy everything, last made first."""
        for name in reversed(list(self.state)):
            self.delete(name)

    def delete(self, name: str) -> None:
        held = self.state[name]
        request = provider_pb2.DeleteRequest(
            **self._named(held.wanted), id=held.id, properties=sent(held.outputs)
        )
        self._asked(self.provider.Delete, request)
        del self.state[name]

    def checked(self, wanted: Wanted, held: Held | None) -> dict[str, Any]:
        """The inputs as the provider completes them, with what others turned out to be."""
        news = {key: self._known(value) for key, value in wanted.inputs.items()}
        said = self.provider.Check(
            provider_pb2.CheckRequest(
                **self._named(wanted),
                news=sent(news),
                olds=sent(held.inputs if held else {}),
                randomSeed=f"{self.stack} {wanted.name}".encode(),
            )
        )
        assert not said.failures, (wanted.name, said.failures)
        return received(said.inputs)

    def _difference(self, wanted: Wanted, held: Held, inputs: dict[str, Any]) -> Any:
        return provider_pb2.DiffRequest(
            **self._named(wanted),
            id=held.id,
            olds=sent(held.outputs),
            old_inputs=sent(held.inputs),
            news=sent(inputs),
        )

    def _create(self, wanted: Wanted, inputs: dict[str, Any]) -> None:
        request = provider_pb2.CreateRequest(**self._named(wanted), properties=sent(inputs))
        with self._half_way(wanted):
            made = self.provider.Create(request)
            self.state[wanted.name] = Held(wanted, made.id, inputs, received(made.properties))

    def _update(self, wanted: Wanted, held: Held, inputs: dict[str, Any]) -> None:
        request = provider_pb2.UpdateRequest(
            **self._named(wanted),
            id=held.id,
            olds=sent(held.outputs),
            old_inputs=sent(held.inputs),
            news=sent(inputs),
        )
        with self._half_way(wanted):
            made = self.provider.Update(request)
            self.state[wanted.name] = Held(wanted, held.id, inputs, received(made.properties))

    @contextlib.contextmanager
    def _half_way(self, wanted: Wanted) -> Iterator[None]:
        """What exists although the call failed is in the state, if the provider says so."""
        try:
            yield
        except grpc.RpcError as error:
            kept = _kept(error)
            if kept is not None:
                self.state[wanted.name] = Held(
                    wanted, kept.id, received(kept.inputs), received(kept.properties), True
                )
            raise FailedError(error.details()) from None

    @staticmethod
    def _asked(method: Callable[[Any], Any], request: Any) -> Any:
        try:
            return method(request)
        except grpc.RpcError as error:
            raise FailedError(error.details()) from None

    def _named(self, wanted: Wanted) -> dict[str, str]:
        return {"urn": wanted.urn(self.stack), "type": wanted.token, "name": wanted.name}

    def _known(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(MARK):
            name, _, output = value.removeprefix(MARK).rpartition(":")
            held = self.state[name]
            return held.id if output == "id" else held.outputs[output]
        if isinstance(value, Mapping):
            return {key: self._known(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._known(item) for item in value]
        return value


def _kept(error: grpc.RpcError) -> Any:
    """What the provider says exists, where it failed half-way (ErrorResourceInitFailed)."""
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    failed = provider_pb2.ErrorResourceInitFailed()
    if details is None or not status_pb2.Status.FromString(details).details[0].Unpack(failed):
        return None
    return failed
