"""aws.route53.Zone and aws.route53.Record. Route 53 is of no Region; a private zone's VPCs are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_aws.provider.answers import Answer, listed
from local_aws.provider.aws import Aws
from local_aws.provider.refusals import Refused
from local_aws.provider.table import Kind, Property, State, tag_list
from local_aws.wire import Properties


def bare(name: Any) -> Any:
    """DNS knows no case, and a name may end in a dot."""
    return name.removesuffix(".").lower() if isinstance(name, str) else name


def vpcs_alike(vpcs: Any) -> Any:
    """The Region of a VPC need not be said: it is the stack's."""
    return sorted(str(each.get("vpcId")) for each in vpcs) if isinstance(vpcs, list) else vpcs


ZONE = (
    Property("comment", default="Managed by Pulumi"),
    Property("forceDestroy", default=False),
    Property("name", required=True, replaces=True, canonical=bare),
    Property("vpcs", canonical=vpcs_alike),
)


def zone_id(shown: str) -> str:
    """/hostedzone/Z123 and Z123 are the same."""
    return shown.rpartition("/")[2]


def vpc_of(aws: Aws, said: Mapping[str, Any]) -> dict[str, str]:
    return {"VPCRegion": str(said.get("vpcRegion") or aws.region), "VPCId": str(said["vpcId"])}


def by_reference(aws: Aws) -> str | None:
    """The zone that was made when this very creation was sent before, and its answer lost."""
    for held in aws.listed("list_hosted_zones", "HostedZones", service="route53"):
        if held["CallerReference"] == aws.token:
            return zone_id(held["Id"])
    return None


