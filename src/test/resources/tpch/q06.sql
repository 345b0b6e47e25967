SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem
WHERE l_shipdate >= date '1994-01-01' AND l_shipdate < date '1996-01-01' AND l_discount BETWEEN 3 AND 7 AND l_quantity < 24
