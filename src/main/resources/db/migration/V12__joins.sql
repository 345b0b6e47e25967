-- In a view's SELECT, as_of(h, moment) says that row h of a history was valid then. Leat writes the condition out before
-- Postgres runs the SELECT; the function is there so that Postgres can check what was written.
CREATE FUNCTION as_of(history_row anyelement, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION 'as_of() stands for a condition only in a SELECT of pipeline.yaml'
        USING HINT = 'write valid_from <= moment AND (valid_to IS NULL OR moment < valid_to)';
END
$$;
