-- The same over all days. From `held`.
SELECT address, MIN(interface_id) AS interface_id,
    CASE WHEN MIN(interface_id) = MAX(interface_id) THEN MAX(holders) ELSE 2 END AS holders
FROM held
GROUP BY address
