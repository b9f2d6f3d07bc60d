-- Traffic with the address of the interface that recorded it, as far as that is known; NULL where
-- it recorded nothing but its status. From `traffic`, `owners`.
SELECT
    traffic.*,
    COALESCE(traffic.own, owners.address) AS place
FROM traffic
LEFT JOIN owners ON owners.interface_id = traffic.interface_id
