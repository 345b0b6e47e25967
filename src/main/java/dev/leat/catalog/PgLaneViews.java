package dev.leat.catalog;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which views a lane has, whichever instance has created or changed them. */
public final class PgLaneViews {

    // A view that doesn't exist yet is known by its rebuild alone. Nobody applies to one that left. One that only reads
    // other views has no definition.
    private static final String SELECT_VIEWS = """
            SELECT v.name, v.definition::text AS definition, l.next_offset
            FROM leat.view v
            LEFT JOIN leat.view_lane l ON l.view = v.name AND l.topic = $1 AND l.partition = $2
            WHERE v.streams && $3 AND v.definition IS NOT NULL AND v.left_at IS NULL
            UNION ALL SELECT r.view, NULL, NULL FROM leat.rebuild r
            UNION ALL SELECT name, NULL, NULL FROM leat.view WHERE left_at IS NOT NULL
            ORDER BY 1""";

    private static final String LOCK_ALL =
            "SET LOCAL lock_timeout = '1s'; LOCK TABLE leat.checkpoint IN SHARE ROW EXCLUSIVE MODE";
    private static final String SELECT_READ = """
            SELECT FROM leat.checkpoint WHERE topic = ANY ($1) AND next_offset > coalesce(first_offset, 0) LIMIT 1""";
    private static final String INVALIDATE_LANES = "UPDATE leat.checkpoint SET parked_version = parked_version + 1";

    private PgLaneViews() {}

    /**
     * Lets the batches in hand end. Keeps all lanes from applying another, and new ones from being opened, until the
     * transaction ends. Then they read again which views they have. Before {@link ColumnDdl#LOCK}, never after it. Fails
     * after a second, so that nobody who waits for us waits longer.
     */
    public static void lockLanesInTransaction(Tx tx) {
        tx.execute(LOCK_ALL);
        tx.execute(INVALIDATE_LANES);
    }

    /** Whether a lane has passed an event of any of these topics. */
    public static boolean areRead(Tx tx, Collection<String> topics) {
        return tx.execute(SELECT_READ, Tuple.of(topics.toArray(String[]::new))).rowCount() > 0;
    }

    public static LaneViews ofLane(Tx tx, Pipeline pipeline, String topic, int partition) {
        List<String> streams =
                pipeline.streamsOf(topic).stream().map(Stream::name).toList();
        List<View> live = new ArrayList<>();
        Map<View, Long> lagging = new LinkedHashMap<>();
        Set<String> known = new HashSet<>();
        Tuple lane = Tuple.of(topic, partition).addValue(streams.toArray(String[]::new));
        for (Row row : tx.execute(SELECT_VIEWS, lane)) {
            String name = row.getString("name");
            known.add(name);
            if (row.getString("definition") != null) {
                View view = Definitions.read(name, new JsonObject(row.getString("definition")));
                if (view.streams().stream().noneMatch(streams::contains)) {
                    // It only reads a view of this lane's streams.
                    continue;
                }
                Long next = row.getLong("next_offset");
                if (next == null) {
                    live.add(view);
                } else {
                    lagging.put(view, next);
                }
            }
        }
        return new LaneViews(List.copyOf(live), Map.copyOf(lagging), Set.copyOf(known));
    }
}
