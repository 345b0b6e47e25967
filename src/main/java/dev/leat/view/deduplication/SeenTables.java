package dev.leat.view.deduplication;

import dev.leat.catalog.ColumnDdl;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Makes the tables of remembered event ids, a partition for each day on which events are taken in, and drops those that
 * no lane needs any more. Looks once a day and stream, when the day's partition is made; nothing runs while nothing flows.
 * Blocks.
 */
@ApplicationScoped
class SeenTables {

    private static final Logger LOG = Logger.getLogger(SeenTables.class);

    private static final String SELECT_PARTITIONS = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass($1)
            """;

    // The lane that lags most, in Kafka's time. A lane that has nothing to do doesn't lag.
    private static final String SELECT_HORIZON = """
            SELECT min(greatest(last_timestamp, caught_up_at)) AS at, count(*) FILTER
                (WHERE last_timestamp IS NULL AND caught_up_at IS NULL) AS unknown
            FROM leat.checkpoint WHERE topic = $1
            """;

    private final Pool pool;
    private final PostgresConfig config;

    // The day for which a stream's partition is known to be there. Lanes race here only to do the same thing twice.
    private final Map<String, LocalDate> ensured = new ConcurrentHashMap<>();

    SeenTables(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.config = config;
    }

    static String name(Stream stream) {
        return "leat." + Sql.quote("seen_" + stream.name());
    }

    private static String partition(Stream stream, LocalDate day) {
        return "seen_" + stream.name() + "_" + day.toString().replace("-", "");
    }

    void ensure(Stream stream, LocalDate today) {
        if (today.equals(ensured.get(stream.name()))) {
            return;
        }
        await(pool.withTransaction(connection -> connection
                .query(ColumnDdl.LOCK)
                .execute()
                .chain(() -> unlessExists(connection, name(stream), createStatement(stream)))
                .chain(() -> unlessExists(
                        connection,
                        "leat." + Sql.quote(partition(stream, today)),
                        createPartitionStatement(stream, today)))));
        ensured.put(stream.name(), today);
        dropUnneeded(stream, today);
    }

    /** Looks first: with IF NOT EXISTS the client would log a notice each day. */
    private static Uni<Void> unlessExists(SqlConnection connection, String table, String statement) {
        return connection
                .preparedQuery("SELECT to_regclass($1) IS NOT NULL")
                .execute(Tuple.of(table))
                .chain(rows -> rows.iterator().next().getBoolean(0)
                        ? Uni.createFrom().voidItem()
                        : connection.query(statement).execute().replaceWithVoid());
    }

    private static String createStatement(Stream stream) {
        return "CREATE TABLE " + name(stream)
                + " (id uuid NOT NULL, at timestamptz NOT NULL, \"offset\" bigint NOT NULL, partition integer NOT NULL,"
                + " day date NOT NULL) PARTITION BY RANGE (day); CREATE INDEX ON " + name(stream) + " (id)";
    }

    private static String createPartitionStatement(Stream stream, LocalDate day) {
        return "CREATE TABLE leat." + Sql.quote(partition(stream, day)) + " PARTITION OF " + name(stream)
                + " FOR VALUES FROM ('" + day + "') TO ('" + day.plusDays(1) + "')";
    }

    /** What can't be dropped now (a reader holds it, Postgres is away) is dropped another day. */
    private void dropUnneeded(Stream stream, LocalDate today) {
        try {
            OffsetDateTime horizon = horizon(stream);
            if (horizon == null) {
                return;
            }
            OffsetDateTime needed =
                    horizon.minus(stream.deduplicate().orElseThrow().within());
            for (Row row : await(pool.preparedQuery(SELECT_PARTITIONS).execute(Tuple.of(name(stream))))) {
                String partition = row.getString("relname");
                LocalDate day =
                        LocalDate.parse(partition.substring(partition.length() - 8), DateTimeFormatter.BASIC_ISO_DATE);
                if (day.isBefore(today.minusDays(1)) && isOlder(partition, needed)) {
                    drop(partition);
                    LOG.infof("event ids forgotten stream=%s day=%s", stream.name(), day);
                }
            }
        } catch (RuntimeException e) {
            LOG.warnf("event ids not cleaned up stream=%s error=%s", stream.name(), e.getMessage());
        }
    }

    /** Null while a lane hasn't said yet where it is. */
    private OffsetDateTime horizon(Stream stream) {
        Row row = await(pool.preparedQuery(SELECT_HORIZON).execute(Tuple.of(stream.topic())))
                .iterator()
                .next();
        return row.getLong("unknown") > 0 ? null : row.getOffsetDateTime("at");
    }

    private boolean isOlder(String partition, OffsetDateTime needed) {
        OffsetDateTime newest = await(pool.query("SELECT max(at) AS at FROM leat." + Sql.quote(partition))
                        .execute())
                .iterator()
                .next()
                .getOffsetDateTime("at");
        return newest == null || newest.isBefore(needed);
    }

    private void drop(String partition) {
        await(pool.withTransaction(connection -> connection
                .query(ColumnDdl.LOCK)
                .execute()
                // While this statement waits for its lock, the lanes queue up after it.
                .chain(() -> connection.query("SET LOCAL lock_timeout = '2s'").execute())
                .chain(() -> connection
                        .query("DROP TABLE IF EXISTS leat." + Sql.quote(partition))
                        .execute())));
    }

    private <T> T await(Uni<T> uni) {
        return uni.await().atMost(config.timeout());
    }
}
