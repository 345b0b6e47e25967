-- Whoever opens a lane of the lake gets the next number; commits of older owners are refused.
CREATE SEQUENCE lake_epoch;

-- Where the lake of a stream goes on: the offset of the first event that isn't in a file of the manifest yet. It lags
-- behind the views' checkpoint, because a file counts only when it is closed.
CREATE TABLE lake_checkpoint (
    stream      text        NOT NULL,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    next_offset bigint      NOT NULL,
    epoch       bigint      NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, topic, partition)
);

-- The manifest: the Parquet files that count. Added to in the transaction that moves the checkpoint.
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
