-- What Leat itself remembers. View tables live in a schema of their own, named by leat.view.schema.

-- Where a lane goes on: the offset of the first event that its views haven't taken in yet.
CREATE TABLE checkpoint (
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    next_offset bigint      NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition)
);

-- Events that can't be applied, with all that is needed to look at them or try again.
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
    schema_id       bigint,
    reason          text        NOT NULL,
    message         text        NOT NULL,
    first_attempt   timestamptz NOT NULL DEFAULT now(),
    last_attempt    timestamptz NOT NULL DEFAULT now(),
    attempts        integer     NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX dead_letter_position ON dead_letter (topic, partition, "offset", coalesce(view, ''));
CREATE INDEX dead_letter_stream ON dead_letter (stream, id);

-- What the view tables look like: written with their DDL, read by whoever answers queries.
CREATE TABLE view (
    name       text        PRIMARY KEY,
    kind       text        NOT NULL,
    stream     text        NOT NULL,
    table_name text        NOT NULL,
    key        text[]      NOT NULL,
    columns    jsonb       NOT NULL,
    version    bigint      NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE view_version;
