SELECT b.auction, b.price, b.bidder, b.date_time, b.extra
FROM bid AS b
JOIN (
    SELECT max(price) AS price, tumble('10 seconds', date_time) AS since FROM bid GROUP BY tumble('10 seconds', date_time)
) AS highest ON b.price = highest.price AND tumble('10 seconds', b.date_time) = highest.since
