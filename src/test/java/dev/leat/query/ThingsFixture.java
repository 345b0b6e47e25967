package dev.leat.query;

import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import org.flywaydb.core.Flyway;

/** Lays down two views by hand: {@code things} with a column of every type, and {@code things_log} with a compound key. */
public final class ThingsFixture {

    private static final String VIEWS = """
            DROP SCHEMA IF EXISTS shown CASCADE;
            CREATE SCHEMA shown;
            CREATE TABLE shown.things (id bigint PRIMARY KEY, name text NOT NULL, ok boolean, n integer, price numeric(10,2),
                at timestamptz, local timestamp, day date, clock time, uid uuid, blob bytea, ratio double precision,
                small real, extra jsonb, "limit" integer, tags text[], took interval, exact bigint, pairs jsonb);
            INSERT INTO shown.things VALUES
                (1, 'one', true, 7, 12.50, '2026-01-31T23:59:59.5Z', '2026-01-31T10:00:00', '2026-01-31', '10:00:00.000001',
                 '123e4567-e89b-12d3-a456-426614174000', 'abc', 1.5, 0.1, '{"a": 1.10}', 5,
                 '{"a,b", NULL}', '14 mons 45 days 4.005 s', 1769903999123456789, '{"k": 1}'),
                (2, 'two', false, 7, 3.00, NULL, NULL, NULL, NULL, NULL, NULL, 'NaN', NULL, NULL, 6,
                 NULL, NULL, NULL, NULL),
                (3, 'three', NULL, 9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 NULL, NULL, NULL, NULL);
            CREATE TABLE shown.things_log (_partition integer, _offset bigint, name text, PRIMARY KEY (_partition, _offset));
            INSERT INTO shown.things_log VALUES (0, 1, 'e1'), (0, 2, 'e2'), (1, 1, 'e3');
            DELETE FROM leat.view;
            DELETE FROM leat.checkpoint;
            DELETE FROM leat.dead_letter;
            INSERT INTO leat.checkpoint (topic, partition, next_offset, updated_at)
                VALUES ('taxi.rides', 0, 42, '2026-02-01T00:00:00Z');
            INSERT INTO leat.dead_letter (stream, topic, partition, "offset", event_timestamp, value, headers, reason, message)
                VALUES ('rides', 'taxi.rides', 0, 5, now(), 'abc', '{}', 'MALFORMED', 'too short'),
                       ('rides', 'taxi.rides', 0, 6, now(), 'abd', '{}', 'MALFORMED', 'too short');
            INSERT INTO leat.dead_letter
                    (stream, topic, partition, "offset", event_timestamp, value, headers, schema_id, reason, message, resolution)
                VALUES ('zones', 'taxi.zones', 0, 1, now(), 'a', '{}', 7, 'UNFIT_VERSION', 'Zone with id 7 is unfit', NULL),
                       ('zones', 'taxi.zones', 0, 2, now(), 'b', '{}', 7, 'UNFIT_VERSION', 'Zone with id 7 is unfit', NULL),
                       ('zones', 'taxi.zones', 0, 3, now(), 'c', '{}', 6, 'UNFIT_VERSION', 'Zone with id 6 is unfit', 'redriven');
            INSERT INTO leat.view (name, kind, streams, table_name, key, columns, version) VALUES
                ('things', 'latest', '{rides}', '"shown"."things"', '{id}', %s, nextval('leat.view_version')),
                ('things_log', 'log', '{rides}', '"shown"."things_log"', '{_partition,_offset}', %s, nextval('leat.view_version'));
            """;

    private static final String TAGS = """
            {"name": "tags", "kind": "ARRAY", "precision": 0, "scale": 0, "required": false, "doc": "",
             "members": [{"name": "element", "kind": "STRING", "precision": 0, "scale": 0}]}
            """;

    private static final String PAIRS = """
            {"name": "pairs", "kind": "MAP", "precision": 0, "scale": 0, "required": false, "doc": "",
             "members": [{"name": "value", "kind": "JSON", "precision": 0, "scale": 0}]}
            """;

    private ThingsFixture() {}

    public static void lay(Flyway flyway, Pool pool) {
        flyway.migrate();
        String things = columns("id:LONG!", "name:STRING!", "ok:BOOLEAN", "n:INT", "price:DECIMAL", "at:TIMESTAMP")
                + " || "
                + columns("local:LOCAL_TIMESTAMP", "day:DATE", "clock:TIME", "uid:UUID", "blob:BYTES", "ratio:DOUBLE")
                + " || " + columns("small:FLOAT", "extra:JSON", "limit:INT")
                + " || '[" + TAGS + "]'::jsonb || " + columns("took:DURATION", "exact:TIMESTAMP_NANOS")
                + " || '[" + PAIRS + "]'::jsonb";
        run(pool, VIEWS.formatted(things, columns("_partition:INT!", "_offset:LONG!", "name:STRING")));
    }

    /** What an evolved contract does to a view. */
    public static void addColumn(Pool pool) {
        run(
                pool,
                "ALTER TABLE shown.things ADD COLUMN tip integer; UPDATE shown.things SET tip = 3;"
                        + "UPDATE leat.view SET version = nextval('leat.view_version'), columns = columns || "
                        + columns("tip:INT") + " WHERE name = 'things'");
    }

    private static void run(Pool pool, String sql) {
        pool.query(sql).execute().await().atMost(Duration.ofSeconds(20));
    }

    private static String columns(String... columns) {
        StringBuilder json = new StringBuilder();
        for (String column : columns) {
            String[] parts = column.replace("!", "").split(":");
            boolean decimal = parts[1].equals("DECIMAL");
            json.append(json.isEmpty() ? "'[" : ",")
                    .append(
                            "{\"name\":\"%s\",\"kind\":\"%s\",\"precision\":%d,\"scale\":%d,\"required\":%b,\"doc\":\"%s\"}"
                                    .formatted(
                                            parts[0],
                                            parts[1],
                                            decimal ? 10 : 0,
                                            decimal ? 2 : 0,
                                            column.endsWith("!"),
                                            parts[0].equals("n") ? "How many" : ""));
        }
        return json.append("]'::jsonb").toString();
    }
}
