-- The address of an interface whose records do not say which way they went (flow-direction): the
-- one that is in all of them, where there is one alone. From `traffic`.
WITH ends AS (
    SELECT interface_id, src AS address, records FROM traffic
    WHERE own IS NULL AND log_status = 'OK' AND src <> dst
    UNION ALL
    SELECT interface_id, dst AS address, records FROM traffic
    WHERE own IS NULL AND log_status = 'OK' AND src <> dst
),
counted AS (
    SELECT interface_id, address, SUM(records) AS records FROM ends GROUP BY interface_id, address
),
whole AS (
    SELECT interface_id, SUM(records) AS records FROM traffic
    WHERE own IS NULL AND log_status = 'OK' AND src <> dst
    GROUP BY interface_id
)
SELECT counted.interface_id, MIN(address) AS address
FROM counted
JOIN whole ON whole.interface_id = counted.interface_id AND whole.records = counted.records
GROUP BY counted.interface_id
HAVING COUNT(*) = 1
