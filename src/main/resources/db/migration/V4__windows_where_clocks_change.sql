-- Where clocks are put back across a window's beginning, they show it twice; where they are put forward, never. Postgres alone
-- says when windows begin and end: the process has time zones of its own, which may be others.

-- What a zone's clocks do around the time that they show, where they change within 26 hours of it: no change is larger.
--
-- @param final whether the last moment is meant at which they leave an earlier time behind, else the first at which they do
CREATE FUNCTION leat.instant_near_change(local timestamp, zone text, final boolean) RETURNS timestamptz
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    DECLARE
        since timestamptz := (local AT TIME ZONE zone) - interval '26 hours';
        until timestamptz := (local AT TIME ZONE zone) + interval '26 hours';
        as_before timestamptz := since + (local - (since AT TIME ZONE zone));
        as_after timestamptz := until - ((until AT TIME ZONE zone) - local);
        earlier timestamptz := least(as_before, as_after);
        later timestamptz := greatest(as_before, as_after);
        moment interval := interval '1 microsecond';
        middle timestamptz;
    BEGIN
        IF final AND later AT TIME ZONE zone = local AND (later - moment) AT TIME ZONE zone < local THEN
            RETURN later;
        ELSIF earlier AT TIME ZONE zone = local THEN
            RETURN earlier;
        ELSIF later AT TIME ZONE zone = local THEN
            RETURN later;
        ELSIF (as_before - moment) AT TIME ZONE zone = local - moment AND as_before AT TIME ZONE zone > local THEN
            RETURN as_before;
        END IF;
        -- They never show it: the moment is that of the change.
        WHILE until - since > interval '1 second' LOOP
            middle := since + date_trunc('second', (until - since) / 2);
            IF middle AT TIME ZONE zone < local THEN
                since := middle;
            ELSE
                until := middle;
            END IF;
        END LOOP;
        RETURN until;
    END
    $$;

CREATE FUNCTION leat.changes_near(local timestamp, zone text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT ((local AT TIME ZONE zone) - interval '26 hours') AT TIME ZONE zone <> local - interval '26 hours'
            OR ((local AT TIME ZONE zone) + interval '26 hours') AT TIME ZONE zone <> local + interval '26 hours'
    $$;

-- The first moment at which the zone's clocks show this time or, where they pass over it, a later one.
CREATE OR REPLACE FUNCTION leat.first_instant(local timestamp, zone text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN leat.changes_near(local, zone) THEN leat.instant_near_change(local, zone, false)
            ELSE local AT TIME ZONE zone
        END
    $$;

-- The moment from which on the zone's clocks show no earlier time than this any more.
CREATE FUNCTION leat.final_instant(local timestamp, zone text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN leat.changes_near(local, zone) THEN leat.instant_near_change(local, zone, true)
            ELSE local AT TIME ZONE zone
        END
    $$;
