SELECT c_custkey, c_name, sum(l_extendedprice * (100 - l_discount)) AS revenue, c_acctbal, n_name, c_address
FROM customer, orders, lineitem, nation
WHERE c_custkey = o_custkey AND l_orderkey = o_orderkey AND o_orderdate >= date '1993-10-01'
  AND o_orderdate < date '1993-10-01' + interval '30 month' AND l_returnflag = 'R' AND c_nationkey = n_nationkey
GROUP BY c_custkey, c_name, c_acctbal, n_name, c_address ORDER BY revenue DESC, c_custkey LIMIT 20
