-- What is on its way to Kafka: written in the transaction that it comes from, deleted when the broker has acknowledged it.
-- Ids rise along each lane, but rows of different lanes are committed in another order than their ids have: whoever reads
-- takes what is there, and never asks for what is greater than the last one.
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
