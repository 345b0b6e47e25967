-- What Leat itself remembers. View tables live in a schema of their own, named by leat.view.schema.

---------------------------------------------------------------------------------------------------------------------
-- Lanes
---------------------------------------------------------------------------------------------------------------------

-- Where a lane resumes. It moves in the transaction that changes the views.
-- first_offset: where the lane began; a rebuild from the topic begins there.
-- next_offset: of the first event that the lane hasn't applied yet.
-- last_timestamp: Kafka's timestamp of the last event before next_offset.
-- caught_up_at: when the lane last had nothing to do.
-- parked_version: rises when somebody other than the lane changes which keys are parked; the lane reads them again then.
CREATE TABLE checkpoint (
    topic          text        NOT NULL,
    partition      integer     NOT NULL,
    first_offset   bigint,
    next_offset    bigint      NOT NULL,
    last_timestamp timestamptz,
    caught_up_at   timestamptz,
    parked_version bigint      NOT NULL DEFAULT 0,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition)
);

-- Which topic of a name the checkpoints are of.
-- partitions: how many it had when its first lane was opened. Those begin where `from:` says; later ones at their start.
-- topic_id: Kafka's; another topic of the same name has another one. Null while it isn't known.
-- incarnation: how many topics of that name were read, this one included.
-- offset_base: positions are Kafka's offsets plus this, so that they go on after those of the topic before.
CREATE TABLE topic_start (
    topic       text        PRIMARY KEY,
    partitions  integer     NOT NULL,
    topic_id    uuid,
    incarnation integer     NOT NULL DEFAULT 1,
    offset_base bigint      NOT NULL DEFAULT 0,
    decided_at  timestamptz NOT NULL DEFAULT now()
);

-- The topics that are read before another one, when that is read for the first time: `after:`.
-- first: the topic that is read first.
-- ends: where its partitions ended when the first lane of the other one was opened.
-- reached_at: when they had been read so far; null before. Nobody waits any more then.
CREATE TABLE read_first (
    topic      text      NOT NULL,
    first      text      NOT NULL,
    partitions integer[] NOT NULL,
    ends       bigint[]  NOT NULL,
    reached_at timestamptz,
    PRIMARY KEY (topic, first)
);

---------------------------------------------------------------------------------------------------------------------
-- Instances
---------------------------------------------------------------------------------------------------------------------

-- What each process tells the others every two seconds. One that hasn't been seen for ten seconds doesn't count.
-- lanes: the state of each of its lanes, by topic-partition.
CREATE TABLE instance (
    id         uuid        PRIMARY KEY,
    lanes      jsonb       NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);

-- What fails now in an instance.
-- rests: it isn't tried again before somebody resumes it.
-- resume: somebody has asked for that; the instance looks for it.
CREATE TABLE failure (
    instance uuid        NOT NULL REFERENCES instance ON DELETE CASCADE,
    scope    text        NOT NULL,
    name     text        NOT NULL,
    cause    text        NOT NULL,
    message  text        NOT NULL,
    since    timestamptz NOT NULL,
    times    bigint      NOT NULL,
    rests    boolean     NOT NULL,
    resume   boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (instance, scope, name, cause)
);

---------------------------------------------------------------------------------------------------------------------
-- Dead letters
---------------------------------------------------------------------------------------------------------------------

-- Events that can't be applied, with all that is needed to look at them or to redrive them.
-- view: the one that refuses the event; null: no view of the stream has it.
-- parks: whether later events of the same Kafka key are parked.
-- resolution: null while it is open. A resolved dead letter stays for as long as leat.view.keep-resolved says.
-- copy_to: the Kafka topic that it is copied to; null: none.
-- copy_refused: why the copy can't be sent; it is set aside. Null: it can, as far as is known.
-- event_timestamp: Kafka's, or the nearest that can be held; then kafka_timestamp has it, in milliseconds since 1970.
CREATE TABLE dead_letter (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream          text,
    view            text,
    topic           text        NOT NULL,
    partition       integer     NOT NULL,
    "offset"        bigint      NOT NULL,
    event_timestamp timestamptz NOT NULL,
    key             bytea,
    value           bytea,
    headers         jsonb       NOT NULL,
    kafka_timestamp bigint,
    schema_id       bigint,
    reason          text        NOT NULL,
    message         text        NOT NULL,
    first_attempt   timestamptz NOT NULL DEFAULT now(),
    last_attempt    timestamptz NOT NULL DEFAULT now(),
    attempts        integer     NOT NULL DEFAULT 1,
    parks           boolean     NOT NULL DEFAULT false,
    resolution      text,
    resolved_at     timestamptz,
    copy_to         text,
    copied_at       timestamptz,
    copy_refused    text
);
CREATE UNIQUE INDEX dead_letter_position ON dead_letter (topic, partition, "offset", coalesce(view, ''));
CREATE INDEX dead_letter_stream ON dead_letter (stream, id);
CREATE INDEX dead_letter_open ON dead_letter (topic, partition, "offset") WHERE resolution IS NULL;
CREATE INDEX dead_letter_resolved ON dead_letter (resolved_at) WHERE resolution IS NOT NULL;
CREATE INDEX dead_letter_uncopied ON dead_letter (id)
    WHERE copy_to IS NOT NULL AND copied_at IS NULL AND copy_refused IS NULL;
