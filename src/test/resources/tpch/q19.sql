SELECT sum(l_extendedprice * (100 - l_discount)) AS revenue FROM lineitem, part
WHERE p_partkey = l_partkey AND l_shipmode IN ('AIR', 'MAIL') AND (
      p_brand = 'Brand#12' AND p_container IN ('SM CASE', 'SM BOX') AND l_quantity BETWEEN 1 AND 21 AND p_size BETWEEN 1 AND 25
   OR p_brand = 'Brand#23' AND p_container IN ('MED BAG', 'SM BOX') AND l_quantity BETWEEN 5 AND 40 AND p_size BETWEEN 1 AND 40)
