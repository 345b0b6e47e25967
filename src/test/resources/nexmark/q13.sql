SELECT b.auction, b.bidder, b.price, b.date_time, s.value FROM bid AS b JOIN side AS s ON mod(b.auction, 5) = s.key