CREATE INDEX dead_letter_copy_refused ON dead_letter (id) WHERE copy_refused IS NOT NULL;

-- Parked events: they could be applied, but an earlier event of the same Kafka key is an open dead letter.
-- view: the dead letter's; null: none of the stream's views has the parked event.
CREATE TABLE parked_event (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream          text        NOT NULL,
    view            text,
    topic           text        NOT NULL,
    partition       integer     NOT NULL,
    "offset"        bigint      NOT NULL,
    event_timestamp timestamptz NOT NULL,
    key             bytea       NOT NULL,
    value           bytea,
    headers         jsonb       NOT NULL,
    kafka_timestamp bigint,
    parked_at       timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX parked_event_position
    ON parked_event (topic, partition, "offset", stream, coalesce(view, ''));
CREATE INDEX parked_event_key ON parked_event (topic, partition, sha256(key), "offset");

---------------------------------------------------------------------------------------------------------------------
-- Views
---------------------------------------------------------------------------------------------------------------------

-- The catalogue: each view with its columns and its definition. Written with the view's DDL, read by queries and lanes.
-- streams: those that it follows; empty for a view that only reads other views.
-- table_name: what readers query, qualified and quoted; empty where they can't.
-- version: rises with each change of any view's columns.
-- definition_hash: of all that decides which rows the view has; a view whose hash changes is rebuilt.
-- becomes: of a generation that is being built, the view that it will replace. Its name is view@generation.
-- inputs: of a view in SQL, the columns of all that it reads as it is kept for them now, by name. Only ever widened.
-- left_at: since when an instance runs that follows the view's stream but doesn't declare the view. Such a view isn't kept
-- current.
CREATE TABLE view (
    name            text        PRIMARY KEY,
    kind            text        NOT NULL,
    streams         text[]      NOT NULL,
    table_name      text        NOT NULL,
    key             text[]      NOT NULL,
    columns         jsonb       NOT NULL,
    version         bigint      NOT NULL,
    definition      jsonb,
    definition_hash text,
    inputs          jsonb,
    generation      integer     NOT NULL DEFAULT 1,
    becomes         text,
    left_at         timestamptz,
    updated_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX view_becomes ON view (becomes);
CREATE SEQUENCE view_version;

-- Which column each field of a stream's contract goes into, decided once for each version of the contract. So every instance
-- has the same columns, whenever it starts. Not to be changed by hand: columns hold what was decided.
-- number: in which order it was decided.
-- fields: an array of columns by their names and types, each with the field's name and aliases, in the version's order.
-- late: whether a later version was decided before; it was unfit until that one.
CREATE TABLE contract_names (
    stream     text        NOT NULL,
    number     integer     NOT NULL,
    fields     jsonb       NOT NULL,
    late       boolean     NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, number)
);

-- The lanes on which a view isn't live: they don't apply their batches to it. It catches up from next_offset, by
-- compare-and-set of that and of the version, which rises when somebody changes which events count.
CREATE TABLE view_lane (
    view        text    NOT NULL,
    topic       text    NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint  NOT NULL,
    version     bigint  NOT NULL DEFAULT 0,
    done        bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (view, topic, partition)
);
CREATE INDEX view_lane_of ON view_lane (topic, partition);

-- The last rebuild of a view, or its catching up after a pause.
-- builds: name of the generation; null until its table is created.
-- begins: offset at which it begins on each partition, by topic.
-- done: events of the lanes that have caught up; rate: events a second.
-- owner: the instance that works on it, until owned_until.
CREATE TABLE rebuild (
    view        text             PRIMARY KEY,
    builds      text,
    definition  jsonb            NOT NULL,
    hash        text             NOT NULL,
    source      text             NOT NULL,
    state       text             NOT NULL,
    message     text,
    begins      jsonb            NOT NULL DEFAULT '{}',
    done        bigint           NOT NULL DEFAULT 0,
    rate        double precision NOT NULL DEFAULT 0,
    owner       uuid,
    owned_until timestamptz      NOT NULL DEFAULT now(),
    started_at  timestamptz      NOT NULL DEFAULT now(),
    updated_at  timestamptz      NOT NULL DEFAULT now(),
    finished_at timestamptz
);

---------------------------------------------------------------------------------------------------------------------
-- Event time
---------------------------------------------------------------------------------------------------------------------

-- How far each lane has come in event time, for streams whose views close.
-- max_event_time: of the newest event that was applied, at most the time at which it was applied; null before the first.
-- arrived_at: when the last event was applied, or when the row was inserted.
-- complete_at: the lane had applied all events that its topic had at this time; null from when the lane is opened until it
-- says so.
-- opened_by: who opened the lane last; only that owner sets complete_at.
CREATE TABLE stream_time (
    stream         text        NOT NULL,
    topic          text        NOT NULL,
    partition      integer     NOT NULL,
    max_event_time timestamptz,
    arrived_at     timestamptz NOT NULL,
    complete_at    timestamptz,
    opened_by      uuid,
    PRIMARY KEY (stream, topic, partition)
);

-- Windows that end at closed_through or before are final. It only ever rises, under the view's exclusive advisory lock.
CREATE TABLE view_close (
    view           text        PRIMARY KEY,
    closed_through timestamptz NOT NULL
);

-- Late events: they arrived when their window was final. The view doesn't count them; they aren't lost.
CREATE TABLE late_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    view       text        NOT NULL,
    stream     text        NOT NULL,
    topic      text        NOT NULL,
    partition  integer     NOT NULL,
    "offset"   bigint      NOT NULL,
    event_time timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    came_at    timestamptz NOT NULL DEFAULT now()
);
-- One event may be late for several windows of a view. The position comes first, because a batch counts its own.
CREATE UNIQUE INDEX late_event_position ON late_event (topic, partition, "offset", stream, view, window_end);
CREATE INDEX late_event_view ON late_event (view, id);
CREATE INDEX late_event_came ON late_event (came_at);

