"""A state or a preview that was kept is read again as it was, and holds no secret of its stack."""

import copy
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulkhead import observe
from bulkhead.network import Provenance
from bulkhead.observe.errors import ObserveError
from bulkhead.observe.snapshots import keeping, stacks
from bulkhead.problems import InputError
from tests.observe.pulumi import test_preview as previewed
from tests.observe.pulumi import test_state as stated
from tests.observe.pulumi.test_state import SECRET, resource, stack
from tests.support import previews
from tests.support.examples import ONE_FOLDER, examples
from tests.support.foreign import Shop

THEN = Provenance(time=datetime(2026, 3, 1, 12, tzinfo=UTC), version="0.1.0")
PLANTED = "hunter2-swordfish"
SEALED = {**SECRET, "ciphertext": PLANTED, "plaintext": json.dumps(PLANTED)}


@pytest.fixture
def written(tmp_path):
    def write(document: dict[str, Any]):
        path = tmp_path / "from.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def keep(tmp_path):
    """Keep a file of either kind, and say where."""

    def keep(path, *, of="state", beside=None):
        folder = tmp_path / "kept"
        shaped = (
            observe.shaped_state(path)
            if of == "state"
            else observe.shaped_preview(path, beside=beside)
        )
        observe.keep_stack(shaped, path, folder, source=str(path), of=of, made_from=lambda _: THEN)
        return folder

    return keep


def state_of(resources):
    return {"version": 3, "deployment": {"resources": resources}}


def assert_same(found, again):
    assert again.network == found.network
    assert again.origins == found.origins
    assert again.inventory() == found.inventory()
    assert (again.replaced, again.stands) == (found.replaced, found.stands)
    network = found.network
    for each in (*network.security_groups, *network.nacls, *network.route_tables):
        assert again.origins.rules(each.id) == found.origins.rules(each.id)


# The same


def states():
    odd = stack()
    odd[2]["outputs"]["newThing"] = {"deep": [1, {"x": "y" * 99}]}
    for each in odd:
        if each.get("id") == "sgr-1":
            each["outputs"]["cidrIpv4"] = each["inputs"]["cidrIpv4"] = SECRET
    load_balancer = resource("aws:lb/loadBalancer:LoadBalancer", "lb", {"securityGroups": ["sg-1"]})
    yield "every kind", state_of(stack())
    yield "in doubt", state_of([*odd, load_balancer])
    yield "of somebody else", Shop().state()
    yield "nothing", state_of([])


@pytest.mark.parametrize(("_", "document"), [*states()])
def test_a_state_that_was_kept_is_the_same(written, keep, _, document):
    path = written(document)
    again = observe.read_snapshot(keep(path))
    assert_same(observe.read_state(path), again)
    assert again.taken == THEN


@pytest.mark.parametrize(
    "steps", [previews.FRESH, previews.EVERY, None], ids=["new", "standing", "both"]
)
def test_a_preview_that_was_kept_is_the_same(written, keep, steps):
    path = written(previews.document(*steps) if steps else previewed.WHOLE)
    assert_same(observe.read_preview(path), observe.read_snapshot(keep(path, of="preview")))


def test_a_preview_is_kept_with_what_it_leaves_out(written, keep, tmp_path):
    whole = previews.document(*previews.EVERY, previewed.interface("new", ["ticker"]))
    state = tmp_path / "state.json"
    state.write_text(json.dumps(previews.state_before(whole)))
    path = written(previews.without_sames(whole))
    found = observe.read_preview(path, beside=state)
    assert_same(found, observe.read_snapshot(keep(path, of="preview", beside=state)))


def test_of_what_was_kept_one_vpc_can_be_asked_for(written, keep):
    path = written(state_of(stack()))
    kept = keep(path)
    found = observe.read_state(path, wanted=observe.Wanted(topology="trading"))
    assert_same(found, observe.read_snapshot(kept, wanted=observe.Wanted(topology="trading")))
    assert observe.read_snapshot(kept, wanted=observe.Wanted(only="vpc-1")).network == found.network


def changed(document, places):
    found = copy.deepcopy(document)
    for path, odd in places:
        at: Any = found
        try:
            for key in path[:-1]:
                at = at[key]
            at[path[-1]] = copy.deepcopy(odd)
        except (LookupError, TypeError):
            continue
    return found


def assert_kept_or_refused(written, keep, document, of):
    path = written(document)
    read = observe.read_state if of == "state" else observe.read_preview
    try:
        found = read(path)
    except (InputError, ObserveError):
        return
    assert_same(found, observe.read_snapshot(keep(path, of=of)))


@examples(1 / 2, ONE_FOLDER)
@given(changes=st.lists(st.tuples(st.sampled_from(stated.PLACES), stated.JUNK), max_size=3))
def test_whatever_can_be_read_of_a_damaged_state_is_kept(written, keep, changes):
    assert_kept_or_refused(written, keep, changed(stated.WHOLE, changes), "state")


@examples(1 / 2, ONE_FOLDER)
@given(changes=st.lists(st.tuples(st.sampled_from(previewed.PLACES), previewed.ODD), max_size=3))
def test_whatever_can_be_read_of_a_hostile_preview_is_kept(written, keep, changes):
    assert_kept_or_refused(written, keep, changed(previewed.WHOLE, changes), "preview")


# No secrets


def everything_in(folder):
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


