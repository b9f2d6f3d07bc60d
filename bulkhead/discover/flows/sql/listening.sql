-- Sockets that answered somebody who opened a connection to them. From `traffic`.
SELECT DISTINCT src AS address, protocol, srcport AS port
FROM traffic
WHERE opener = 'dst' AND srcport IS NOT NULL