---------------------------------------------------------------------------------------------------------------------
-- Outbox
---------------------------------------------------------------------------------------------------------------------

-- Records for Kafka: inserted in the transaction that they come from, deleted when the broker has acknowledged them.
-- Ids rise along each lane, but rows of different lanes are committed in another order than their ids have. So whoever
-- reads takes what is there, and never asks for ids above the last one.
CREATE TABLE outbox (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    view             text        NOT NULL,
    topic            text        NOT NULL,
    key              bytea,
    value            bytea,
    event_timestamp  timestamptz NOT NULL,
    source_topic     text,
    source_partition integer,
    source_offset    bigint,
    row              integer     NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now()
);

-- Events that Kafka can never take as they are, with the reason. They keep their id, so that a redriven one has the headers
-- that it would have had.
CREATE TABLE outbox_set_aside (
    id               bigint      PRIMARY KEY,
    view             text        NOT NULL,
    topic            text        NOT NULL,
    key              bytea,
    value            bytea,
    event_timestamp  timestamptz NOT NULL,
    source_topic     text,
    source_partition integer,
    source_offset    bigint,
    row              integer     NOT NULL,
    created_at       timestamptz NOT NULL,
    reason           text        NOT NULL,
    set_aside_at     timestamptz NOT NULL DEFAULT now()
);

---------------------------------------------------------------------------------------------------------------------
-- Lake
---------------------------------------------------------------------------------------------------------------------

-- Whoever opens a lane of the lake gets the next number; commits of older owners are refused.
CREATE SEQUENCE lake_epoch;

-- Where the lake of a stream resumes: next_offset is that of the first event that isn't in a file of the manifest yet. It
-- lags behind the lane's checkpoint, because a file counts only when it is closed.
CREATE TABLE lake_checkpoint (
    stream       text        NOT NULL,
    topic        text        NOT NULL,
    partition    integer     NOT NULL,
    first_offset bigint,
    next_offset  bigint      NOT NULL,
    epoch        bigint      NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, topic, partition)
);

