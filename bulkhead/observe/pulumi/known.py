"""Every property of every resource that is read from a state, and what becomes of it.

Written like the table of AWS's own answers (`observe.known.table`): each property is *read*
(a reader of `resources` makes something of it), *harmless*, and why, or *handed on* under the
name that AWS has for it, so that the table of its answers says what it leaves undetermined. So
is any other that is there and not empty: a provider that is newer than this table. A test holds
the table against the pinned pulumi-aws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bulkhead.observe.calls import Item
from bulkhead.observe.known.table import Fields, compiled, is_nothing, surprises, under
from bulkhead.observe.known.words import CRYPTO, DNS, HEALTH, METERS, NOTES, OWNERS, PLACE, REPEATS
from bulkhead.observe.pulumi.stack import Resource
from bulkhead.observe.record import Record

_MADE: Final = "it says how the provider goes about it"
_DRAWN: Final = "it says out of which stock a block is drawn, and the block itself is read"
_MACHINE: Final = "it says how the machine is built, started and stopped"
_STOCK: Final = "it says out of whose stock an address comes"
_COUNTS: Final = "the addresses themselves are read"
_CARRIER: Final = "it counts behind a carrier or local gateway, where every route is in doubt"
_UNLISTED: Final = "which interfaces an endpoint has a state does not tell, and that is said"
_OF_HTTP: Final = "it decides about what is said over a connection, not about the connection"
_WHICH: Final = "it says which of its targets is chosen: any may be"
_EVERY: Final = "id region tags{+} tagsAll{+}"
_OF_EVERY: Final = "arn ownerId timeouts{**}"


@dataclass(frozen=True, slots=True)
class PropertyTable:
    """Of one type. `key` of a document has what it is or says something of, under its id.

    `by`: the property that names that thing, where it is not the resource itself. No `key`: its
    reader hands on what is new, with the one rule, entry or route that the resource is. `parts`
    are lists of such. `beside`: names that the pinned provider does not have, and some state may:
    what providers before 5 said of ClassicLink, which is no more, and those before 6 otherwise.
    """

    key: str
    read: str
    harmless: Mapping[str, str] = field(default_factory=dict)
    handed_on: str = ""
    by: str = ""
    parts: str = ""
    beside: str = ""

    @property
    def fields(self) -> Fields:
        """As a table of an answer is written."""
        read = " ".join((_EVERY, self.read, self.handed_on, self.beside))
        return Fields(modelled={"": read}, harmless={"": _OF_EVERY, **self.harmless})


_BLOCK: Final = """
    cidrBlocks ipv6CidrBlocks prefixListIds securityGroups self protocol fromPort toPort description
"""
_GROUP: Final = PropertyTable(
    "SecurityGroups",
    f"name vpcId ingress{{{_BLOCK}}} egress{{{_BLOCK}}}",
    {NOTES: "description", OWNERS: "namePrefix", _MADE: "revokeRulesOnDelete"},
    parts="ingress egress",
)
_RULE: Final = PropertyTable(
    "",
    """
    securityGroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId
    referencedSecurityGroupId securityGroupRuleId description
    """,
)
_ENTRY: Final = """
    ruleNo action protocol fromPort toPort icmpType icmpCode cidrBlock ipv6CidrBlock
"""
_ACL: Final = PropertyTable(
    "NetworkAcls",
    f"vpcId subnetIds ingress{{{_ENTRY}}} egress{{{_ENTRY}}}",
    {REPEATS: "defaultNetworkAclId"},
    parts="ingress egress",
)
_TARGETS: Final = """
    gatewayId natGatewayId networkInterfaceId transitGatewayId vpcPeeringConnectionId
    vpcEndpointId egressOnlyGatewayId localGatewayId carrierGatewayId coreNetworkArn odbNetworkArn
