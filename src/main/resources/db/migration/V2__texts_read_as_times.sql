-- A text that is read as a time may be a clock: Postgres takes `now`, `today`, `tomorrow` and `yesterday` in it for the time of
-- the transaction. What an event says must be the same whenever it is applied, so a view reads texts through this function.

CREATE FUNCTION leat.refuse_clock(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RAISE EXCEPTION 'a time that is read from an event may not be the clock''s: "%"', left(given, 100)
        USING ERRCODE = 'invalid_datetime_format';
END
$$;

CREATE FUNCTION leat.without_clock(given text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN given ~* 'now|today|tomorrow|yesterday' THEN leat.refuse_clock(given) ELSE given END;
