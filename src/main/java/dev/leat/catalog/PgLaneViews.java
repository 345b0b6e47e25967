package dev.leat.catalog;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which views a lane has, whichever instance has created or changed them. */
public final class PgLaneViews {

    // A view that doesn't exist yet is known by its rebuild alone. One that only reads other views has no definition.
    private static final String SELECT_VIEWS = """
            SELECT v.name, v.definition::text AS definition, l.next_offset
            FROM leat.view v
            LEFT JOIN leat.view_lane l ON l.view = v.name AND l.topic = $1 AND l.partition = $2
            WHERE v.streams && $3 AND v.definition IS NOT NULL AND v.left_at IS NULL
            UNION ALL SELECT r.view, NULL, NULL FROM leat.rebuild r
            ORDER BY 1""";

    private PgLaneViews() {}

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