"""
_TABLE: Final = PropertyTable(
    "RouteTables",
    f"""
    vpcId propagatingVgws
    routes{{cidrBlock ipv6CidrBlock destinationPrefixListId {_TARGETS} instanceId}}
    """,
    {REPEATS: "defaultRouteTableId"},
    parts="routes",
)
_SUBNET: Final = PropertyTable(
    "Subnets",
    """
    vpcId availabilityZone cidrBlock ipv6CidrBlock mapPublicIpOnLaunch assignIpv6AddressOnCreation
    """,
    {
        PLACE: "availabilityZoneId outpostArn",
        _CARRIER: "customerOwnedIpv4Pool mapCustomerOwnedIpOnLaunch",
        DNS: """
            enableDns64 enableResourceNameDnsARecordOnLaunch
            enableResourceNameDnsAaaaRecordOnLaunch privateDnsHostnameTypeOnLaunch
        """,
        OWNERS: "ipv6CidrBlockAssociationId",
        REPEATS: "ipv6Native",
        _DRAWN: "ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId ipv6NetmaskLength",
        _MADE: "existingDefaultSubnet forceDestroy",
    },
    handed_on="enableLniAtDeviceIndex",
)
_VPC: Final = PropertyTable(
    "Vpcs",
    """
    cidrBlock ipv6CidrBlock defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId
    mainRouteTableId
    """,
    {
        DNS: "dhcpOptionsId enableDnsHostnames enableDnsSupport",
        METERS: "enableNetworkAddressUsageMetrics",
        PLACE: "instanceTenancy",
        OWNERS: "ipv6AssociationId",
        _DRAWN: """
            assignGeneratedIpv6CidrBlock ipv4IpamPoolId ipv4NetmaskLength ipv6IpamPoolId
            ipv6NetmaskLength ipv6CidrBlockNetworkBorderGroup
        """,
        _MADE: "existingDefaultVpc forceDestroy",
    },
    beside="enableClassiclink enableClassiclinkDnsSupport",
)
_TUNNEL: Final = " ".join(
    f"tunnel{number}{name}"
    for number in (1, 2)
    for name in (
        *("InsideCidr", "IkeVersions", "Phase1EncryptionAlgorithms", "Phase1IntegrityAlgorithms"),
        *("Phase1DhGroupNumbers", "Phase2EncryptionAlgorithms", "Phase2IntegrityAlgorithms"),
        *("Phase2DhGroupNumbers", "Phase1LifetimeSeconds", "Phase2LifetimeSeconds"),
        *("DpdTimeoutAction", "StartupAction", "DpdTimeoutSeconds", "RekeyFuzzPercentage"),
        *("RekeyMarginTimeSeconds", "ReplayWindowSize", "EnableTunnelLifecycleControl"),
        "LogOptions{cloudwatchLogOptions{logEnabled}}",
    )
)
_TUNNELS: Final = " ".join(
    f"tunnel{number}{name}"
    for number in (1, 2)
    for name in (
        *("PresharedKey", "Address", "BgpAsn", "BgpHoldtime", "CgwInsideAddress"),
        *("VgwInsideAddress", "InsideIpv6Cidr"),
    )
)
_LOGS: Final = " ".join(
    f"tunnel{number}LogOptions{{cloudwatchLogOptions{{logGroupArn logOutputFormat bgpLogEnabled "
    "bgpLogGroupArn bgpLogOutputFormat}}"
    for number in (1, 2)
)
_ATTACHED: Final = PropertyTable(
    "TransitGatewayVpcAttachments",
    """
    transitGatewayId vpcId subnetIds applianceModeSupport securityGroupReferencingSupport
    transitGatewayDefaultRouteTableAssociation transitGatewayDefaultRouteTablePropagation
    """,
    {
        OWNERS: "vpcOwnerId",
        DNS: "dnsSupport",
        "it filters no packet of IPv6": "ipv6Support",
        REPEATS: "transitGatewayAttachmentId",
    },
)
_PEERED: Final = PropertyTable(
    "TransitGatewayAttachments",
    "transitGatewayId peerTransitGatewayId transitGatewayAttachmentId",
    {
        OWNERS: "peerAccountId peerRegion",
        HEALTH: "state",
        "the routes that are learned are shown in the tables": "options{dynamicRouting}",
    },
)
_PEERING: Final = PropertyTable(
    "VpcPeeringConnections",
    "vpcId peerVpcId peerRegion acceptStatus vpcPeeringConnectionId",
    {
        OWNERS: "peerOwnerId",
        _MADE: "autoAccept",
        DNS: "accepter{allowRemoteVpcDnsResolution} requester{allowRemoteVpcDnsResolution}",
    },
    by="vpcPeeringConnectionId",
    beside="""
    accepter{allowClassicLinkToRemoteVpc allowVpcToRemoteClassicLink}
    requester{allowClassicLinkToRemoteVpc allowVpcToRemoteClassicLink}
    """,
)
_OF_REQUESTS: Final = " ".join(
    f"routingHttp{name}"
    for name in (
        *(
            f"RequestXAmznMtlsClientcert{each}HeaderName"
            for each in (
                "",
                "Issuer",
                "Leaf",
                "SerialNumber",
                "Subject",
                "Validity",
            )
        ),
        "RequestXAmznTlsCipherSuiteHeaderName",
        "RequestXAmznTlsVersionHeaderName",
        *(
            f"ResponseAccessControl{each}HeaderValue"
            for each in (
                "AllowCredentials",
                "AllowHeaders",
                "AllowMethods",
                "AllowOrigin",
                "ExposeHeaders",
                "MaxAge",
            )
        ),
        "ResponseContentSecurityPolicyHeaderValue",
        "ResponseServerEnabled",
        "ResponseStrictTransportSecurityHeaderValue",
        "ResponseXContentTypeOptionsHeaderValue",
        "ResponseXFrameOptionsHeaderValue",
    )
)
_TIE: Final = "transitGatewayAttachmentId transitGatewayRouteTableId"
_TIED: Final = {OWNERS: "resourceId resourceType"}
_TRANSIT_TABLE: Final = "transitGatewayRouteTableId"

KNOWN: Final[Mapping[str, PropertyTable]] = {
    "aws:ec2/vpc:Vpc": _VPC,
    "aws:ec2/defaultVpc:DefaultVpc": _VPC,
    "aws:ec2/subnet:Subnet": _SUBNET,
    "aws:ec2/defaultSubnet:DefaultSubnet": _SUBNET,
    "aws:ec2/securityGroup:SecurityGroup": _GROUP,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _GROUP,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULE,
    "aws:ec2/securityGroupRule:SecurityGroupRule": PropertyTable(
        "",
        """
        securityGroupId type protocol fromPort toPort cidrBlocks ipv6CidrBlocks prefixListIds self
        sourceSecurityGroupId securityGroupRuleId description
        """,
    ),
    "aws:ec2/networkAcl:NetworkAcl": _ACL,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": _ACL,
    "aws:ec2/networkAclRule:NetworkAclRule": PropertyTable(
        "",
        """
        networkAclId ruleNumber ruleAction egress protocol fromPort toPort icmpType icmpCode
        cidrBlock ipv6CidrBlock
        """,
    ),
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": PropertyTable(
        "Subnets", "networkAclId subnetId", by="subnetId"
    ),
    "aws:ec2/routeTable:RouteTable": _TABLE,
    "aws:ec2/defaultRouteTable:DefaultRouteTable": _TABLE,
    "aws:ec2/route:Route": PropertyTable(
        "",
        f"""
        routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId state
        {_TARGETS}
        """,
        {REPEATS: "instanceId instanceOwnerId", OWNERS: "origin"},
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": PropertyTable(
        "RouteTables", "routeTableId subnetId gatewayId", by="routeTableId"
    ),
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": PropertyTable(
        "RouteTables", "vpcId routeTableId", {REPEATS: "originalRouteTableId"}, by="routeTableId"
    ),
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": PropertyTable(
        "RouteTables", "routeTableId vpnGatewayId", by="routeTableId"
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": PropertyTable(
        "RouteTables", "routeTableId vpcEndpointId", by="routeTableId"
    ),
    "aws:ec2/networkInterface:NetworkInterface": PropertyTable(
        "NetworkInterfaces",
        """
        subnetId description interfaceType sourceDestCheck privateIp privateIps privateIpLists
        ipv4Prefixes ipv6Addresses ipv6Prefixes securityGroups attachments{instance deviceIndex}
        """,
        {
            OWNERS: """
                macAddress attachments{attachmentId networkCardIndex}
            """,
            PLACE: "outpostArn",
            DNS: "privateDnsName",
            _MACHINE: "enaSrdSpecification{**} enablePrimaryIpv6",
            _COUNTS: """
                ipv4PrefixCount ipv6AddressCount ipv6AddressListEnabled ipv6AddressLists
                ipv6PrefixCount privateIpListEnabled privateIpsCount
            """,
            "no verdict depends on how long it remembers a silent connection": """
                connectionTrackingSpecification {
                    tcpEstablishedTimeout udpStreamTimeout udpTimeout
                }
            """,
        },
        beside="privateIpList",
    ),
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": (
        PropertyTable(
            "NetworkInterfaces", "networkInterfaceId securityGroupId", by="networkInterfaceId"
        )
    ),
    "aws:ec2/eip:Eip": PropertyTable(
        "NetworkInterfaces",
        "networkInterface publicIp privateIp",
        {
            OWNERS: "allocationId associationId domain",
            REPEATS: "address associateWithPrivateIp instance",
            _CARRIER: "carrierIp customerOwnedIp customerOwnedIpv4Pool",
            DNS: "privateDns ptrRecord publicDns",
            _STOCK: "ipamPoolId networkBorderGroup publicIpv4Pool",
        },
        by="networkInterface",
        beside="vpc",
    ),
    "aws:ec2/eipAssociation:EipAssociation": PropertyTable(
        "NetworkInterfaces",
        "networkInterfaceId publicIp privateIpAddress",
        {OWNERS: "allocationId", REPEATS: "instanceId", _MADE: "allowReassociation"},
        by="networkInterfaceId",
    ),
    "aws:ec2/instance:Instance": PropertyTable(
        "Reservations",
        """
        primaryNetworkInterfaceId subnetId sourceDestCheck privateIp secondaryPrivateIps
        ipv6Addresses vpcSecurityGroupIds instanceType publicIp
        """,
        {
            REPEATS: """
                associatePublicIpAddress ipv6AddressCount securityGroups networkInterfaces{**}
                primaryNetworkInterface{**}
            """,
            PLACE: """
                availabilityZone hostId hostResourceGroupArn outpostArn placementGroup
                placementGroupId placementPartitionNumber tenancy
            """,
            DNS: "privateDns publicDns privateDnsNameOptions{**}",
            METERS: "monitoring",
            OWNERS: "ami keyName iamInstanceProfile passwordData volumeTags{+}",
            _MACHINE: """
                capacityReservationSpecification{**} cpuOptions{**} creditSpecification{**}
                disableApiStop disableApiTermination ebsBlockDevices{**} ebsOptimized
                enablePrimaryIpv6 enclaveOptions{**} ephemeralBlockDevices{**} forceDestroy
                getPasswordData hibernation instanceInitiatedShutdownBehavior instanceLifecycle
                instanceMarketOptions{**} instanceState launchTemplate{**}
                maintenanceOptions{**} metadataOptions{**} rootBlockDevice{**}
                spotInstanceRequestId userData userDataBase64 userDataReplaceOnChange
            """,
            "a secondary network is none of those that are looked at": """
                secondaryNetworkInterfaces{**}
            """,
        },
        beside="cpuCoreCount cpuThreadsPerCore",
    ),
    "aws:ec2/internetGateway:InternetGateway": PropertyTable("InternetGateways", "vpcId"),
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": PropertyTable(
        "InternetGateways", "internetGatewayId vpcId", by="internetGatewayId"
    ),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": PropertyTable(
        "EgressOnlyInternetGateways", "vpcId"
    ),
    "aws:ec2/natGateway:NatGateway": PropertyTable(
        "NatGateways",
        """
        subnetId privateIp publicIp connectivityType networkInterfaceId vpcId
        secondaryAllocationIds secondaryPrivateIpAddresses secondaryPrivateIpAddressCount
        availabilityMode routeTableId autoProvisionZones
        availabilityZoneAddresses{allocationIds availabilityZone availabilityZoneId}
        regionalNatGatewayAddresses{publicIp availabilityZone availabilityZoneId status}
        """,
        {
            OWNERS: """
                allocationId associationId
                regionalNatGatewayAddresses{allocationId associationId networkInterfaceId}
            """,
            "it may be given more addresses later": "autoScalingIps",
            REPEATS: "regionalNatGatewayAutoMode",
        },
    ),
    "aws:ec2/vpnGateway:VpnGateway": PropertyTable(
        "VpnGateways", "vpcId amazonSideAsn", {PLACE: "availabilityZone"}
    ),
    "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": PropertyTable(
        "VpnGateways", "vpnGatewayId vpcId", by="vpnGatewayId"
    ),
    "aws:ec2/customerGateway:CustomerGateway": PropertyTable(
        "CustomerGateways",
        "ipAddress bgpAsn bgpAsnExtended",
        {NOTES: "deviceName", OWNERS: "type", CRYPTO: "certificateArn"},
    ),
    "aws:ec2/vpnConnection:VpnConnection": PropertyTable(
        "VpnConnections",
        f"""
        vpnGatewayId transitGatewayId transitGatewayAttachmentId coreNetworkArn customerGatewayId
        staticRoutesOnly tunnelInsideIpVersion localIpv4NetworkCidr remoteIpv4NetworkCidr
        localIpv6NetworkCidr remoteIpv6NetworkCidr {_TUNNEL}
        """,
        {
            OWNERS: "coreNetworkAttachmentArn type",
            CRYPTO: f"""
                customerGatewayConfiguration presharedKeyArn presharedKeyStorage {_TUNNELS}
            """,
            METERS: _LOGS,
            HEALTH: "vgwTelemetries{**}",
            REPEATS: "routes{destinationCidrBlock source state}",
            "it says by which way the tunnel itself goes": """
                enableAcceleration outsideIpAddressType transportTransitGatewayAttachmentId
                tunnelBandwidth
            """,
        },
        handed_on="vpnConcentratorId",
    ),
    "aws:ec2/vpnConnectionRoute:VpnConnectionRoute": PropertyTable(
        "VpnConnections", "vpnConnectionId destinationCidrBlock", by="vpnConnectionId"
    ),
    "aws:ec2/managedPrefixList:ManagedPrefixList": PropertyTable(
        "PrefixLists",
        "entries{cidr} maxEntries addressFamily",
        {NOTES: "entries{description}", OWNERS: "name version"},
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": PropertyTable(
        "Vpcs", "vpcId cidrBlock", {_DRAWN: "ipv4IpamPoolId ipv4NetmaskLength"}, by="vpcId"
    ),
    "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": PropertyTable(
        "Vpcs",
        "vpcId ipv6CidrBlock ipv6AddressAttribute",
        {
            _DRAWN: """
                assignGeneratedIpv6CidrBlock ipSource ipv6IpamPoolId ipv6NetmaskLength ipv6Pool
            """,
        },
        by="vpcId",
    ),
    "aws:ec2/vpcEncryptionControl:VpcEncryptionControl": PropertyTable(
        "Vpcs",
        """
        vpcId mode state egressOnlyInternetGatewayExclusion elasticFileSystemExclusion
        internetGatewayExclusion lambdaExclusion natGatewayExclusion
        virtualPrivateGatewayExclusion vpcLatticeExclusion vpcPeeringExclusion
        """,
        {REPEATS: "resourceExclusions{**}", NOTES: "stateMessage"},
        by="vpcId",
        beside="apiGatewayV2Exclusion globalAcceleratorExclusion",
    ),
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions": PropertyTable(
        "VpcBlockPublicAccessOptions",
        "internetGatewayBlockMode",
        {OWNERS: "awsAccountId awsRegion"},
    ),
    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion": PropertyTable(
        "VpcBlockPublicAccessExclusions",
        "resourceArn vpcId subnetId internetGatewayExclusionMode",
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": _PEERING,
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _PEERING,
    "aws:ec2/vpcEndpoint:VpcEndpoint": PropertyTable(
        "VpcEndpoints",
        """
        vpcEndpointType vpcId serviceName state prefixListId cidrBlocks routeTableIds
        securityGroupIds subnetIds subnetConfigurations{subnetId ipv4}
        """,
        {
            _MADE: "autoAccept",
            OWNERS: "requesterManaged serviceRegion",
            DNS: "dnsEntries{**} dnsOptions{**} ipAddressType privateDnsEnabled",
            "it says who may ask the service for what, and lets every packet through": "policy",
            _UNLISTED: "networkInterfaceIds subnetConfigurations{ipv6}",
        },
        handed_on="resourceConfigurationArn serviceNetworkArn",
    ),
    "aws:lb/loadBalancer:LoadBalancer": PropertyTable(
        "LoadBalancers",
        """
        loadBalancerType vpcId name securityGroups subnetMappings{subnetId privateIpv4Address}
        enableCrossZoneLoadBalancing
        """,
        {
            REPEATS: "arnSuffix subnets internal",
            OWNERS: "namePrefix zoneId subnetMappings{allocationId} ipamPools{**}",
            PLACE: "subnetMappings{outpostId}",
            DNS: "dnsName ipAddressType dnsRecordClientRoutingPolicy",
            METERS: "accessLogs{**} connectionLogs{**} healthCheckLogs{**}",
            HEALTH: "enableZonalShift minimumLoadBalancerCapacity{**}",
            _MADE: "enableDeletionProtection",
            _OF_HTTP: """
                clientKeepAlive desyncMitigationMode dropInvalidHeaderFields enableHttp2
                enableTlsVersionAndCipherSuiteHeaders enableWafFailOpen enableXffClientPort
                idleTimeout preserveHostHeader xffHeaderProcessingMode
            """,
            _CARRIER: "customerOwnedIpv4Pool",
            _UNLISTED: "subnetMappings{ipv6Address}",
        },
        handed_on="""
            enforceSecurityGroupInboundRulesOnPrivateLinkTraffic enablePrefixForIpv6SourceNat
            secondaryIpsAutoAssignedPerSubnet
        """,
    ),
    "aws:lb/targetGroup:TargetGroup": PropertyTable(
        "TargetGroups",
        "protocol port vpcId targetType preserveClientIp loadBalancingCrossZoneEnabled",
        {
            OWNERS: "name namePrefix loadBalancerArns arnSuffix",
            HEALTH: """
                healthCheck{**} targetHealthStates{**} targetGroupHealth{**} targetFailovers{**}
                deregistrationDelay connectionTermination slowStart
            """,
            _OF_HTTP: """
                lambdaMultiValueHeadersEnabled loadBalancingAlgorithmType protocolVersion
                loadBalancingAnomalyMitigation targetControlPort
            """,
            _WHICH: "stickiness{**} ipAddressType",
            "what it puts before the data is no packet of its own": "proxyProtocolV2",
        },
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": PropertyTable(
        "TargetHealth",
        "targetGroupArn targetId port",
        {PLACE: "availabilityZone", _OF_HTTP: "quicServerId"},
        by="targetGroupArn",
    ),
    "aws:lb/listener:Listener": PropertyTable(
        "Listeners",
        """
        loadBalancerArn port protocol tcpIdleTimeoutSeconds
        defaultActions{type targetGroupArn forward{targetGroups{arn}}}
        """,
        {
            _OF_HTTP: f"""
                alpnPolicy certificateArn mutualAuthentication{{**}} sslPolicy {_OF_REQUESTS}
                defaultActions {{
                    authenticateCognito{{**}} authenticateOidc{{**}} fixedResponse{{**}}
                    jwtValidation{{**}} redirect{{**}}
                }}
            """,
            _WHICH: "defaultActions{order forward{stickiness{**} targetGroups{weight}}}",
        },
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": PropertyTable(
        "TransitGateways",
        """
        securityGroupReferencingSupport associationDefaultRouteTableId
        propagationDefaultRouteTableId defaultRouteTableAssociation defaultRouteTablePropagation
        """,
        {
            OWNERS: "amazonSideAsn transitGatewayCidrBlocks",
            NOTES: "description",
            DNS: "dnsSupport",
            _MADE: "autoAcceptSharedAttachments",
            "it encrypts what it carries, and drops nothing": "encryptionSupport",
            "packets to a group of receivers are not asked about": "multicastSupport",
            "it says over how many tunnels one site is reached": "vpnEcmpSupport",
        },
    ),
    "aws:ec2transitgateway/routeTable:RouteTable": PropertyTable(
        "TransitGatewayRouteTables",
        "transitGatewayId",
        {REPEATS: "defaultAssociationRouteTable defaultPropagationRouteTable"},
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _ATTACHED,
    "aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter": _ATTACHED,
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": _PEERED,
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": _PEERED,
    "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation": PropertyTable(
        "TransitGatewayRouteTables",
        _TIE,
        {**_TIED, _MADE: "replaceExistingAssociation"},
        by=_TRANSIT_TABLE,
    ),
    "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation": PropertyTable(
        "TransitGatewayRouteTables", _TIE, _TIED, by=_TRANSIT_TABLE
    ),
    "aws:ec2transitgateway/route:Route": PropertyTable(
        "", f"{_TIE} destinationCidrBlock blackhole"
    ),
    "aws:ec2transitgateway/prefixListReference:PrefixListReference": PropertyTable(
        "", f"{_TIE} prefixListId blackhole", {OWNERS: "prefixListOwnerId"}
    ),
    "aws:networkfirewall/firewall:Firewall": PropertyTable(
        "Firewalls",
        """
        name vpcId firewallPolicyArn transitGatewayId
        firewallStatuses {
            syncStates{availabilityZone attachments{endpointId subnetId}}
            transitGatewayAttachmentSyncStates{**}
        }
        """,
        {
            NOTES: "description",
            OWNERS: "updateToken encryptionConfiguration{**}",
            REPEATS: "subnetMappings{**}",
            METERS: "enabledAnalysisTypes",
            "it says who may change it": """
                deleteProtection subnetChangeProtection firewallPolicyChangeProtection
                availabilityZoneChangeProtection
            """,
        },
        handed_on="transitGatewayOwnerAccountId availabilityZoneMappings{**}",
        by="arn",
    ),
    "aws:networkfirewall/firewallPolicy:FirewallPolicy": PropertyTable(
        "FirewallPolicies",
        "firewallPolicy{**}",
        {NOTES: "description", OWNERS: "name updateToken encryptionConfiguration{**}"},
        by="arn",
    ),
    "aws:networkfirewall/ruleGroup:RuleGroup": PropertyTable(
        "RuleGroups",
        "ruleGroup{**} rules",
        {
            NOTES: "description",
            OWNERS: "capacity name type updateToken encryptionConfiguration{**}",
        },
        by="arn",
    ),
}
"""By the type of the resource. What is read as a whole, AWS's own table judges."""

