SELECT bidder, count(*) AS bids, date_bin('10 seconds', _timestamp, 'epoch') AS since
FROM bid
GROUP BY bidder, date_bin('10 seconds', _timestamp, 'epoch')
