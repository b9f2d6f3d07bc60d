"""What is known of network interfaces and of the instances that have them."""

from __future__ import annotations

from typing import Final

from bulkhead.observe.known.table import Fields, Leaves, Leaving
from bulkhead.observe.known.words import DNS, MARK, METERS, OWNERS, PLACE, REPEATS, STEPS, TIMES

_MACHINE: Final = "it says how the machine is built, and what it may ask of its own host"
_CARRIER: Final = "it counts behind a carrier or local gateway, where every route is in doubt"

INTERFACES: Final = Fields(
    modelled={
        "network_interfaces": "$interface Attachment{InstanceId} RequesterManaged",
        "load_balancers": "VpcId Attachment{DeviceIndex}",
        "associations": """
            Association{AssociationId}
            PrivateIpAddresses{Association{AssociationId}}
        """,
        "record": "TagSet{Key Value} $tags",
    },
    harmless={
        OWNERS: """
            OwnerId RequesterId MacAddress Groups{GroupName}
            Attachment{AttachmentId InstanceOwnerId}
            Association{AllocationId IpOwnerId}
            PrivateIpAddresses{Association{AllocationId IpOwnerId}}
            $operator
        """,
        TIMES: "Attachment{AttachTime DeleteOnTermination}",
        MARK: "PerhapsGroups",
        STEPS: "Status=$in_use Attachment{Status=$attached}",
        DNS: """
            PrivateDnsName PublicDnsName
            PublicIpDnsNameOptions {
                DnsHostnameType PublicIpv4DnsName PublicIpv6DnsName PublicDualStackDnsName
            }
            Association{PublicDnsName}
            PrivateIpAddresses{PrivateDnsName Association{PublicDnsName}}
            Ipv6Addresses{PublicIpv6DnsName}
        """,
        PLACE: "AvailabilityZone AvailabilityZoneId OutpostArn",
        REPEATS: """
            Ipv6Native Ipv6Address Ipv6Addresses{IsPrimaryIpv6} PrivateIpAddresses{Primary}
            Association{NatEnabled} PrivateIpAddresses{Association{NatEnabled}}
        """,
        _MACHINE: "Attachment{$srd}",
        _CARRIER: """
            Association{CustomerOwnedIp CarrierIp}
            PrivateIpAddresses{Association{CustomerOwnedIp CarrierIp}}
        """,
    },
    leaves=(
        Leaves(
            Leaving.THING,
            "what comes from the internet to an IPv6 address of it is dropped",
            "DenyAllIgwTraffic",
        ),
        Leaves(
            Leaving.THING,
            "it stands in several subnets",
            "AssociatedSubnets",
        ),
    ),
    beside="""
        InterfaceType=nat_gateway PerhapsGroups $tags
        Association{NatEnabled} PrivateIpAddresses{Association{NatEnabled}}
    """,
)

INSTANCES: Final = Fields(
    modelled={
        "instances": """
            Instances {
                InstanceId
                State{Name=pending|running|shutting-down|terminated|stopping|stopped}
            }
        """,
        "network_interfaces": "Instances{NetworkInterfaces{$interface}}",
        "load_balancers": "Instances{NetworkInterfaces{VpcId Attachment{DeviceIndex}}}",
        "record": "Instances{$tags}",
    },
    harmless={
        "a reservation is what was asked for at once": """
            ReservationId OwnerId RequesterId Groups{GroupId GroupName}
        """,
        OWNERS: """
            Instances {
                ImageId KeyName ClientToken SpotInstanceRequestId UsageOperation
                UsageOperationUpdateTime AmiLaunchIndex IamInstanceProfile{Arn Id}
                CapacityBlockId CapacityReservationId
                CapacityReservationSpecification {
                    CapacityReservationPreference=capacity-reservations-only|open|none
                    CapacityReservationTarget {
                        CapacityReservationId CapacityReservationResourceGroupArn
                    }
                }
                ProductCodes{ProductCodeId ProductCodeType=devpay|marketplace}
                Licenses{LicenseConfigurationArn}
                InstanceLifecycle=spot|scheduled|capacity-block|
                    interruptible-capacity-reservation
                $operator
                NetworkInterfaces {
                    OwnerId MacAddress Groups{GroupName} Attachment{AttachmentId}
                    Association{IpOwnerId}
                    PrivateIpAddresses{Association{IpOwnerId}}
                    $operator
                }
            }
        """,
        TIMES: """
            Instances {
                LaunchTime StateReason{Code Message} StateTransitionReason State{Code}
                NetworkInterfaces{Attachment{AttachTime DeleteOnTermination}}
            }
        """,
        STEPS: "Instances{NetworkInterfaces{Status=$in_use Attachment{Status=$attached}}}",
        DNS: """
            Instances {
                PrivateDnsName PublicDnsName
                PrivateDnsNameOptions {
                    HostnameType=ip-name|resource-name EnableResourceNameDnsARecord
                    EnableResourceNameDnsAAAARecord
                }
                NetworkInterfaces {
                    PrivateDnsName Association{PublicDnsName}
                    PrivateIpAddresses{PrivateDnsName Association{PublicDnsName}}
                }
            }
        """,
        PLACE: """
            Instances {
                OutpostArn
                Placement {
                    AvailabilityZone AvailabilityZoneId Affinity GroupName GroupId
                    PartitionNumber HostId HostResourceGroupArn SpreadDomain
                    Tenancy=default|dedicated|host
                }
            }
        """,
        REPEATS: """
            Instances {
                SubnetId VpcId PrivateIpAddress PublicIpAddress Ipv6Address SourceDestCheck
                SecurityGroups{GroupId GroupName}
                NetworkInterfaces{PrivateIpAddresses{Primary} Ipv6Addresses{IsPrimaryIpv6}}
            }
        """,
        _MACHINE: """
            Instances {
                Architecture=i386|x86_64|arm64|x86_64_mac|arm64_mac BlockDeviceMappings{**}
                EbsOptimized EnaSupport Hypervisor=ovm|xen ElasticGpuAssociations{**}
                ElasticInferenceAcceleratorAssociations{**}
                RootDeviceName RootDeviceType=ebs|instance-store SriovNetSupport
                VirtualizationType=hvm|paravirtual CpuOptions{**} HibernationOptions{Configured}
                MetadataOptions{**} EnclaveOptions{Enabled}
                BootMode=legacy-bios|uefi|uefi-preferred
                CurrentInstanceBootMode=legacy-bios|uefi PlatformDetails Platform=*
                InstanceType=* TpmSupport MaintenanceOptions{**} KernelId RamdiskId
                NetworkPerformanceOptions{BandwidthWeighting=default|vpc-1|ebs-1}
                NetworkInterfaces{Attachment{$srd}}
            }
        """,
        _CARRIER: """
            Instances {
                NetworkInterfaces {
                    Association{CustomerOwnedIp CarrierIp}
                    PrivateIpAddresses{Association{CustomerOwnedIp CarrierIp}}
                }
            }
        """,
        METERS: """
            Instances{Monitoring{State=disabled|disabling|enabled|pending MetricCategoryIds}}
        """,
    },
    leaves=(
        Leaves(
            Leaving.BESIDE,
            "it is in a secondary network as well, which is not looked at",
            "Instances{SecondaryInterfaces}",
        ),
    ),
    beside="Instances{NetworkInterfaces{InterfaceType=nat_gateway}}",
)
