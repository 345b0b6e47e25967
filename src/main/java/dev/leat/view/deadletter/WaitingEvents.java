package dev.leat.view.deadletter;

import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of events that wait for the right side of a view's join, within a transaction. Those of a partition are a queue, by
 * offset: none goes before an earlier one.
 */
public final class WaitingEvents {

    // An event from the future waits as long as one of now, or all after it would wait with it.
    private static final String INSERT = "INSERT INTO leat.waiting_event (" + EventColumns.NAMES + """
            , due, alone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                CASE WHEN $11::timestamptz IS NOT NULL THEN least($11, clock_timestamp()) END, $12)""";
    private static final String SELECT_ANY =
            "SELECT 1 FROM leat.waiting_event WHERE view = $1 AND topic = $2 AND partition = $3 LIMIT 1";

    private static final String IS_KNOWN = "(due IS NULL OR due < $3)";
    private static final String IS_DUE = "(" + IS_KNOWN + " OR coalesce(came_at <= $4, false))";
    private static final String SELECT_LANES = """
            SELECT c.partition FROM leat.checkpoint AS c
            CROSS JOIN LATERAL (
                SELECT due, came_at FROM leat.waiting_event AS w
                WHERE w.view = $1 AND w.topic = c.topic AND w.partition = c.partition ORDER BY "offset" LIMIT 1) AS first
            WHERE c.topic = $2 AND""" + " " + IS_DUE + " ORDER BY c.partition";
    // A thousand small ones, or some large ones.
    private static final String SELECT_FIRST = "SELECT * FROM (SELECT id, " + EventColumns.NAMES
            + ", due, alone, came_at, " + IS_KNOWN + " AS known, " + IS_DUE + """
             AS is_due, row_number() OVER upto AS n, sum(coalesce(octet_length(value), 0)) OVER upto AS bytes
            FROM leat.waiting_event WHERE view = $1 AND topic = $2 AND partition = $5
            WINDOW upto AS (ORDER BY "offset" ROWS UNBOUNDED PRECEDING)
            ORDER BY "offset" LIMIT $6) AS first
            WHERE n = 1 OR bytes <= $7 ORDER BY "offset" """;
    private static final String DELETE = "DELETE FROM leat.waiting_event WHERE id = ANY($1::bigint[])";
    private static final String COUNT = "SELECT view, count(*) FROM leat.waiting_event GROUP BY view";

    private WaitingEvents() {}

    public static void saveInTransaction(Tx tx, List<WaitingEvent> events) {
        tx.executeEach(
                INSERT,
                events.stream()
                        .map(event -> EventColumns.parameters(event)
                                .addValue(event.due)
                                .addValue(event.alone))
                        .toList());
    }

    /** Whether an event of the partition waits. */
    public static boolean areAnyInTransaction(Tx tx, String view, String topic, int partition) {
        return tx.execute(SELECT_ANY, Tuple.of(view, topic, partition)).rowCount() > 0;
    }

    /**
     * Which of a view's events needn't wait any longer.
     *
     * @param knownThrough up to where the right side is known
     * @param came those that came then or before have waited long enough; null: none has
     */
    public record Due(String view, String topic, Instant knownThrough, Instant came) {

        private Tuple parameters() {
            return Tuple.of(view, topic, time(knownThrough), came == null ? null : time(came));
        }

        private static OffsetDateTime time(Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
    }

    /** The partitions of which the first event needn't wait any longer. */
    public static List<Integer> partitionsInTransaction(Tx tx, Due due) {
        List<Integer> partitions = new ArrayList<>();
        tx.execute(SELECT_LANES, due.parameters()).forEach(row -> partitions.add(row.getInteger(0)));
        return partitions;
    }

    /**
     * The first events of a partition, as long as none of them must wait, by offset.
     *
     * @param mostBytes of their values together; one is always among them
     */
    public static List<WaitingEvent> firstInTransaction(Tx tx, Due due, int partition, int atMost, long mostBytes) {
        RowSet<Row> rows = tx.execute(
                SELECT_FIRST,
                due.parameters().addValue(partition).addValue(atMost).addValue(mostBytes));
        List<WaitingEvent> first = new ArrayList<>();
        Iterator<Row> row = rows.iterator();
        for (WaitingEvent event : EventColumns.read(rows, WaitingEvent::new)) {
            Row its = row.next();
            if (!its.getBoolean("is_due")) {
                break;
            }
            event.due = its.getOffsetDateTime("due");
            event.alone = its.getBoolean("alone");
            event.cameAt = its.getOffsetDateTime("came_at");
            event.isKnown = its.getBoolean("known");
            first.add(event);
        }
        return first;
    }

    public static void deleteInTransaction(Tx tx, Collection<WaitingEvent> events) {
        tx.execute(
                DELETE,
                Tuple.tuple().addValue(events.stream().map(event -> event.id).toArray(Long[]::new)));
    }

    /** How many wait, by view; views without any aren't named. */
    public static Map<String, Long> countInTransaction(Tx tx) {
        Map<String, Long> waiting = new TreeMap<>();
        tx.execute(COUNT, Tuple.tuple()).forEach(row -> waiting.put(row.getString(0), row.getLong(1)));
        return waiting;
    }
}
