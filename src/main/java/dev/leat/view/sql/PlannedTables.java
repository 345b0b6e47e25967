package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Optional;

/** Makes what a view's plan needs in Postgres: its schemas, the tables of its state, and what readers see. */
final class PlannedTables {

    private static final String SELECT_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1";

    private final String schema;
    private final View.Sql view;
    private final VisibleView visible;

    /** @param schema of the views that readers see */
    PlannedTables(String schema, View.Sql view, VisibleView visible) {
        this.schema = schema;
        this.view = view;
        this.visible = visible;
    }

    /** The state, and what readers see of it. Within the transaction of the DDL. */
    void ensureShown(Tx tx, Plan next) {
        Optional<String> select = next.visible();
        select.ifPresent(s -> ensureSchema(tx, schema));
        MaterializedRows rows = new MaterializedRows(schema, view);
        if (view.materialized() && !rows.areOf(tx, next)) {
            visible.showChanged(tx, select.orElseThrow(), () -> rows.begin(tx, next, () -> ensureState(tx, next)));
        } else if (select.isPresent()
                && (next.state().filter(state -> state.isRetyped(tx)).isPresent()
                        || !next.outdated(tx).isEmpty())) {
            visible.showChanged(tx, select.get(), () -> ensureState(tx, next));
        } else {
            ensureState(tx, next);
            select.ifPresent(s -> visible.show(tx, s));
        }
    }

    /** The state alone. */
    void ensureState(Tx tx, Plan next) {
        next.outdated(tx).forEach(table -> tx.execute("DROP TABLE " + table.name()));
        next.state().ifPresent(state -> ensure(tx, state, () -> state.create(tx)));
        if (!next.guards().isEmpty()) {
            visible.searchPath(tx);
            next.guards().values().forEach(guard -> guard.statements().forEach(tx::execute));
        }
        next.companions().forEach(companion -> ensure(tx, companion, () -> companion.create(tx)));
        next.sides().forEach(side -> ensure(tx, side.state(), () -> side.createInTransaction(tx)));
        next.beginning().ifPresent(rows -> {
            visible.searchPath(tx);
            tx.execute(rows);
        });
        new NodeTriggers(schema).ensure(tx, next.nodes());
    }

    private void ensure(Tx tx, SqlStateTable state, Runnable create) {
        ensureSchema(tx, SelectCompiler.stateSchema(schema));
        if (state.exists(tx)) {
            state.grow(tx);
        } else {
            create.run();
        }
    }

    /** Only where it isn't there: Postgres would warn at each start that it is. */
    private static void ensureSchema(Tx tx, String name) {
        if (tx.execute(SELECT_SCHEMA, Tuple.of(name)).rowCount() == 0) {
            tx.execute("CREATE SCHEMA " + Sql.quote(name));
        }
    }
}
