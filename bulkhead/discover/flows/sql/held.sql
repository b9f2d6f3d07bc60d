-- By which interface an address was held on a day, as far as the interfaces recorded it
-- themselves; `holders` above 1: it changed hands that day. From `placed`.
SELECT place AS address, day, MIN(interface_id) AS interface_id,
    COUNT(DISTINCT interface_id) AS holders
FROM placed
WHERE place IS NOT NULL AND log_status = 'OK'
GROUP BY place, day
