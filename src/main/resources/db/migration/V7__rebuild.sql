-- Changing a view: what each view is made by, the generations that are being built, and the lanes they aren't live on.

-- Where a lane began, so that it is known what a whole history is; null where that was decided before anybody kept it.
ALTER TABLE checkpoint ADD COLUMN first_offset bigint;
ALTER TABLE lake_checkpoint ADD COLUMN first_offset bigint;

-- A generation that is being built stands beside the view that it is to become, under a name of its own: view@generation.
-- left_at: since when an instance runs that follows the view's stream but doesn't declare the view; it isn't kept any more.
ALTER TABLE view
    ADD COLUMN definition jsonb,
    ADD COLUMN definition_hash text,
    ADD COLUMN generation integer NOT NULL DEFAULT 1,
    ADD COLUMN becomes text,
    ADD COLUMN left_at timestamptz;
CREATE UNIQUE INDEX view_becomes ON view (becomes);

-- The last rebuild of a view, or its catching up after a pause.
CREATE TABLE rebuild (
    view        text        PRIMARY KEY,
    builds      text,
    definition  jsonb       NOT NULL,
    hash        text        NOT NULL,
    source      text        NOT NULL,
    state       text        NOT NULL,
    message     text,
    begins      jsonb       NOT NULL DEFAULT '{}',
    done        bigint      NOT NULL DEFAULT 0,
    rate        double precision NOT NULL DEFAULT 0,
    owner       uuid,
    owned_until timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);

-- Where a generation isn't live: the lane doesn't apply its batches to it. It catches up from next_offset, by
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
