-- What each interface recorded, and what of that was skipped. From `placed`.
SELECT
    interface_id,
    MAX(place) AS own,
    MAX(vpc_id) AS vpc_id,
    MAX(subnet_id) AS subnet_id,
    MAX(instance_id) AS instance_id,
    MAX(ecs_service) AS ecs_service,
    SUM(CASE WHEN log_status = 'OK' THEN records ELSE 0 END) AS ok,
    SUM(CASE WHEN log_status = 'NODATA' THEN records ELSE 0 END) AS nodata,
    SUM(CASE WHEN log_status = 'SKIPDATA' THEN records ELSE 0 END) AS skipped,
    SUM(CASE WHEN action = 'ACCEPT' THEN records ELSE 0 END) AS accepted,
    SUM(CASE WHEN action = 'REJECT' THEN records ELSE 0 END) AS rejected,
    MIN(started) AS started,
    MAX(ended) AS ended
FROM placed
GROUP BY interface_id
