-- How far streams have come in event time, which windows are final, and what came too late for them.

-- Per lane, for streams whose views close. max_event_time: of the newest event that was applied, at most the time at which it
-- was; null before the first. arrived_at: when the last one was applied, or when the row was made. complete_at: the lane had
-- applied all that its log held at this time; null from when the lane is opened until it says so. opened_by: who opened the
-- lane last; nobody else says so.
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

-- What ends at closed_through or before is final. Only ever moves forward, under the view's exclusive advisory lock.
CREATE TABLE view_close (
    view           text        PRIMARY KEY,
    closed_through timestamptz NOT NULL
);

-- Events that a view no longer took, because what they belong to was final: not counted there, not lost.
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
-- One event may be late for several windows of a view. Begins with the position: a batch counts its own.
CREATE UNIQUE INDEX late_event_position ON late_event (topic, partition, "offset", stream, view, window_end);
CREATE INDEX late_event_view ON late_event (view, id);
CREATE INDEX late_event_came ON late_event (came_at);
