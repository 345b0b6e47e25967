package dev.leat.ops.stream;

import dev.leat.postgres.SqlState;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** Counts the files of the lake's manifest. */
@ApplicationScoped
class LakeTotals {

    static final Totals NONE = new Totals(0, 0, 0);

    private static final String SUM_FILES = """
            SELECT stream, count(*) AS files, sum(rows)::bigint AS rows, sum(bytes)::bigint AS bytes
            FROM leat.lake_file GROUP BY stream""";

    private final Pool pool;

    LakeTotals(Pool pool) {
        this.pool = pool;
    }

    /** What a stream's files hold. */
    record Totals(long files, long rows, long bytes) {}

    /** By stream; a stream without files is missing, and all are while there is no manifest yet. */
    Uni<Map<String, Totals>> byStream() {
        return pool.query(SUM_FILES)
                .execute()
                .map(LakeTotals::totals)
                .onFailure(SqlState.UNDEFINED_TABLE::isOf)
                .recoverWithItem(Map.of());
    }

    private static Map<String, Totals> totals(RowSet<Row> rows) {
        Map<String, Totals> totals = new HashMap<>();
        for (Row row : rows) {
            totals.put(
                    row.getString("stream"),
                    new Totals(row.getLong("files"), row.getLong("rows"), row.getLong("bytes")));
        }
        return totals;
    }
}
