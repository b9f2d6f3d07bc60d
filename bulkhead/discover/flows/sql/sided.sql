-- Traffic with who is the client and who the server, and by what that is told:
--   1 the first packet is among the records       4 one port is one that clients ask from, the
--   2 that socket answered others                   other is not
--   3 a socket is declared there                  5 many others meet at one of the ports
--   6 unsure: the end with the lower port is taken for the server
-- From `placed`, `listening`, `declared`, `crowds`, `held`, `holders`.
WITH known AS (
    SELECT
        t.*,
        CASE
            WHEN t.opener = 'src' THEN 1
            WHEN t.opener = 'dst' THEN -1
            WHEN ld.port IS NOT NULL AND ls.port IS NULL THEN 2
            WHEN ls.port IS NOT NULL AND ld.port IS NULL THEN -2
            WHEN dd.first_port IS NOT NULL AND ds.first_port IS NULL THEN 3
            WHEN ds.first_port IS NOT NULL AND dd.first_port IS NULL THEN -3
            WHEN t.srcport >= 32768 AND t.dstport < 32768 THEN 4
            WHEN t.dstport >= 32768 AND t.srcport < 32768 THEN -4
            WHEN cd.port IS NOT NULL AND cs.port IS NULL THEN 5
            WHEN cs.port IS NOT NULL AND cd.port IS NULL THEN -5
            WHEN t.srcport > t.dstport THEN 6
            WHEN t.dstport > t.srcport THEN -6
            WHEN t.src <= t.dst THEN 6
            ELSE -6
        END AS told
    FROM placed t
    LEFT JOIN listening ls
        ON ls.address = t.src AND ls.protocol = t.protocol AND ls.port = t.srcport
    LEFT JOIN listening ld
        ON ld.address = t.dst AND ld.protocol = t.protocol AND ld.port = t.dstport
    LEFT JOIN declared ds
        ON ds.address = t.src AND ds.protocol = t.protocol
        AND t.srcport BETWEEN ds.first_port AND ds.last_port
    LEFT JOIN declared dd
        ON dd.address = t.dst AND dd.protocol = t.protocol
        AND t.dstport BETWEEN dd.first_port AND dd.last_port
    LEFT JOIN crowds cs
        ON cs.address = t.src AND cs.protocol = t.protocol AND cs.port = t.srcport
    LEFT JOIN crowds cd
        ON cd.address = t.dst AND cd.protocol = t.protocol AND cd.port = t.dstport
    WHERE t.src IS NOT NULL AND t.dst IS NOT NULL
),
turned AS (
    SELECT
        known.*,
        ABS(told) AS told_by,
        CASE WHEN told > 0 THEN src ELSE dst END AS client,
        CASE WHEN told > 0 THEN dst ELSE src END AS server,
        CASE WHEN told > 0 THEN dstport ELSE srcport END AS port,
        CASE WHEN ABS(told) = 6 THEN CASE WHEN told > 0 THEN srcport ELSE dstport END
        END AS other_port,
        CASE WHEN told > 0 THEN src_aws ELSE dst_aws END AS client_aws,
        CASE WHEN told > 0 THEN dst_aws ELSE src_aws END AS server_aws
    FROM known
)
SELECT
    turned.*,
    CASE WHEN place = client THEN turned.interface_id
        WHEN ac.holders = 1 THEN ac.interface_id
        WHEN hc.holders = 1 THEN hc.interface_id END AS client_interface,
    CASE WHEN place = server THEN turned.interface_id
        WHEN asv.holders = 1 THEN asv.interface_id
        WHEN hs.holders = 1 THEN hs.interface_id END AS server_interface,
    CASE WHEN ac.holders > 1 AND COALESCE(hc.holders, 0) <> 1 AND place <> client
        THEN 1 ELSE 0 END AS client_changed,
    CASE WHEN asv.holders > 1 AND COALESCE(hs.holders, 0) <> 1 AND place <> server
        THEN 1 ELSE 0 END AS server_changed
FROM turned
LEFT JOIN held hc ON hc.address = turned.client AND hc.day = turned.day
LEFT JOIN held hs ON hs.address = turned.server AND hs.day = turned.day
LEFT JOIN holders ac ON ac.address = turned.client
LEFT JOIN holders asv ON asv.address = turned.server
