package dev.leat.benchmark;

/** The tables that peers write to: as ours, without what we add for ourselves. */
final class PeerTables {

    static final String LATEST = """
            CREATE TABLE rides_latest (
                ride_id text PRIMARY KEY, ride_number integer NOT NULL, vendor_id integer NOT NULL, pickup_at timestamp NOT NULL,
                passenger_count integer, trip_distance double precision NOT NULL, pu_location_id integer NOT NULL,
                do_location_id integer NOT NULL, payment_type integer NOT NULL, fare_amount double precision NOT NULL,
                tip_amount double precision NOT NULL, total_amount double precision NOT NULL)""";
    private static final String MINUTE = """
            CREATE TABLE vendor_minute (
                vendor_id integer, minute timestamp, trips bigint NOT NULL, revenue double precision NOT NULL,
                PRIMARY KEY (vendor_id, minute))""";

    private PeerTables() {}

    /** Makes what the task needs. */
    static Sink sink(Run run, Postgres postgres) {
        return switch (run.task()) {
            case LATEST -> {
                postgres.execute(LATEST);
                yield new LatestTable(postgres, "rides_latest", run.topic());
            }
            case MINUTE -> {
                postgres.execute(MINUTE);
                yield CountedTable.minutes(postgres, "vendor_minute", run.topic());
            }
            case LAKE -> new ParquetFolder(run.lake(), run.topic());
            case LOG, ALL -> throw new IllegalArgumentException("no peer does " + run.task());
        };
    }
}
