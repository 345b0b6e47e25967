package dev.leat.ops.view;

import dev.leat.failure.Unavailable;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** The tables that hold a view and what is kept beside it, found by their names. */
@ApplicationScoped
class KeptTables {

    // Estimates of rows are Postgres's, of the last ANALYZE or VACUUM.
    private static final String SELECT = """
            SELECT format('%I.%I', n.nspname, c.relname) AS name, nullif(c.reltuples, -1)::bigint AS rows,
                pg_total_relation_size(c.oid) AS bytes
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r'
              AND (n.nspname = $1 AND c.relname = $2
                OR n.nspname = $1 || '_state' AND (c.relname = ANY ($3) OR starts_with(c.relname, $2 || '#'))
                OR n.nspname = 'leat' AND c.relname = 'history_' || $2)
            ORDER BY bytes DESC, name
            """;

    private final Pool pool;
    private final PostgresConfig config;

    KeptTables(Pool pool, PostgresConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * @param table qualified, and quoted where it has to be
     * @param rows about so many; null where nobody has counted yet
     * @param bytes with its indexes
     */
    record Size(String table, Long rows, long bytes) {}

    /** The largest first; null where Postgres doesn't answer. */
    Uni<List<Size>> of(View view) {
        List<String> state = new ArrayList<>(List.of(view.name()));
        view.streams().forEach(stream -> state.add(view.name() + "__" + stream));
        return pool.preparedQuery(SELECT)
                .execute(Tuple.of(config.schema(), view.name(), state.toArray(String[]::new)))
                .ifNoItem()
                .after(config.timeout())
                .fail()
                .map(rows -> {
                    List<Size> sizes = new ArrayList<>();
                    for (Row row : rows) {
                        sizes.add(new Size(row.getString("name"), row.getLong("rows"), row.getLong("bytes")));
                    }
                    return sizes;
                })
                .onFailure(Unavailable::is)
                .recoverWithItem(() -> null);
    }
}
