"""From what AWS shows and the program says to what Pulumi keeps: states, inputs, differences.

Pure functions over a Kind: no AWS here, no gRPC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.table import NOTHING, Kind, Property, State
from local_aws.wire import UNKNOWN, Properties, Secret, has_secret, has_unknown, hidden_like, plain

TAGS = Property("tags", canonical=lambda tags: dict(tags or {}))
REGION = Property("region", replaces=True, computed=True)
ADDED, DELETED, UPDATED = "ADD", "DELETE", "UPDATE"


def all_properties(kind: Kind) -> tuple[Property, ...]:
    return (*kind.properties, REGION, *((TAGS,) if kind.taggable else ()))


def tags_all(kind: Kind, inputs: Mapping[str, Any], default_tags: Mapping[str, str]) -> Any:
    """The provider's default tags, under the resource's own."""
    tags = plain(inputs.get("tags")) or {}
    return UNKNOWN if tags == UNKNOWN else {**default_tags, **tags}


def expected_state(
    kind: Kind, inputs: Properties, region: str, default_tags: Mapping[str, str]
) -> State:
    """What a preview can say of a resource that does not exist yet."""
    state: State = dict.fromkeys(kind.outputs, UNKNOWN)
    for prop in kind.properties:
        if inputs.get(prop.name) is not None:
            state[prop.name] = inputs[prop.name]
        elif prop.default is not NOTHING:
            state[prop.name] = prop.default
        elif prop.computed:
            state[prop.name] = UNKNOWN
    if plain(inputs.get("presharedKeyStorage")) == "SecretsManager":
        state = without_keys(kind, state)
    return finished(kind, state, inputs, region, default_tags)


def without_keys(kind: Kind, state: State) -> State:
    """Keys in Secrets Manager are in no output; the real provider says "" there."""
    return {**state, **{prop.name: "" for prop in kind.properties if prop.secret}}


def expected_update(
    kind: Kind,
    old: State,
    inputs: Properties,
    region: str,
    default_tags: Mapping[str, str],
    changed: frozenset[str],
) -> State:
    """What a preview can say of an update: the old state, and the inputs over it."""
    state = {name: plain(value) for name, value in old.items()}
    for prop in kind.properties:
        if inputs.get(prop.name) is not None:
            state[prop.name] = inputs[prop.name]
        elif prop.default is not NOTHING:
            state[prop.name] = prop.default
        elif not prop.computed:
            state.pop(prop.name, None)
    if plain(inputs.get("presharedKeyStorage")) == "SecretsManager":
        state = without_keys(kind, state)
    for cause, outputs in kind.unsettled.items():
        if cause in changed or (cause == "*" and changed - {"tags", "tagsAll"}):
            state.update(dict.fromkeys(outputs, UNKNOWN))
    return finished(kind, state, inputs, region, default_tags)


def finished(
    kind: Kind,
    state: State,
    inputs: Properties,
    region: str,
    default_tags: Mapping[str, str],
) -> State:
    state["region"] = region
    if kind.taggable:
        state["tagsAll"] = tags_all(kind, inputs, default_tags)
        if inputs.get("tags") is not None:
            state["tags"] = inputs["tags"]
        else:
            state.pop("tags", None)
    return hidden(kind, state, inputs)


def hidden(kind: Kind, state: State, inputs: Mapping[str, Any]) -> State:
    """Secrets stay secrets: those of the type, and those that the program marked."""
    for name in kind.secret_outputs:
        if state.get(name) is not None and not isinstance(state[name], Secret):
            state[name] = Secret(state[name])
    if has_secret(inputs.get("tags")) and state.get("tagsAll") is not None:
        state["tagsAll"] = Secret(plain(state["tagsAll"]))
    return hidden_like(state, inputs)


def live_state(
    kind: Kind,
    live: State,
    inputs: Mapping[str, Any],
    region: str,
    default_tags: Mapping[str, str],
) -> State:
    """The state of a resource as AWS shows it, in the program's spelling where that is equal."""
    said = {name: plain(value) for name, value in inputs.items()}
    # A string that AWS does not say is "" to Terraform; without it the SDK would think it unknown.
    state: State = {name: "" if live.get(name) is None else live[name] for name in kind.outputs}
    for prop in kind.properties:
        value = live[prop.name] if prop.name in live else said.get(prop.name)
        if value is None and prop.default is not NOTHING:
            value = prop.default
        if value is None and prop.secret:
            value = ""
        if prop.equal(value, said.get(prop.name)):
            value = said.get(prop.name)
        if value is not None:
            state[prop.name] = value
    state["region"] = region
    if kind.taggable:
        own = own_tags(live.get("tags", {}), said.get("tags"), default_tags)
        state["tagsAll"] = live.get("tags", {})
        if own or said.get("tags") is not None:
            state["tags"] = own
    return hidden(kind, state, inputs)


def own_tags(
    tags: Mapping[str, str], said: Mapping[str, str] | None, default_tags: Mapping[str, str]
) -> dict[str, str]:
    """The tags that are not merely the provider's default ones."""
    return {
        key: value
        for key, value in tags.items()
        if key in (said or {}) or default_tags.get(key) != value
    }


def live_inputs(
    kind: Kind, state: State, live: State, old: Properties, importing: bool
) -> Properties:
    """The inputs that would make what AWS shows; the difference to the program's is the drift."""
    inputs = {
        name: value for name, value in old.items() if name.startswith("__") or name == "region"
    }
    for prop in (*kind.properties, *((TAGS,) if kind.taggable else ())):
        before, now = old.get(prop.name), plain(state.get(prop.name))
        if prop.name not in live or (prop.secret and not now):
            now = plain(before)  # not readable: then what was said stays said
        if before is not None and (prop.equal(now, plain(before)) or is_default(prop, before, now)):
            inputs[prop.name] = before
        elif before is not None:
            if now is not None:
                inputs[prop.name] = Secret(now) if has_secret(before) else now
        elif now is not None and not is_default(prop, now) and (importing or not prop.computed):
            inputs[prop.name] = now
    return inputs


def is_default(prop: Property, *values: Any) -> bool:
    return prop.default is not NOTHING and all(
        value is None or plain(value) == prop.default for value in values
    )


def differences(
    kind: Kind, old: Properties, new: Properties, state: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Which inputs differ, and whether each was added, deleted or updated.

    What is said for the first time, and is what AWS chose (`state`), is no difference: Terraform,
    and so the real provider, holds a program against the state
    (developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors, Computed).
    """
    found: dict[str, str] = {}
    for prop in all_properties(kind):
        before, now = plain(old.get(prop.name)), plain(new.get(prop.name))
        if before is None and now is not None and prop.computed:
            before = plain((state or {}).get(prop.name))
        if now is None and prop.computed:
            continue  # nothing said: whatever AWS chose is right
        if before is None and now is None:
            continue
        if not has_unknown(now) and (prop.equal(before, now) or is_default(prop, before, now)):
            continue
        found[prop.name] = ADDED if before is None else DELETED if now is None else UPDATED
    return found


def replacing(
    kind: Kind, state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    always = {prop.name for prop in all_properties(kind) if prop.replaces}
    values, inputs = plain(state), plain(news)
    return (changed & always) | kind.also_replaces(values, inputs, changed)


def delete_before_replace(kind: Kind, news: Properties) -> bool:
    """A name that the program fixed can be held once; a name of ours is new each time.

    As pulumi-terraform-bridge's nameRequiresDeleteBeforeReplace has it.
    """
    name = kind.autonamed
    return name is not None and name in news and name not in news.get("__defaults", [])
