-- Records of one day that say the same, as one row. Where the first packet is among them it is
-- told who opened the connection (SYN without ACK: who sent it; with ACK: the other), and the
-- port of who opened it, another for each connection, is let go. `reset`: packets that end a
-- connection (RST) and carry nothing, as a host sends where nobody waits. From `records`.
WITH opened AS (
    SELECT
        *,
        CASE WHEN protocol = 6 AND MOD(flags, 4) >= 2
            THEN CASE WHEN MOD(flags, 32) >= 16 THEN 'dst' ELSE 'src' END
        END AS opener,
        started - MOD(started, 86400) AS day
    FROM records
)
SELECT
    interface_id,
    own,
    log_status,
    action,
    src,
    dst,
    protocol,
    opener,
    CASE WHEN opener = 'src' THEN NULL ELSE srcport END AS srcport,
    CASE WHEN opener = 'dst' THEN NULL ELSE dstport END AS dstport,
    day,
    traffic_path,
    reject_reason,
    encryption,
    src_aws,
    dst_aws,
    CASE WHEN protocol = 6 AND flags = 4 AND bytes <= 60 * packets THEN 1 ELSE 0 END AS reset,
    SUM(packets) AS packets,
    SUM(bytes) AS bytes,
    MIN(started) AS started,
    MAX(ended) AS ended,
    COUNT(*) AS records,
    MAX(vpc_id) AS vpc_id,
    MAX(subnet_id) AS subnet_id,
    MAX(instance_id) AS instance_id,
    MAX(ecs_service) AS ecs_service
FROM opened
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
