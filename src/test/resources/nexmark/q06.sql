SELECT q.seller, q.auction,
    avg(q.final) OVER (PARTITION BY q.seller ORDER BY q.closed, q.auction ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS price
FROM (
    SELECT a.id AS auction, a.seller, max(b.price) AS final, max(b.date_time) AS closed
    FROM auction AS a, bid AS b
    WHERE a.id = b.auction AND b.date_time BETWEEN a.date_time AND a.expires
    GROUP BY a.id, a.seller
) AS q
