SELECT auction, bidder, price, channel, date_time, extra, place
FROM (
    SELECT *, row_number() OVER (PARTITION BY auction ORDER BY price DESC, extra) AS place FROM bid
) AS q
WHERE place <= 10
