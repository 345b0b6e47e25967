-- What it takes to keep the promise when producers, records and topics misbehave.

-- Kafka's timestamp of the last event that the checkpoint has passed; when the lane last had nothing to do; and a number that rises when somebody else than the
-- lane changes which keys are parked: the lane looks at them anew then.
ALTER TABLE checkpoint
    ADD COLUMN last_timestamp timestamptz,
    ADD COLUMN caught_up_at   timestamptz,
    ADD COLUMN parked_version bigint NOT NULL DEFAULT 0;

-- How many partitions a topic had when its first lane was opened. Those begin where `from:` says; later ones at their start.
CREATE TABLE topic_start (
    topic      text        PRIMARY KEY,
    partitions integer     NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now()
);

-- A dead letter stays after it was redriven or evicted, for as long as leat.view.keep-resolved says.
ALTER TABLE dead_letter
    ADD COLUMN parks       boolean NOT NULL DEFAULT false,
    ADD COLUMN resolution  text,
    ADD COLUMN resolved_at timestamptz,
    ADD COLUMN copy_to     text,
    ADD COLUMN copied_at   timestamptz;
CREATE INDEX dead_letter_open ON dead_letter (topic, partition, "offset") WHERE resolution IS NULL;
CREATE INDEX dead_letter_resolved ON dead_letter (resolved_at) WHERE resolution IS NOT NULL;
CREATE INDEX dead_letter_uncopied ON dead_letter (id) WHERE copy_to IS NOT NULL AND copied_at IS NULL;

-- Events that could be applied but wait behind a dead letter of the same Kafka key. No view: behind one that no view saw,
-- so none of the stream's views has them.
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
    parked_at       timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX parked_event_position
    ON parked_event (topic, partition, "offset", stream, coalesce(view, ''));
CREATE INDEX parked_event_key ON parked_event (topic, partition, sha256(key), "offset");
