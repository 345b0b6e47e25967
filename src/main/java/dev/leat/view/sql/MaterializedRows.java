package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Tuple;

/** The rows of a view that only reads views: nothing but their table says by which SELECT they were made. */
final class MaterializedRows {

    private static final String SELECT_COMMENT = "SELECT obj_description(to_regclass($1), 'pg_class')";

    private final String schema;
    private final View.Sql view;

    /** @param schema of the views that readers see */
    MaterializedRows(String schema, View.Sql view) {
        this.schema = schema;
        this.view = view;
    }

    /** Whether they are there, and by the view's SELECT. */
    boolean areOf(Tx tx, Plan plan) {
        String comment = tx.execute(
                        SELECT_COMMENT, Tuple.of(plan.state().orElseThrow().name()))
                .iterator()
                .next()
                .getString(0);
        return view.sql().text().equals(comment);
    }

    /** Makes them anew. */
    void begin(Tx tx, Plan plan, Runnable create) {
        new SqlStateTables(schema).dropAll(tx, view.name());
        create.run();
        tx.execute("COMMENT ON TABLE " + plan.state().orElseThrow().name() + " IS "
                + Sql.literal(view.sql().text()));
    }
}
