"""A live account, asked through boto3 with read-only calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ConnectionError,  # noqa: A004 - botocore's own name
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
)

from bulkhead.network import Network
from bulkhead.observe.beside import inventory
from bulkhead.observe.calls import KEYS
from bulkhead.observe.describe import convert
from bulkhead.observe.errors import (
    DeniedError,
    MalformedDescriptionError,
    ObserveError,
    TopologyNotFoundError,
    VpcNotFoundError,
)
from bulkhead.observe.join import closed_region, expect_one, in_none, join_chosen
from bulkhead.observe.live.asking import Asked, Region, enabled_regions, line
from bulkhead.observe.observed import Answers, Observed
from bulkhead.observe.wanted import EVERYTHING, Chosen, Wanted


def account(
    region: str | None = None,
    *,
    session: boto3.Session | None = None,
    topology: str | None = None,
    only: str | None = None,
) -> Network:
    """The Network of one region, as `read_account` reads it."""
    wanted = Wanted(topology=topology, only=only)
    return read_account(region, session=session, wanted=wanted).network


def accounts(
    regions: Iterable[str] | None = None,
    *,
    session: boto3.Session | None = None,
    topology: str | None = None,
    only: str | None = None,
) -> Network:
    """The Network of several regions, as `read_accounts` reads them."""
    wanted = Wanted(topology=topology, only=only)
    return read_accounts(regions, session=session, wanted=wanted).network


def read_account(
    region: str | None = None,
    *,
    session: boto3.Session | None = None,
    wanted: Wanted = EVERYTHING,
    audited: bool = False,
) -> Observed:
    """Everything in one region of the account that the AWS environment points at.

    Credentials, profile and endpoint (AWS_ENDPOINT_URL) are the ordinary ones
    of boto3; AWS_REGION, which the other SDKs read and boto3 does not, counts
    before the profile's region. Of all that is there only what is `wanted`, with what that
    leaves out in `scope`. `audited`: ask too what no packet depends on.

    Raises ObserveError with a remedy where AWS cannot be asked; what a denied
    call leaves open is in the Network's `unmodelled`.
    """
    with said_plainly():
        asked = Asked(region_of(session, region))
        asked.everything(
            audited=audited,
            named=wanted.lists,
            names=wanted.names,
            topology=wanted.topology or "",
        )
        client = asked.region.client("ec2")
    name = client.meta.region_name
    vpcs = asked.document["Vpcs"]
    owners = sorted({str(vpc["OwnerId"]) for vpc in vpcs if vpc.get("OwnerId")})
    where = f"region {name}" + (f" of account {', '.join(owners)}" if owners else "")
    try:
        chosen = convert.chosen_network(
            asked.document,
            region=name,
            where=where,
            source=f"aws:{name}",
            wanted=wanted,
            missing=asked.missing,
            in_full=True,
        )
    except MalformedDescriptionError as error:
        first = error.faults[0]
        call = KEYS.get((first.thing or first.what).partition(" ")[0])
        raise ObserveError(
            f"the answer of {client.meta.endpoint_url}{f' to {call.operation}' if call else ''}"
            f" is not AWS's: {first}"
        ) from None
    answers = Answers(
        region=name,
        document=asked.document,
        missing=asked.missing,
        beside=asked.beside,
        not_beside=asked.not_beside,
    )
    return Observed(
        network=chosen.network,
        scope=chosen.scope,
        answers=(answers,),
        inventory=partial(inventory, (answers,)),
        stands=True,
    )


def read_accounts(
    regions: Iterable[str] | None = None,
    *,
    session: boto3.Session | None = None,
    wanted: Wanted = EVERYTHING,
    audited: bool = False,
) -> Observed:
    """Several regions as one Network; without names, every region that is enabled.

    With a topology that is `wanted`, the regions that hold something of it. A region that was
    not named and that the policies of the organisation close is said to be one.

    Raises ObserveError.
    """
    session = session or boto3.Session()
    named = None if regions is None else list(dict.fromkeys(regions))
    if named is None:
        with said_plainly():
            found = enabled_regions(region_of(session, None))
    else:
        found = named
    read: list[Observed] = []
    without: list[TopologyNotFoundError | VpcNotFoundError] = []
    for each in found:
        try:
            read.append(read_account(each, session=session, wanted=wanted, audited=audited))
        except (TopologyNotFoundError, VpcNotFoundError) as error:
            without.append(error)
        except DeniedError as error:
            if named is not None:
                raise
            closed = Answers(region=each, document={}, closed=str(error))
            read.append(Observed(network=closed_region(closed), answers=(closed,)))
    where = f"regions {', '.join(found)}"
    found_there = [Chosen(each.network, each.scope) for each in read]
    if not any(each.network.vpcs for each in found_there):
        if without:
            raise in_none(without, where)
        if wanted.topology is not None:
            raise TopologyNotFoundError(wanted.topology, (), where)
        if not wanted.everything:
            raise VpcNotFoundError(f"is {wanted.but_topology}", (), where)
    joined = join_chosen(found_there, without)
    every = tuple(answers for each in read for answers in each.answers)
    return Observed(
        network=expect_one(
            joined.network, wanted.topology, where, lambda vpc: f"aws:{vpc.region}/{vpc.id}"
        ),
        scope=joined.scope,
        answers=every,
        inventory=partial(inventory, every),
        stands=True,
    )


def region_of(session: boto3.Session | None, name: str | None) -> Region:
    """The one that is named, else that of the AWS environment."""
    return Region(session or boto3.Session(), name or os.environ.get("AWS_REGION"))


@contextmanager
def said_plainly() -> Iterator[None]:
    """Whatever keeps AWS from being asked, as an ObserveError with a remedy."""
    try:
        yield
    except NoRegionError:
        raise ObserveError("no region is set; name one, or set AWS_REGION") from None
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError) as e:
        raise ObserveError(
            f"no usable AWS credentials ({line(e)}); set AWS_PROFILE, or run 'aws sso login'"
        ) from None
    except ProfileNotFound as error:
        raise ObserveError(f"{line(error)}; set AWS_PROFILE to one that exists") from None
    except (EndpointConnectionError, ConnectionError, HTTPClientError) as error:
        raise ObserveError(
            f"the EC2 endpoint cannot be reached ({line(error)}); "
            "check the network, the region and AWS_ENDPOINT_URL"
        ) from None
    except (BotoCoreError, ValueError) as error:
        raise ObserveError(f"AWS could not be asked: {line(error)}") from None
