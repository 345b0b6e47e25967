SELECT auction, price FROM bid WHERE mod(auction, 3) = 0
