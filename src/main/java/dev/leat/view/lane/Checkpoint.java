package dev.leat.view.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a lane resumes. Moved only by the lane that owns it, in the transaction of a batch; read by anyone.
 *
 * @param nextOffset position of the first event that the views haven't applied yet
 * @param base what is added to Kafka's offsets to get positions ({@link KnownTopic})
 */
public record Checkpoint(String topic, int partition, long nextOffset, long base, OffsetDateTime updatedAt) {

    private static final String SELECT_ALL = """
            SELECT topic, partition, next_offset, coalesce(offset_base, 0) AS base, updated_at
            FROM leat.checkpoint LEFT JOIN leat.topic_start USING (topic)""";

    /** Those of all lanes, as they were at one moment. */
    public static Uni<List<Checkpoint>> all(Pool pool) {
        return pool.withConnection(c -> c.query(SELECT_ALL).execute()).map(rows -> {
            List<Checkpoint> all = new ArrayList<>();
            rows.forEach(row -> all.add(new Checkpoint(
                    row.getString("topic"),
                    row.getInteger("partition"),
                    row.getLong("next_offset"),
                    row.getLong("base"),
                    row.getOffsetDateTime("updated_at"))));
            return all;
        });
    }
}
