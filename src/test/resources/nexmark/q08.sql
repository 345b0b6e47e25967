SELECT p.id, p.name, p.since
FROM (
    SELECT DISTINCT id, name, tumble('10 seconds', date_time) AS since FROM person
) AS p
JOIN (
    SELECT DISTINCT seller, tumble('10 seconds', date_time) AS since FROM auction
) AS a ON p.id = a.seller AND p.since = a.since
