package dev.leat.view.time;

import dev.leat.catalog.BatchParameters;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.codec.time.PgTimes;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps late events, in the transaction of their batch. An event that is late for several windows of a view is kept once for
 * each. Kept for {@code leat.view.keep-late}.
 */
public final class LateEvents {

    /** The beginning of a statement that saves late events itself; it ends with {@link #UNLESS_SAVED}. */
    public static final String INSERT_INTO =
            "INSERT INTO leat.late_event" + " (view, stream, topic, partition, \"offset\", event_time, window_end)";

    /** The end of such a statement: an event that is tried again is late only once. */
    public static final String UNLESS_SAVED = "ON CONFLICT DO NOTHING";

    /** What {@link #saveInTransaction} runs. */
    public static final String SAVE = INSERT_INTO + """
             SELECT $1, $2, $3, $4, u."offset", u.event_time, u.window_end
            FROM unnest($5::bigint[], $6::timestamptz[], $7::timestamptz[]) AS u("offset", event_time, window_end)
            """ + UNLESS_SAVED;

    private static final String COUNT = """
            SELECT view, count(*) FROM leat.late_event
            WHERE topic = $1 AND partition = $2 AND "offset" >= $3 AND "offset" < $4
            GROUP BY view
            """;
    private static final String FORGET =
            "DELETE FROM leat.late_event WHERE came_at < %s - $2::bigint * interval '1 ms'".formatted(WallClock.sql(1));

    private LateEvents() {}

    /** @param windowEnds for each of the late rows, the end of what it belongs to */
    public static void saveInTransaction(Tx tx, String view, Rows rows, int[] late, List<Instant> windowEnds) {
        if (late.length > 0) {
            tx.submit(
                    SAVE,
                    Tuple.tuple()
                            .addValue(view)
                            .addValue(rows.stream().name())
                            .addValue(rows.stream().topic())
                            .addValue(rows.partition())
                            .addValue(BatchParameters.offsets(rows, late))
                            .addValue(Arrays.stream(late)
                                    .mapToObj(row -> PgTimes.timestamp(rows.eventTime(row)))
                                    .toArray(OffsetDateTime[]::new))
                            .addValue(windowEnds.stream()
                                    .map(end -> end.atOffset(ZoneOffset.UTC))
                                    .toArray(OffsetDateTime[]::new)));
        }
    }

    /**
     * How many of these events are late, by view; the answer is there after the commit, which needn't wait for it.
     *
     * @param to one after the last
     */
    public static Supplier<Map<String, Long>> countInTransaction(
            Tx tx, String topic, int partition, long from, long to) {
        Supplier<RowSet<Row>> answer = tx.ask(COUNT, Tuple.of(topic, partition, from, to));
        return () -> {
            Map<String, Long> late = new HashMap<>();
            for (Row row : answer.get()) {
                late.put(row.getString(0), row.getLong(1));
            }
            return late;
        };
    }

    static int forgetInTransaction(Tx tx, Duration keep, WallClock clock) {
        return tx.execute(FORGET, Tuple.of(clock.parameter(), keep.toMillis())).rowCount();
    }
}
