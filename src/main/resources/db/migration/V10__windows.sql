-- Windows of event time, as functions: Postgres checks a view's SELECT by them, and views of views may call them. A view that
-- groups by one is kept by expressions that say the same.
--
-- A size is so many months, so many days, or a shorter span; no mixture. Windows are counted from 1970-01-01, whole weeks from
-- Monday, 1970-01-05; months and days in the time zone, which is UTC if none is given. With a time zone, shorter spans are counted
-- from each day's beginning and must divide a day; a day's last one ends with the day.

-- When a clock on the wall shows this for the first time. Postgres itself takes the second time where it shows it twice, as at
-- midnight in Havana.
CREATE FUNCTION leat.first_instant(local timestamp, zone text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN ((local AT TIME ZONE zone) - interval '1 hour') AT TIME ZONE zone = local
                THEN (local AT TIME ZONE zone) - interval '1 hour'
            ELSE local AT TIME ZONE zone
        END
    $$;

-- Where the days or months that a local time belongs to begin.
CREATE FUNCTION leat.local_window(size interval, local timestamp) RETURNS timestamp
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN extract(year FROM size) * 12 + extract(month FROM size) > 0 THEN
                timestamp '1970-01-01' + interval '1 month' * (
                    (extract(year FROM size) * 12 + extract(month FROM size)) * floor(
                        ((extract(year FROM local) - 1970) * 12 + extract(month FROM local) - 1)
                            / (extract(year FROM size) * 12 + extract(month FROM size))))::integer
            ELSE date_bin(size, local,
                CASE WHEN extract(day FROM size) % 7 = 0 THEN timestamp '1970-01-05' ELSE timestamp '1970-01-01' END)
        END
    $$;

-- The window that a time lies in, by its beginning.
CREATE FUNCTION leat.tumble(size interval, "time" timestamptz, zone text DEFAULT NULL) RETURNS timestamptz
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    DECLARE
        months integer := extract(year FROM size) * 12 + extract(month FROM size);
        days integer := extract(day FROM size);
        span interval := make_interval(secs => extract(epoch FROM size - make_interval(months => months, days => days)));
    BEGIN
        IF (months <> 0)::integer + (days <> 0)::integer + (span <> interval '0')::integer <> 1
            OR size <= interval '0' THEN
            RAISE EXCEPTION 'a window of % is neither so many months, nor so many days, nor a shorter span', size;
        ELSIF span = interval '0' THEN
            RETURN leat.first_instant(
                leat.local_window(size, "time" AT TIME ZONE coalesce(zone, 'UTC')), coalesce(zone, 'UTC'));
        ELSIF zone IS NULL THEN
            RETURN date_bin(size, "time", timestamptz '1970-01-01 00:00:00+00');
        ELSIF extract(epoch FROM interval '24 hours') % extract(epoch FROM size) <> 0 THEN
            RAISE EXCEPTION 'windows of % with a time zone begin with each day, but it doesn''t divide a day', size;
        ELSE
            RETURN date_bin(size, "time",
                leat.first_instant(date_trunc('day', "time" AT TIME ZONE zone), zone));
        END IF;
    END
    $$;

-- The windows that a time lies in, by their beginnings: one of this size begins with every step.
CREATE FUNCTION leat.hop(size interval, every interval, "time" timestamptz, zone text DEFAULT NULL)
    RETURNS SETOF timestamptz
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    DECLARE
        months integer := extract(year FROM every) * 12 + extract(month FROM every);
        days integer := extract(day FROM every);
        calendar boolean := extract(epoch FROM every - make_interval(months => months, days => days)) = 0;
        steps numeric := extract(epoch FROM size) / extract(epoch FROM every);
    BEGIN
        IF months > 0 THEN
            steps := (extract(year FROM size) * 12 + extract(month FROM size)) / months;
        END IF;
        IF steps <> trunc(steps) OR steps < 1 THEN
            RAISE EXCEPTION 'a window of % doesn''t consist of steps of %', size, every;
        ELSIF calendar THEN
            FOR i IN 0 .. steps::integer - 1 LOOP
                RETURN NEXT leat.first_instant(
                    leat.local_window(every, "time" AT TIME ZONE coalesce(zone, 'UTC')) - i * every,
                    coalesce(zone, 'UTC'));
            END LOOP;
        ELSIF zone IS NOT NULL THEN
            RAISE EXCEPTION 'with a time zone, windows hop by days or months, not by %', every;
        ELSE
            FOR i IN 0 .. steps::integer - 1 LOOP
                RETURN NEXT leat.tumble(every, "time") - i * every;
            END LOOP;
        END IF;
    END
    $$;

-- Sessions are made of other events besides one's own: only a view that groups by them can tell.
CREATE FUNCTION leat.session(gap interval, "time" timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    BEGIN
        RAISE EXCEPTION 'session(gap, time) can only be grouped by, in a view that reads a stream';
    END
    $$;
