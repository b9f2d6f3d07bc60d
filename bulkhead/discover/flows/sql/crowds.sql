-- Of traffic whose opener no packet and no known socket tells: how many peers meet at each end.
-- One port that many others meet is a socket that waits. From `traffic`, `listening`, `declared`.
WITH unknown AS (
    SELECT DISTINCT t.src, t.srcport, t.dst, t.dstport, t.protocol
    FROM traffic t
    LEFT JOIN listening ls
        ON ls.address = t.src AND ls.protocol = t.protocol AND ls.port = t.srcport
    LEFT JOIN listening ld
        ON ld.address = t.dst AND ld.protocol = t.protocol AND ld.port = t.dstport
    WHERE t.opener IS NULL AND t.srcport IS NOT NULL AND t.dstport IS NOT NULL
        AND ls.port IS NULL AND ld.port IS NULL
        AND (t.srcport >= 32768) = (t.dstport >= 32768)
),
met AS (
    SELECT src AS address, srcport AS port, protocol, dst AS peer, dstport AS peer_port FROM unknown
    UNION
    SELECT dst AS address, dstport AS port, protocol, src AS peer, srcport AS peer_port FROM unknown
)
SELECT address, protocol, port, COUNT(*) AS peers
FROM met
GROUP BY address, protocol, port
HAVING COUNT(*) > 2