_PLACES: Final = {token: compiled(each.fields) for token, each in KNOWN.items()}


def novel(resource: Resource) -> Item:
    """What a resource holds that no reader takes in: what is handed on, and what is new."""
    known = KNOWN[resource.type]
    found = {
        path: value
        for path, value in _new(resource)
        if path.partition(".")[0] not in known.parts.split() or "." not in path
    }
    return found | {
        f"{name[0].upper()}{name[1:]}": value
        for name in (each.partition("{")[0] for each in known.handed_on.split())
        if not _says_nothing(value := resource.outputs.values.get(name))
    }


def novel_inside(token: str, part: str, member: Record) -> Item:
    """The same of one rule, entry or route that is written inside its owner."""
    found = surprises(under(_PLACES[token], part), member.values, part)
    return {each.path: each.value for each in found if not _says_nothing(each.value)}


def _new(resource: Resource) -> Iterator[tuple[str, object]]:
    values = {**resource.inputs.values, **resource.outputs.values}
    told = {name: each for name, each in values.items() if not name.startswith("__")}
    for each in surprises(_PLACES[resource.type], told):
        if not _says_nothing(each.value):
            yield each.path, each.value


def _says_nothing(value: object) -> bool:
    """A provider writes 0 where a number is not set."""
    return is_nothing(value) or (isinstance(value, int | float) and value == 0)
