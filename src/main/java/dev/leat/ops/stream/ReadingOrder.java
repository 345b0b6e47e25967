package dev.leat.ops.stream;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** For what the lanes of a topic wait that is read after others, as long as those haven't come as far. */
final class ReadingOrder {

    private static final String SELECT = """
            SELECT r.topic, r.first, u.partition, coalesce(c.next_offset, 0) AS next_offset, u.end_offset
            FROM leat.read_first AS r
            CROSS JOIN LATERAL unnest(r.partitions, r.ends) AS u(partition, end_offset)
            LEFT JOIN leat.checkpoint AS c ON c.topic = r.first AND c.partition = u.partition
            WHERE r.reached_at IS NULL AND coalesce(c.next_offset, 0) < u.end_offset
            ORDER BY r.topic, r.first, u.partition""";

    private ReadingOrder() {}

    /** A lane that is read first, and how far. */
    record First(String topic, int partition, long next, long end) {}

    /** By the topic that waits. */
    static Uni<Map<String, List<First>>> waiting(Pool pool) {
        return pool.query(SELECT).execute().map(rows -> {
            Map<String, List<First>> waiting = new LinkedHashMap<>();
            for (Row row : rows) {
                waiting.computeIfAbsent(row.getString("topic"), topic -> new ArrayList<>())
                        .add(new First(
                                row.getString("first"),
                                row.getInteger("partition"),
                                row.getLong("next_offset"),
                                row.getLong("end_offset")));
            }
            return waiting;
        });
    }

    /** Null where nothing is waited for. */
    static String sentence(List<First> firsts) {
        if (firsts == null || firsts.isEmpty()) {
            return null;
        }
        First first = firsts.getFirst();
        return "it is read after lane " + first.topic() + "-" + first.partition() + ", which is at " + first.next()
                + " of " + first.end()
                + (firsts.size() > 1 ? ", and " + (firsts.size() - 1) + " more" : "");
    }
}
