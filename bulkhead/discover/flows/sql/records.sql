-- A record as it was written, with numbers as numbers, and `-` (which says nothing) as NULL.
-- The ends are those of the packet (pkt-*), not those in between. From `flow_logs`.
SELECT
    NULLIF(interface_id, '-') AS interface_id,
    CASE flow_direction WHEN 'egress' THEN srcaddr WHEN 'ingress' THEN dstaddr END AS own,
    COALESCE(NULLIF(log_status, '-'), 'OK') AS log_status,
    NULLIF(action, '-') AS action,
    COALESCE(NULLIF(pkt_srcaddr, '-'), NULLIF(srcaddr, '-')) AS src,
    COALESCE(NULLIF(pkt_dstaddr, '-'), NULLIF(dstaddr, '-')) AS dst,
    TRY_CAST(srcport AS INTEGER) AS srcport,
    TRY_CAST(dstport AS INTEGER) AS dstport,
    TRY_CAST(protocol AS INTEGER) AS protocol,
    COALESCE(TRY_CAST(packets AS BIGINT), 0) AS packets,
    COALESCE(TRY_CAST(bytes AS BIGINT), 0) AS bytes,
    TRY_CAST("start" AS BIGINT) AS started,
    TRY_CAST("end" AS BIGINT) AS ended,
    TRY_CAST(tcp_flags AS INTEGER) AS flags,
    TRY_CAST(traffic_path AS INTEGER) AS traffic_path,
    NULLIF(reject_reason, '-') AS reject_reason,
    TRY_CAST(encryption_status AS INTEGER) AS encryption,
    LOWER(NULLIF(pkt_src_aws_service, '-')) AS src_aws,
    LOWER(NULLIF(pkt_dst_aws_service, '-')) AS dst_aws,
    NULLIF(vpc_id, '-') AS vpc_id,
    NULLIF(subnet_id, '-') AS subnet_id,
    NULLIF(instance_id, '-') AS instance_id,
    NULLIF(ecs_service_name, '-') AS ecs_service
FROM flow_logs