def adorned():
    """The stack with all that people write beside what is read."""
    resources = stack()
    for each in resources:
        for said in ("inputs", "outputs"):
            if each["type"].startswith("aws:") and said in each:
                tags = {"Name": "x", **each[said].get("tags", {}), "owner": "a note"}
                each[said] = {**each[said], "tags": tags, "tagsAll": dict(tags)}
                if each["type"].endswith(":SecurityGroup"):
                    each[said]["description"] = "a note"
    arn = "arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/x"
    group = {"rulesSource": {"rulesString": "pass tcp any any -> any any (sid:1;)"}}
    return [
        *resources,
        resource("aws:networkfirewall/ruleGroup:RuleGroup", arn, {"arn": arn, "ruleGroup": group}),
        resource("aws:rds/instance:Instance", "db-1", {"password": "a", "endpoint": "b"}),
        resource("aws:secretsmanager/secretVersion:SecretVersion", "sv", {"secretString": "a"}),
        resource("random:index/randomPassword:RandomPassword", "none", {"result": "a"}),
        resource("aws:ec2/launchTemplate:LaunchTemplate", "lt-1", {"userData": "a", "name": "b"}),
    ]


def texts(value, path=()):
    if isinstance(value, str):
        yield path
    pairs = value.items() if isinstance(value, dict) else ()
    for key, each in enumerate(value) if isinstance(value, list) else pairs:
        yield from texts(each, (*path, key))


def heard(found):
    """All that anybody is ever told of a source."""
    network = found.network
    components = (*network.security_groups, *network.nacls, *network.route_tables)
    rules = [dict(found.origins.rules(each.id)) for each in components]
    return network, found.origins, rules, found.inventory(), found.accounts


READ = {"name", "rulesString", "bulkhead:trust"}
"""Of which a reader takes in the text, though any other may mean the same."""


def test_no_text_that_nobody_reads_is_kept(written, keep):
    document = state_of(adorned())
    before = heard(observe.read_state(written(document)))
    alike: dict[str, list[Any]] = {}
    for place in texts(document):
        name = next(each for each in reversed(place) if isinstance(each, str))
        alike.setdefault(name, []).append(place)
    unread = []
    for places in alike.values():
        try:
            planted = changed(document, [(place, PLANTED) for place in places])
            if heard(observe.read_state(written(planted))) == before:
                unread += places
        except InputError:
            continue
    keys = {place[-1] for place in unread}
    assert keys > {"password", "secretString", "result", "userData", "description", "owner"}
    planted = {f"{PLANTED}-{number}-": place for number, place in enumerate(unread)}
    document = changed(document, [(place, text) for text, place in planted.items()])
    held = everything_in(keep(written(document))).decode()
    assert {place[-1] for text, place in planted.items() if text in held} <= READ


@pytest.mark.parametrize(
    "key", ["tunnel1PresharedKey", "tunnel2PresharedKey", "customerGatewayConfiguration"]
)
@pytest.mark.parametrize("value", [PLANTED, SEALED], ids=["in the clear", "sealed"])
def test_no_key_of_a_tunnel_is_kept(written, keep, key, value):
    resources = stack()
    for each in resources:
        if each["type"].endswith("VpnConnection"):
            each["outputs"][key] = each["inputs"][key] = value
    assert PLANTED.encode() not in everything_in(keep(written(state_of(resources))))


@examples(1 / 2, ONE_FOLDER)
@given(place=st.sampled_from(stated.PLACES))
def test_a_sealed_value_is_never_kept_wherever_it_stands(written, keep, place):
    with suppress(InputError, ObserveError):
        kept = keep(written(changed(stated.WHOLE, [(place, SEALED)])))
        assert PLANTED.encode() not in everything_in(kept)


def test_of_a_property_that_nobody_knows_as_much_is_kept_as_every_verb_repeats(written, keep):
    resources = stack()
    resources[2]["outputs"]["novelty"] = "n" * 60 + PLANTED
    path = written(state_of(resources))
    kept = keep(path)
    assert_same(observe.read_state(path), observe.read_snapshot(kept))
    assert PLANTED.encode() not in everything_in(kept)


# Not the same


def test_what_would_not_be_read_as_the_same_is_not_kept(written, keep, monkeypatch, tmp_path):
    monkeypatch.setattr(stacks, "needed", lambda _, item: {**item, "CidrBlock": "10.9.0.0/16"})
    with pytest.raises(InputError, match="less its secrets it would not be read as the same"):
        keep(written(state_of(stack())))
    assert not (tmp_path / "kept").exists()


def test_a_region_that_is_no_name_of_a_folder_does_not_lead_out_of_it(written, keep, tmp_path):
    resources = stack()
    resources[1]["inputs"]["region"] = "../../out"
    for each in resources:
        if each["type"].endswith(":Vpc"):
            each["outputs"].pop("arn", None)
    path = written(state_of(resources))
    kept = keep(path)
    assert {each.name for each in kept.iterdir() if each.is_dir()} == {"region"}
    assert observe.read_snapshot(kept).network == observe.read_state(path).network


def test_the_answers_of_a_stack_are_no_dump_without_what_they_do_not_say(written, keep):
    kept = keep(written(state_of(stack())))
    (kept / "bulkhead-snapshot.json").unlink()
    with pytest.raises(InputError, match="says what is in doubt of these answers"):
        observe.dump(kept)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema": "bulkhead.stack/2"}', "holds no stack that this version reads"),
        ("[]", "holds no stack that this version reads"),
    ],
)
def test_a_stack_that_this_version_does_not_read_is_refused(written, keep, tmp_path, text, says):
    manifest = observe.read_manifest(keep(written(state_of(stack()))))
    files = [("bulkhead-stack.json", text.encode())]
    folder = tmp_path / "other"
    keeping.keep_files(manifest, folder, files)
    with pytest.raises(InputError, match=says):
        observe.read_snapshot(folder)
