SELECT bidder, count(*) AS bids, session('10 seconds', date_time) AS since FROM bid GROUP BY bidder, since
