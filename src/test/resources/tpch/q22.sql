SELECT cntrycode, count(*) AS numcust, sum(c_acctbal) AS totacctbal
FROM (SELECT substring(c_phone from 1 for 2) AS cntrycode, c_acctbal FROM customer
      WHERE substring(c_phone from 1 for 2) IN ('13', '31', '23')
        AND c_acctbal > (SELECT avg(c_acctbal) FROM customer WHERE c_acctbal > 0
                           AND substring(c_phone from 1 for 2) IN ('13', '31', '23'))
        AND NOT EXISTS (SELECT * FROM orders WHERE o_custkey = c_custkey)) AS custsale
GROUP BY cntrycode
