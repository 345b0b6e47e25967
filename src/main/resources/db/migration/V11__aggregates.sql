-- What views in SQL aggregate with, besides what Postgres brings.

-- first(x), last(x): the first, the last value that isn't null, in the order in which rows come.
CREATE FUNCTION first_step(there anyelement, added anyelement) RETURNS anyelement
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT there';
CREATE FUNCTION last_step(there anyelement, added anyelement) RETURNS anyelement
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT added';
CREATE AGGREGATE first(anyelement) (SFUNC = first_step, STYPE = anyelement);
CREATE AGGREGATE last(anyelement) (SFUNC = last_step, STYPE = anyelement);

-- Arrays one behind the other.
CREATE AGGREGATE concatenated(anycompatiblearray) (SFUNC = array_cat, STYPE = anycompatiblearray);

-- The variance of whole numbers and decimals out of their count, their sum and the sum of their squares, with the digits
-- that Postgres gives it. Source: PostgreSQL, utils/adt/numeric.c, numeric_stddev_internal.
-- lost: 1 for that of a sample, else 0.
CREATE FUNCTION numeric_variance(n bigint, total numeric, squares numeric, lost integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN n > lost THEN
        CASE WHEN n * squares - total * total <= 0 THEN 0::numeric
             ELSE (n * squares - total * total) / (n::numeric * (n - lost)) END
    END;

-- Its root, with as many digits as the variance itself; sqrt alone would give more.
CREATE FUNCTION numeric_stddev(variance numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    round(sqrt(round(variance, coalesce(scale(variance), 0) + 20)), coalesce(scale(variance), 0));

-- The sum of squared deviations of two parts together, out of each part's count, sum and sum of squared deviations.
-- Source: PostgreSQL, utils/adt/float.c, float8_combine: the algorithm of Youngs and Cramer, after Chan, Golub and LeVeque.
CREATE FUNCTION deviations(n1 bigint, total1 double precision, squares1 double precision,
                           n2 bigint, total2 double precision, squares2 double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN coalesce(n1, 0) = 0 THEN squares2
         WHEN coalesce(n2, 0) = 0 THEN squares1
         ELSE squares1 + squares2
              + n1::double precision * n2 * power(total1 / n1 - total2 / n2, 2) / (n1 + n2) END;

-- The same of any number of parts. The state: count, sum, sum of squared deviations.
CREATE FUNCTION deviations_step(there double precision[], n bigint, total double precision, squares double precision)
    RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN coalesce(n, 0) = 0 THEN there
         ELSE ARRAY[there[1] + n, there[2] + total,
                    deviations(there[1]::bigint, there[2], there[3], n, total, squares)] END;
CREATE FUNCTION deviations_end(there double precision[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN there[1] > 0 THEN there[3] END;
CREATE AGGREGATE deviations(bigint, double precision, double precision)
    (SFUNC = deviations_step, STYPE = double precision[], FINALFUNC = deviations_end, INITCOND = '{0,0,0}');
