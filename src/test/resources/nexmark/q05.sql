SELECT bids.auction, bids.num, bids.since
FROM (
    SELECT b.auction, count(*) AS num, w.since
    FROM bid AS b CROSS JOIN LATERAL hop('10 seconds', '2 seconds', b.date_time) AS w(since)
    GROUP BY b.auction, w.since
) AS bids
JOIN (
    SELECT max(counts.num) AS num, counts.since
    FROM (
        SELECT count(*) AS num, w.since
        FROM bid AS b CROSS JOIN LATERAL hop('10 seconds', '2 seconds', b.date_time) AS w(since)
        GROUP BY b.auction, w.since
    ) AS counts
    GROUP BY counts.since
) AS most ON bids.since = most.since AND bids.num >= most.num
