package dev.leat.view.lane;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a lane resumes. Moved only by the lane that owns it, in the transaction of a batch; read by anyone.
 *
 * @param nextOffset offset of the first event that the views haven't applied yet
 */
public record Checkpoint(String topic, int partition, long nextOffset, OffsetDateTime updatedAt) {

    private static final String SELECT_ALL = "SELECT topic, partition, next_offset, updated_at FROM leat.checkpoint";

    /** Those of all lanes, as they were at one moment. */
    public static Uni<List<Checkpoint>> all(Pool pool) {
        return pool.withConnection(c -> c.query(SELECT_ALL).execute()).map(rows -> {
            List<Checkpoint> all = new ArrayList<>();
            rows.forEach(row -> all.add(new Checkpoint(
                    row.getString("topic"),
                    row.getInteger("partition"),
                    row.getLong("next_offset"),
                    row.getOffsetDateTime("updated_at"))));
            return all;
        });
    }
}
