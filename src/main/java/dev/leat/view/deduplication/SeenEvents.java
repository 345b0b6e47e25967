package dev.leat.view.deduplication;

import dev.leat.catalog.BatchParameters;
import dev.leat.pipeline.Stream;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Remembers the ids of events, so that duplicates from producers change nothing. An event is a duplicate when one with the same
 * id, another position, and a Kafka timestamp no further away than {@code within} was applied before it. What is remembered
 * moves with the batch's transaction.
 *
 * <p>Kept in one table a stream, partitioned by the day on which an event was applied; a partition goes when no lane can
 * meet a duplicate of what is in it any more ({@link SeenTables}).
 */
@ApplicationScoped
public class SeenEvents {

    /** Where the id isn't part of the key, two lanes may get one id at once. Then one waits for the other. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    private final SeenTables tables;
    private final Clock clock = Clock.systemUTC();

    SeenEvents(SeenTables tables) {
        this.tables = tables;
    }

    /** Creates the day's partition if it is missing. Blocks; before the transaction. */
    public void ensure(Stream stream, LocalDate today) {
        if (stream.deduplicate().isPresent()) {
            tables.ensure(stream, today);
        }
    }

    /** The rows that are no duplicates, and remembers them. */
    public Rows withoutDuplicatesInTransaction(Tx tx, Rows rows, LocalDate today) {
        Stream.Deduplicate rule = rows.stream().deduplicate().orElse(null);
        if (rule == null || rows.isEmpty()) {
            return rows;
        }
        UUID[] ids = EventIds.of(rows, rule.by());
        long[] at = timestamps(rows);
        int[] candidates = firstInBatch(ids, at, rule.within());
        BitSet fresh = new BitSet();
        for (int row = 0; row < ids.length; row++) {
            fresh.set(row, ids[row] == null);
        }
        if (!rule.by().containsAll(rows.stream().key()) || !rows.stream().isKeyed()) {
            tx.execute(LOCK, Tuple.of("leat.seen." + rows.stream().name()));
        }
        if (candidates.length > 0) {
            Map<Long, Integer> rowOf = new HashMap<>(candidates.length * 2);
            for (int row : candidates) {
                rowOf.put(rows.offset(row), row);
            }
            Tuple parameters = Tuple.from(new Object[] {
                Arrays.stream(candidates).mapToObj(row -> ids[row]).toArray(UUID[]::new),
                Arrays.stream(candidates)
                        .mapToObj(row -> PgTimes.timestamp(at[row] * 1000))
                        .toArray(OffsetDateTime[]::new),
                BatchParameters.offsets(rows, candidates),
                rows.partition(),
                today,
                rule.within().toMillis()
            });
            for (Row row : tx.execute(rememberStatement(rows.stream()), parameters)) {
                fresh.set(rowOf.get(row.getLong(0)));
            }
        }
        return rows.select(fresh.stream().toArray());
    }

    /** The rows that were no duplicates when they were applied. Blocks; outside of a transaction. */
    public Rows withoutKnownDuplicates(Pool pool, Duration timeout, Rows rows) {
        Stream.Deduplicate rule = rows.stream().deduplicate().orElse(null);
        if (rule == null || rows.isEmpty()) {
            return rows;
        }
        UUID[] ids = EventIds.of(rows, rule.by());
        int[] identified =
                IntStream.range(0, ids.length).filter(row -> ids[row] != null).toArray();
        BitSet counted = new BitSet();
        counted.set(0, rows.size());
        if (identified.length > 0) {
            Map<Long, Integer> rowOf = new HashMap<>();
            for (int row : identified) {
                rowOf.put(rows.offset(row), row);
            }
            Tuple parameters = Tuple.of(
                    Arrays.stream(identified).mapToObj(row -> ids[row]).toArray(UUID[]::new),
                    BatchParameters.offsets(rows, identified),
                    rows.partition());
            pool.preparedQuery(knownDuplicatesStatement(rows.stream()))
                    .execute(parameters)
                    .await()
                    .atMost(timeout)
                    .forEach(row -> counted.clear(rowOf.get(row.getLong(0))));
        }
        return rows.select(counted.stream().toArray());
    }

    /** Forgets all ids: the stream's events are to be taken again. */
    public void forgetInTransaction(Tx tx, Stream stream) {
        if (stream.deduplicate().isPresent()
                && tx.execute("SELECT to_regclass($1) IS NOT NULL", Tuple.of(SeenTables.name(stream)))
                        .iterator()
                        .next()
                        .getBoolean(0)) {
            tx.execute("DELETE FROM " + SeenTables.name(stream));
        }
    }

    /** Kafka's timestamps in milliseconds; capped at now, so that events from a fast clock are forgotten in time, too. */
    private long[] timestamps(Rows rows) {
        long now = clock.millis();
        long[] at = new long[rows.size()];
        for (int row = 0; row < at.length; row++) {
            long timestamp = rows.timestamp(row);
            at[row] = timestamp < 0 || timestamp > now ? now : timestamp;
        }
        return at;
    }

    /** Of each id, the first row, and those that are further from the one kept before than {@code within}. */
    static int[] firstInBatch(UUID[] ids, long[] at, Duration within) {
        Map<UUID, Long> kept = new HashMap<>(ids.length * 2);
        List<Integer> first = new ArrayList<>(ids.length);
        for (int row = 0; row < ids.length; row++) {
            if (ids[row] == null) {
                continue;
            }
            Long before = kept.get(ids[row]);
            if (before == null || Math.abs(at[row] - before) > within.toMillis()) {
                kept.put(ids[row], at[row]);
                first.add(row);
            }
        }
        return first.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@code OFFSET 0} makes Postgres look up each id in the index. For a large batch it would read the whole table otherwise. */
    private static String rememberStatement(Stream stream) {
        String table = SeenTables.name(stream);
        return """
                INSERT INTO %1$s (id, at, "offset", partition, day)
                SELECT u.id, u.at, u."offset", $4, $5
                FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[]) AS u(id, at, "offset")
                WHERE NOT EXISTS (SELECT FROM %1$s s
                    WHERE s.id = u.id AND s.at BETWEEN u.at - $6::bigint * interval '1 ms'
                                               AND u.at + $6::bigint * interval '1 ms'
                    OFFSET 0)
                RETURNING "offset"
                """.formatted(table);
    }

    /** An event that was applied is remembered with its own position, a duplicate only with another's. */
    private static String knownDuplicatesStatement(Stream stream) {
        String table = SeenTables.name(stream);
        return """
                SELECT u."offset" FROM unnest($1::uuid[], $2::bigint[]) AS u(id, "offset")
                WHERE EXISTS (SELECT FROM %1$s s WHERE s.id = u.id)
                  AND NOT EXISTS (SELECT FROM %1$s s WHERE s.id = u.id AND s.partition = $3 AND s."offset" = u."offset")
                """.formatted(table);
    }
}