-- The manifest: the Parquet files that count. Rows are inserted in the transaction that moves the lake's checkpoint.
CREATE TABLE lake_file (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream       text        NOT NULL,
    topic        text        NOT NULL,
    partition    integer     NOT NULL,
    path         text        NOT NULL UNIQUE,
    day          date,
    first_offset bigint      NOT NULL,
    last_offset  bigint      NOT NULL,
    rows         bigint      NOT NULL,
    bytes        bigint      NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lake_file_lane ON lake_file (stream, partition, first_offset);
CREATE INDEX lake_file_day ON lake_file (stream, day);

---------------------------------------------------------------------------------------------------------------------
-- Windows of event time
---------------------------------------------------------------------------------------------------------------------

-- Postgres checks a view's SELECT by these functions, and views of views may call them. A view that groups by a window is
-- kept by expressions that compute the same.
--
-- A size is so many months, so many days, or a shorter span; no mixture. Windows are counted from 1970-01-01, whole weeks from
-- Monday, 1970-01-05; months and days in the time zone, which is UTC if none is given. With a time zone, shorter spans are counted
-- from each day's beginning and must divide a day; a day's last one ends with the day.

-- The first instant at which a clock in the zone shows this local time. Postgres itself takes the second one where there are
-- two, as at midnight in Havana.
CREATE FUNCTION leat.first_instant(local timestamp, zone text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
        SELECT CASE
            WHEN ((local AT TIME ZONE zone) - interval '1 hour') AT TIME ZONE zone = local
                THEN (local AT TIME ZONE zone) - interval '1 hour'
            ELSE local AT TIME ZONE zone
        END
    $$;

-- The beginning of the days or months that a local time belongs to.
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

-- The beginning of the window that a time lies in.
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

-- The beginnings of the windows that a time lies in: one of this size begins with every step.
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

-- A session depends on the other events of its key, so only a view that groups by it can compute it.
CREATE FUNCTION leat.session(gap interval, "time" timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
    BEGIN
        RAISE EXCEPTION 'session(gap, time) can only be grouped by, in a view that reads a stream';
    END
    $$;

---------------------------------------------------------------------------------------------------------------------
-- Aggregates
---------------------------------------------------------------------------------------------------------------------

-- What views in SQL aggregate with, besides Postgres's own.

-- first(x), last(x): the first, the last value that isn't null, in the order in which rows come.
CREATE FUNCTION first_step(state anyelement, added anyelement) RETURNS anyelement
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT state';
CREATE FUNCTION last_step(state anyelement, added anyelement) RETURNS anyelement
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT added';
CREATE AGGREGATE first(anyelement) (SFUNC = first_step, STYPE = anyelement);
CREATE AGGREGATE last(anyelement) (SFUNC = last_step, STYPE = anyelement);

-- Concatenates arrays.
CREATE AGGREGATE concatenated(anycompatiblearray) (SFUNC = array_cat, STYPE = anycompatiblearray);

-- The variance of whole numbers and decimals from their count, their sum and the sum of their squares, with the digits
-- that Postgres gives it. Source: PostgreSQL, utils/adt/numeric.c, numeric_stddev_internal.
-- lost: degrees of freedom lost; 1 for the variance of a sample, else 0.
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

-- The sum of squared deviations of two parts together, from each part's count, sum and sum of squared deviations.
-- Source: PostgreSQL, utils/adt/float.c, float8_combine: the algorithm of Youngs and Cramer, after Chan, Golub and LeVeque.
CREATE FUNCTION deviations(n1 bigint, total1 double precision, squares1 double precision,
                           n2 bigint, total2 double precision, squares2 double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN coalesce(n1, 0) = 0 THEN squares2
         WHEN coalesce(n2, 0) = 0 THEN squares1
         ELSE squares1 + squares2
              + n1::double precision * n2 * power(total1 / n1 - total2 / n2, 2) / (n1 + n2) END;

-- The same of any number of parts. The state: count, sum, sum of squared deviations.
CREATE FUNCTION deviations_step(state double precision[], n bigint, total double precision, squares double precision)
    RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN coalesce(n, 0) = 0 THEN state
         ELSE ARRAY[state[1] + n, state[2] + total,
                    deviations(state[1]::bigint, state[2], state[3], n, total, squares)] END;
CREATE FUNCTION deviations_end(state double precision[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN state[1] > 0 THEN state[3] END;
CREATE AGGREGATE deviations(bigint, double precision, double precision)
    (SFUNC = deviations_step, STYPE = double precision[], FINALFUNC = deviations_end, INITCOND = '{0,0,0}');

---------------------------------------------------------------------------------------------------------------------
-- Joins
---------------------------------------------------------------------------------------------------------------------

-- In a view's SELECT, as_of(h, moment) says that row h of a history was valid then. Leat replaces it by the condition before
-- Postgres runs the SELECT; the function exists so that Postgres can check what was written.
CREATE FUNCTION as_of(history_row anyelement, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION 'as_of() stands for a condition only in a SELECT of pipeline.yaml'
        USING HINT = 'write valid_from <= moment AND (valid_to IS NULL OR moment < valid_to)';
END
$$;
