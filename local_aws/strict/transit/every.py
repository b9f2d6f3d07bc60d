"""All that is here of transit gateways: importing it registers its rules."""

from local_aws.strict.transit import (  # noqa: F401
    gateways,
    peerings,
    prefix_lists,
    routes,
    tables,
    vpc_attachments,
)
