"""The provider's protocol: each method is one question of the Pulumi engine.

pulumirpc.ResourceProvider, https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Mapping
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]  # it ships no types
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # no types
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from local_aws.place import PROVIDER_VERSION
from local_aws.provider import states
from local_aws.provider.answers import NotShown
from local_aws.provider.aws import Aws, Settings, patiently
from local_aws.provider.invokes import INVOKES
from local_aws.provider.kinds import KINDS
from local_aws.provider.ledger import OWNER, Ledger, owner
from local_aws.provider.naming import named
from local_aws.provider.refusals import Refused, Unsure
from local_aws.provider.remarks import Remarks
from local_aws.provider.settings import configuration, decoded, ec2_address, settings_of
from local_aws.provider.sweep import leftovers, standing
from local_aws.provider.table import Kind, same, tag_list
from local_aws.wire import Properties, plain, received, sent

NAME = "the local AWS"
UNFINISHED = "__unfinished"
"""In the state of what exists although a call failed half-way: what failed, CREATION or CHANGE.
A refresh keeps it, because the engine forgets by then that there was a failure."""
CREATION, CHANGE = "creation", "change"


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """One plugin of one run: what Configure says is never shared with another."""

    def __init__(self, endpoint: str, ledger: Ledger) -> None:
        """`endpoint` is the address of the local AWS, the only one that this provider talks to.

        `ledger` is shared by the providers of one local AWS: it outlives a run.
        """
        self.endpoint = endpoint
        self.ledger = ledger
        self.remarks = Remarks()
        self.settings: Settings | None = None
        self._regions: dict[str, Aws] = {}
        self._lock = threading.Lock()

    # What the plugin is

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=PROVIDER_VERSION)

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        if request.engine_address:
            self.remarks.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False
        )

    def Attach(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    # Its configuration

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Another region or address is another provider; everything else changes in place."""
        old, new = received(request.old_inputs or request.olds), received(request.news)
        moved = [
            name
            for name, said in (("region", same), ("endpoints", ec2_address))
            if said(decoded(plain(old.get(name)))) != said(decoded(plain(new.get(name))))
        ]
        if not moved:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME, diffs=moved, replaces=moved
        )

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        try:
            self.settings = settings_of(configuration(request), self.endpoint)
        except Refused as refused:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refused))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    # Resources

    def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        olds = received(request.olds)
        news = {name: value for name, value in received(request.news).items() if value is not None}
        inputs, problems = named(kind, olds, news, request)
        problems = {**problems, **input_problems(kind, inputs)}
        return provider_pb2.CheckResponse(
            inputs=sent(inputs),
            failures=[
                provider_pb2.CheckFailure(property=name, reason=reason)
                for name, reason in problems.items()
            ],
        )

    def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        state, news = received(request.olds), received(request.news)
        old = received(request.old_inputs) or state
        found = states.differences(kind, old, news, state)
        if kind.taggable and "tags" not in found:
            wanted = states.tags_all(kind, news, self.default_tags)
            if wanted != (plain(state.get("tagsAll")) or {}):
                found["tagsAll"] = states.UPDATED  # the provider's default tags have changed
        changed = frozenset(found)
        replaces = states.replacing(kind, state, news, changed)
        if UNFINISHED in state:
            found[UNFINISHED] = states.DELETED
        response = provider_pb2.DiffResponse
        detail = {
            name: provider_pb2.PropertyDiff(
                kind=provider_pb2.PropertyDiff.Kind.Value(
                    f"{how}_REPLACE" if name in replaces else how
                ),
                inputDiff=name not in ("tagsAll", UNFINISHED),
            )
            for name, how in found.items()
        }
        return response(
            changes=response.DIFF_SOME if found else response.DIFF_NONE,
            diffs=sorted(found),
            replaces=sorted(replaces),
            deleteBeforeReplace=bool(replaces) and states.delete_before_replace(kind, news),
            detailedDiff=detail,
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        inputs = received(request.properties)
        region = self.region(inputs)
        if request.preview:
            state = states.expected_state(kind, inputs, region, self.default_tags)
            return provider_pb2.CreateResponse(properties=sent(state))
        aws, values = self.aws(region), plain(inputs)
        tags = states.tags_all(kind, inputs, self.default_tags) if kind.taggable else {}
        with self.ledger.working(request.urn, region):
            try:
                name = self.made(kind, aws, request.urn, values, tags)
            except Refused as refused:
                fail(context, f"creating {kind.token}: {refused}")

            def finish(_: int) -> Properties:
                if kind.after_create is not None:
                    kind.after_create(aws, name, values)
                return self.state(kind, aws, request.urn, name, values, inputs)

            try:
                state = patiently(finish)
            except Refused as refused:
                # It exists: without its id in the state it would be lost.
                reason = f"creating {kind.token}: {refused}"
                state, said = self.found(kind, aws, name, values, inputs) or (
                    states.live_state(kind, {}, inputs, region, self.default_tags),
                    inputs,
                )
                keep(context, name, {**state, UNFINISHED: CREATION}, said, reason)
        return provider_pb2.CreateResponse(id=name, properties=sent(state))

    def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        old_state, old_inputs = received(request.properties), received(request.inputs)
        name, region = request.id, self.region({**old_inputs, **old_state})
        if not (old_state or old_inputs):
            name, region = imported(name, region)
        aws = self.aws(region)
        try:
            live = self.read(kind, aws, request.urn, name, plain(old_state), old_inputs)
        except Refused as refused:
            fail(context, f"reading {kind.token} {request.id}: {refused}")
        if live is None:
            self.ledger.forget(kind.token, name)  # what comes to stand there is another
            return provider_pb2.ReadResponse()  # an empty id: it is gone
        said = old_inputs or {name: value for name, value in old_state.items() if name == "tags"}
        state = states.live_state(kind, live, said, region, self.default_tags)
        inputs = states.live_inputs(kind, state, live, old_inputs, importing=not old_inputs)
        if name != request.id:
            inputs["region"] = region
        if UNFINISHED in old_state:
            state[UNFINISHED] = old_state[UNFINISHED]
        return provider_pb2.ReadResponse(id=name, properties=sent(state), inputs=sent(inputs))

    def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        old_state, inputs = received(request.olds), received(request.news)
        region = self.region(old_state)
        if request.preview:
            old_inputs = received(request.old_inputs) or old_state
            changed = frozenset(states.differences(kind, old_inputs, inputs, old_state))
            state = states.expected_update(
                kind, old_state, inputs, region, self.default_tags, changed
            )
            return provider_pb2.UpdateResponse(properties=sent(state))
        aws, values = self.aws(region), plain(inputs)

        def change(attempt: int) -> Properties:
            old: Properties = plain(old_state)
            if attempt or UNFINISHED in old:  # part of it may be done
                old = {**old, **shown(read(kind, aws, request.id, old) or {})}
            if old.get(UNFINISHED) == CREATION and kind.after_create is not None:
                kind.after_create(aws, request.id, values)
            if kind.update is not None:
                kind.update(aws, request.id, old, values)
            if kind.taggable:
                self.retag(aws, request.id, old_state, inputs, kind)
            known = {**plain(old_state), **values}
            return self.state(kind, aws, request.urn, request.id, known, inputs)

        with self.ledger.working(request.urn, region):
            try:
                state = patiently(change)
            except Refused as refused:
                # Half of it may be done: the state says what is, and the next run does the rest.
                reason = f"updating {kind.token} {request.id}: {refused}"
                known = plain(old_state)
                state, said = self.found(kind, aws, request.id, known, inputs) or (
                    old_state,
                    received(request.old_inputs) or old_state,
                )
                mark = known.get(UNFINISHED, CHANGE)
                keep(context, request.id, {**state, UNFINISHED: mark}, said, reason)
        return provider_pb2.UpdateResponse(properties=sent(state))

    def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        kind = self.kind(request, context)
        state = received(request.properties)
        region = self.region(state)
        aws, values = self.aws(region), plain(state)
        with self.ledger.working(request.urn, region):
            try:
                patiently(lambda _: kind.delete(aws, request.id, values))
            except Refused as refused:
                fail(context, f"deleting {kind.token} {request.id}: {refused}")
        self.ledger.forget(kind.token, request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        function = INVOKES.get(request.tok)
        if function is None:
            fail(context, f"{NAME} has no function {request.tok}; it has: {', '.join(INVOKES)}")
        arguments = plain(received(request.args))
        try:
            answer = function(self.aws(self.region(arguments)), arguments)
        except Refused as refused:
            fail(context, f"{request.tok}: {refused}")
        return provider_pb2.InvokeResponse(**{"return": sent(answer)})

    # What the methods above have in common

    def kind(self, request: Any, context: Any) -> Kind:
        token = request.type or request.urn.split("::")[2].split("$")[-1]
        kind = KINDS.get(token)
        if kind is None:
            fail(context, f"{NAME} has no type {token}; it has: {', '.join(sorted(KINDS))}")
        return kind

    @property
    def default_tags(self) -> Mapping[str, str]:
        return self.configured.default_tags

    @property
    def configured(self) -> Settings:
        if self.settings is None:
            raise RuntimeError("the engine asked before it configured the provider")
        return self.settings

    def region(self, properties: Mapping[str, Any]) -> str:
        return str(plain(properties.get("region")) or self.configured.region)

    def aws(self, region: str) -> Aws:
        with self._lock:
            if region not in self._regions:
                self._regions[region] = Aws(self.configured, region)
            return self._regions[region]

    def made(
        self, kind: Kind, aws: Aws, urn: str, values: Properties, tags: Mapping[str, str]
    ) -> str:
        """The id of a new resource, one only, also where an answer was lost after its effect."""
        owned = {**tags, OWNER: owner(urn)} if kind.owned else tags
        making = aws.once(uuid.uuid4().hex)
        unsure = self.ledger.unsure(urn)

        def clear(kept: str | None = None) -> None:
            for left in leftovers(kind, aws, urn, self.ledger):
                if left.name != kept:
                    kind.delete(aws, left.name, left.state)

        def make(attempt: int) -> str:
            nonlocal unsure
            if unsure or (attempt and not kind.once):
                clear()
                unsure = False
            try:
                name = kind.create(making, values, owned)
            except Unsure:
                raise
            except Refused:
                found = standing(kind, aws, values)
                if found is None or self.ledger.knows(kind.token, found):
                    raise  # there is another, which is somebody's
                return found
            if attempt and kind.once:
                clear(kept=name)  # an endpoint that knows no client tokens has made several
            return name

        try:
            name = patiently(make)
        except Unsure:
            self.ledger.lost(urn)
            raise
        self.ledger.settled(urn)
        self.ledger.tell(kind.token, name, urn)
        return name

    def state(
        self, kind: Kind, aws: Aws, urn: str, name: str, known: Properties, inputs: Properties
    ) -> Properties:
        live = self.read(kind, aws, urn, name, known, inputs)
        if live is None:
            raise Refused("", f"{name} is not there")
        return states.live_state(kind, live, inputs, aws.region, self.default_tags)

    def read(
        self, kind: Kind, aws: Aws, urn: str, name: str, known: Properties, inputs: Properties
    ) -> Properties | None:
        """What AWS shows. What the program says and AWS does not show is kept, and said."""
        live = read(kind, aws, name, known)
        if live is None:
            return None
        kept: dict[NotShown, list[str]] = {}
        for prop, value in live.items():
            if isinstance(value, NotShown) and inputs.get(prop) is not None:
                kept.setdefault(value, []).append(prop)
        for lacking, props in kept.items():
            self.remarks.warn(
                urn,
                f"{lacking} of {name}: what the program says of {', '.join(props)} is kept,"
                " and a change of it by others is not seen",
            )
        return shown(live)

    def retag(self, aws: Aws, name: str, old: Properties, new: Properties, kind: Kind) -> None:
        before: dict[str, str] = plain(old.get("tagsAll")) or {}
        after: dict[str, str] = states.tags_all(kind, new, self.default_tags)
        removed = [{"Key": key} for key in before if key not in after]
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        if kind.retag is not None:
            if removed or changed:
                kind.retag(aws, name, [tag["Key"] for tag in removed], changed)
            return
        if removed:
            aws.call("delete_tags", Resources=[name], Tags=removed)
        if changed:
            aws.call("create_tags", Resources=[name], Tags=tag_list(changed))

    def found(
        self, kind: Kind, aws: Aws, name: str, known: Properties, inputs: Properties
    ) -> tuple[Properties, Properties] | None:
        """State and inputs of what a failed call left behind; None where AWS does not say."""
        try:
            live = shown(read(kind, aws, name, known) or {})
        except Refused:
            return None
        state = states.live_state(kind, live, inputs, aws.region, self.default_tags)
        return state, states.live_inputs(kind, state, live, inputs, importing=False)


def imported(name: str, region: str) -> tuple[str, str]:
    """`vpc-1@us-east-1` is one of another Region than that of the provider."""
    found = re.fullmatch(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d)", name)
    return (found[1], found[2]) if found else (name, region)


def keep(context: Any, name: str, state: Properties, inputs: Properties, reason: str) -> NoReturn:
    """Fail, but with the id and the state of what exists, so that the engine records it."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=name,
        properties=sent(state),
        reasons=[reason],
        inputs=sent(inputs),
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    fail(context, reason)


def fail(context: Any, reason: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, reason)
    raise AssertionError("abort raises")


def read(kind: Kind, aws: Aws, name: str, known: Properties) -> Properties | None:
    """What AWS shows. An answer without a field that AWS documents is refused by its name."""
    try:
        return kind.read(aws, name, known)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Refused(
            "", f"the answer on {name} is not as AWS documents it ({type(error).__name__}: {error})"
        ) from error


def shown(live: Properties) -> Properties:
    """Less what an answer lacked."""
    return {name: value for name, value in live.items() if not isinstance(value, NotShown)}


def input_problems(kind: Kind, inputs: Properties) -> dict[str, str]:
    """Every input that the stand-in cannot honour, by name, rather than half of it done."""
    known = {prop.name for prop in states.all_properties(kind)}
    problems = {
        prop.name: f"missing required property '{prop.name}'"
        for prop in kind.properties
        if prop.required and inputs.get(prop.name) is None
    }
    for name in inputs:
        if name in kind.refused:
            problems[name] = f"{NAME} does not support {name} of {kind.token}: {kind.refused[name]}"
        elif name not in known and not name.startswith("__"):
            problems[name] = f"{NAME} does not support {name} of {kind.token}"
    return {**problems, **kind.problems(plain(inputs))}
