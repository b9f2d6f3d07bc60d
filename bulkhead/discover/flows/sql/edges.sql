-- One row for each edge and each interface that recorded it: what is recorded at both ends is two
-- rows. Addresses of the internet that have no name are one end, those of a service of AWS another,
-- and so are the ports that were refused to it. From `sided`, `kept`.
WITH private AS (
    SELECT
        sided.*,
        CASE
            WHEN kc.address IS NOT NULL
                OR client LIKE '10.%' OR client LIKE '192.168.%' OR client LIKE '169.254.%'
                OR client LIKE 'fc%' OR client LIKE 'fd%' OR client LIKE 'fe80:%'
                OR (client LIKE '172.%'
                    AND TRY_CAST(SPLIT_PART(client, '.', 2) AS INTEGER) BETWEEN 16 AND 31)
                OR (client LIKE '100.%'
                    AND TRY_CAST(SPLIT_PART(client, '.', 2) AS INTEGER) BETWEEN 64 AND 127)
            THEN client
            WHEN client_aws IS NOT NULL AND client_aws NOT IN ('amazon', 'ec2')
                THEN CONCAT('AWS ', client_aws)
            ELSE 'internet'
        END AS client_end,
        CASE
            WHEN ks.address IS NOT NULL
                OR server LIKE '10.%' OR server LIKE '192.168.%' OR server LIKE '169.254.%'
                OR server LIKE 'fc%' OR server LIKE 'fd%' OR server LIKE 'fe80:%'
                OR (server LIKE '172.%'
                    AND TRY_CAST(SPLIT_PART(server, '.', 2) AS INTEGER) BETWEEN 16 AND 31)
                OR (server LIKE '100.%'
                    AND TRY_CAST(SPLIT_PART(server, '.', 2) AS INTEGER) BETWEEN 64 AND 127)
            THEN server
            WHEN server_aws IS NOT NULL AND server_aws NOT IN ('amazon', 'ec2')
                THEN CONCAT('AWS ', server_aws)
            ELSE 'internet'
        END AS server_end,
        CASE WHEN client = src THEN 1 ELSE 0 END AS request
    FROM sided
    LEFT JOIN kept kc ON kc.address = sided.client
    LEFT JOIN kept ks ON ks.address = sided.server
),
folded AS (
    SELECT
        private.*,
        CASE WHEN action = 'REJECT' AND request = 1 AND 'internet' IN (client_end, server_end)
            THEN NULL ELSE port
        END AS at_port
    FROM private
),
packed AS (
    SELECT
        client_end, client_interface, server_end, server_interface, protocol, at_port, told_by,
        interface_id, other_port, client, server, port, day, traffic_path, reject_reason,
        encryption, request, action, reset,
        MAX(client_changed) AS client_changed,
        MAX(server_changed) AS server_changed,
        SUM(records) AS records,
        SUM(packets) AS packets,
        SUM(bytes) AS bytes,
        MIN(started) AS started,
        MAX(ended) AS ended
    FROM folded
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
)
SELECT
    client_end,
    client_interface,
    server_end,
    server_interface,
    protocol,
    at_port,
    told_by,
    interface_id,
    other_port,
    MAX(client_changed) AS client_changed,
    MAX(server_changed) AS server_changed,
    SUM(CASE WHEN request = 1 AND action = 'ACCEPT' THEN records ELSE 0 END) AS accepted,
    SUM(CASE WHEN request = 1 AND action = 'REJECT' THEN records ELSE 0 END) AS rejected,
    SUM(CASE WHEN request = 0 AND action = 'ACCEPT' AND reset = 0 THEN records ELSE 0 END)
        AS answered,
    SUM(CASE WHEN request = 0 AND action = 'ACCEPT' AND reset = 1 THEN records ELSE 0 END)
        AS resets,
    SUM(CASE WHEN request = 0 AND action = 'REJECT' THEN records ELSE 0 END) AS answers_rejected,
    SUM(packets) AS packets,
    SUM(bytes) AS bytes,
    MIN(started) AS started,
    MAX(ended) AS ended,
    COUNT(DISTINCT client) AS clients,
    COUNT(DISTINCT server) AS servers,
    COUNT(DISTINCT port) AS ports,
    ARRAY_AGG(DISTINCT day) AS days,
    ARRAY_AGG(DISTINCT traffic_path) AS paths,
    ARRAY_AGG(DISTINCT reject_reason) AS reasons,
    ARRAY_AGG(DISTINCT encryption) AS encryption
FROM packed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