def create_zone(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    made = by_reference(aws)
    if made is not None:
        return made
    vpcs = inputs.get("vpcs") or []
    arguments: dict[str, Any] = {"VPC": vpc_of(aws, vpcs[0])} if vpcs else {}
    answer = aws.call(
        "create_hosted_zone",
        service="route53",
        Name=inputs["name"],
        CallerReference=aws.token,
        HostedZoneConfig={"Comment": inputs["comment"], "PrivateZone": bool(vpcs)},
        **arguments,
    )
    name = zone_id(answer["HostedZone"]["Id"])
    for said in vpcs[1:]:
        aws.call(
            "associate_vpc_with_hosted_zone",
            service="route53",
            HostedZoneId=name,
            VPC=vpc_of(aws, said),
        )
    if tags:
        retag(aws, name, [], tags)
    return name


def find_zone(aws: Aws, name: str) -> Answer | None:
    try:
        return aws.call("get_hosted_zone", service="route53", Id=name)
    except Refused as refused:
        if refused.not_found:
            return None
        raise


def read_zone(aws: Aws, name: str, state: State) -> State | None:
    answer = find_zone(aws, name)
    if answer is None:
        return None
    shown = answer["HostedZone"]
    private = bool(listed(answer, "VPCs"))
    servers = sorted(answer.inside("DelegationSet").get("NameServers", ()))
    tags = aws.call(
        "list_tags_for_resource", service="route53", ResourceType="hostedzone", ResourceId=name
    )
    return {
        "comment": shown.inside("Config").shown("Comment"),
        "name": bare(shown["Name"]),
        "vpcs": [
            {"vpcId": each["VPCId"], "vpcRegion": each["VPCRegion"]}
            for each in listed(answer, "VPCs")
        ]
        if private
        else None,
        "arn": f"arn:aws:route53:::hostedzone/{name}",
        "nameServers": servers,
        "primaryNameServer": servers[0] if servers else "",
        "zoneId": name,
        "tags": {tag["Key"]: tag["Value"] for tag in listed(tags.inside("ResourceTagSet"), "Tags")},
    }


def change_zone(aws: Aws, name: str, old: State, new: Properties) -> None:
    if new["comment"] != old.get("comment"):
        aws.call("update_hosted_zone_comment", service="route53", Id=name, Comment=new["comment"])
    held = {each["vpcId"]: each for each in old.get("vpcs") or []}
    wanted = {each["vpcId"]: each for each in new.get("vpcs") or []}
    # The last VPC cannot be taken from a private zone, so the new ones come first.
    for operation, which in (
        ("associate_vpc_with_hosted_zone", [wanted[key] for key in wanted if key not in held]),
        ("disassociate_vpc_from_hosted_zone", [held[key] for key in held if key not in wanted]),
    ):
        for said in which:
            aws.call(operation, service="route53", HostedZoneId=name, VPC=vpc_of(aws, said))


def retag(aws: Aws, name: str, removed: list[str], changed: Mapping[str, str]) -> None:
    aws.call(
        "change_tags_for_resource",
        service="route53",
        ResourceType="hostedzone",
        ResourceId=name,
        AddTags=tag_list(changed) or None,
        RemoveTagKeys=removed or None,
    )


def delete_zone(aws: Aws, name: str, state: State) -> None:
    if state.get("forceDestroy"):
        for held in record_sets(aws, name):
            if held["Type"] not in ("NS", "SOA"):
                change_record(aws, name, "DELETE", dict(held))
    aws.gone("delete_hosted_zone", service="route53", Id=name)


def from_private_to_public(
    state: State, news: Properties, changed: frozenset[str]
) -> frozenset[str]:
    """A zone is private, or not, from its beginning."""
    other = bool(state.get("vpcs")) != bool(news.get("vpcs"))
    return frozenset({"vpcs"}) if "vpcs" in changed and other else frozenset()


def aliases_alike(aliases: Any) -> Any:
    if not isinstance(aliases, list):
        return aliases
    return [
        (bare(each.get("name")), each.get("zoneId"), bool(each.get("evaluateTargetHealth")))
        for each in aliases
    ]


def records_alike(records: Any) -> Any:
    if not isinstance(records, list):
        return records
    return sorted(str(each).strip('"') for each in records)


RECORD = (
    Property("aliases", canonical=aliases_alike),
    Property("allowOverwrite"),
    Property("name", required=True, replaces=True, canonical=bare),
    Property("records", canonical=records_alike),
    Property("setIdentifier", replaces=True),
    Property("ttl"),
    Property("type", required=True, replaces=True),
    Property("zoneId", required=True, replaces=True),
)


def record_sets(aws: Aws, zone: str) -> list[Answer]:
    try:
        return aws.listed(
            "list_resource_record_sets", "ResourceRecordSets", service="route53", HostedZoneId=zone
        )
    except Refused as refused:
        if refused.not_found:
            return []
        raise


def whole_name(aws: Aws, inputs: Properties) -> str:
    """`db` in the zone corp.example is db.corp.example, and so is db.corp.example."""
    zone = find_zone(aws, str(inputs["zoneId"]))
    if zone is None:
        raise Refused("NoSuchHostedZone", f"there is no zone {inputs['zoneId']}")
    suffix, said = bare(zone["HostedZone"]["Name"]), bare(inputs["name"])
    if said in ("", suffix) or said.endswith(f".{suffix}"):
        return str(said or suffix)
    return f"{said}.{suffix}"


def record_set(aws: Aws, inputs: Properties) -> dict[str, Any]:
    found: dict[str, Any] = {"Name": whole_name(aws, inputs), "Type": inputs["type"]}
    if inputs.get("aliases"):
        (alias,) = inputs["aliases"]
        found["AliasTarget"] = {
            "HostedZoneId": alias["zoneId"],
            "DNSName": alias["name"],
            "EvaluateTargetHealth": bool(alias.get("evaluateTargetHealth")),
        }
        return found
    quoted = inputs["type"] in ("TXT", "SPF")
    found["TTL"] = inputs["ttl"]
    found["ResourceRecords"] = [
        {"Value": '"' + str(each).strip('"') + '"' if quoted else str(each)}
        for each in inputs["records"]
    ]
    return found


def change_record(aws: Aws, zone: str, action: str, said: dict[str, Any]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": said}]}
    aws.call("change_resource_record_sets", service="route53", HostedZoneId=zone, ChangeBatch=batch)


def create_record(aws: Aws, inputs: Properties, tags: Mapping[str, str]) -> str:
    """Moto takes no CREATE of what stood there and was deleted, so what stands is looked for."""
    name = record_id(inputs)
    if not inputs.get("allowOverwrite") and find_record(aws, name) is not None:
        raise Refused("InvalidChangeBatch", f"the record {name} already exists")
    change_record(aws, str(inputs["zoneId"]), "UPSERT", record_set(aws, inputs))
    return name


def record_id(inputs: Properties) -> str:
    return f"{inputs['zoneId']}_{bare(inputs['name'])}_{inputs['type']}"


def find_record(aws: Aws, name: str) -> Answer | None:
    zone, _, rest = name.partition("_")
    said, _, kind = rest.rpartition("_")
    if find_zone(aws, zone) is None:
        return None
    whole = whole_name(aws, {"zoneId": zone, "name": said})
    for each in record_sets(aws, zone):
        if each["Type"] == kind and bare(each["Name"]) == whole:
            return each
    return None


def read_record(aws: Aws, name: str, state: State) -> State | None:
    shown = find_record(aws, name)
    if shown is None:
        return None
    zone, _, rest = name.partition("_")
    live: State = {
        "name": rest.rpartition("_")[0],
        "type": shown["Type"],
        "zoneId": zone,
        "fqdn": bare(shown["Name"]),
        "ttl": shown.get("TTL"),
        "records": [each["Value"] for each in listed(shown, "ResourceRecords")] or None,
        "aliases": None,
    }
    if shown.get("AliasTarget"):
        target = shown["AliasTarget"]
        live["aliases"] = [
            {
                "name": bare(target["DNSName"]),
                "zoneId": target["HostedZoneId"],
                "evaluateTargetHealth": target["EvaluateTargetHealth"],
            }
        ]
        live["ttl"] = None
    return live


def update_record(aws: Aws, name: str, old: State, new: Properties) -> None:
    change_record(aws, str(new["zoneId"]), "UPSERT", record_set(aws, new))


def delete_record(aws: Aws, name: str, state: State) -> None:
    shown = find_record(aws, name)
    if shown is not None:
        change_record(aws, str(state["zoneId"]), "DELETE", dict(shown))


def values_or_an_alias(inputs: Properties) -> Mapping[str, str]:
    if bool(inputs.get("records")) == bool(inputs.get("aliases")):
        return {"records": "give exactly one of records and aliases"}
    if inputs.get("records") and inputs.get("ttl") is None:
        return {"ttl": "records need a ttl"}
    if inputs.get("aliases") and inputs.get("ttl") is not None:
        return {"ttl": "an alias has the ttl of what it stands for"}
    return {}


ROUTING = "the local AWS answers everybody alike"
KINDS = (
    Kind(
        token="aws:route53/zone:Zone",
        properties=ZONE,
        outputs=("arn", "nameServers", "primaryNameServer", "zoneId"),
        create=create_zone,
        read=read_zone,
        update=change_zone,
        delete=delete_zone,
        retag=retag,
        also_replaces=from_private_to_public,
        refused={
            "delegationSetId": "it has no delegation sets",
            "enableAcceleratedRecovery": "nothing of it fails",
        },
    ),
    Kind(
        token="aws:route53/record:Record",
        properties=RECORD,
        outputs=("fqdn",),
        create=create_record,
        read=read_record,
        update=update_record,
        delete=delete_record,
        find=lambda aws, inputs: record_id(inputs),
        taggable=False,
        problems=values_or_an_alias,
        refused={
            "cidrRoutingPolicy": ROUTING,
            "failoverRoutingPolicies": ROUTING,
            "geolocationRoutingPolicies": ROUTING,
            "geoproximityRoutingPolicy": ROUTING,
            "healthCheckId": "it has no health checks",
            "latencyRoutingPolicies": ROUTING,
            "multivalueAnswerRoutingPolicy": ROUTING,
            "setIdentifier": ROUTING,
            "weightedRoutingPolicies": ROUTING,
        },
    ),
)
