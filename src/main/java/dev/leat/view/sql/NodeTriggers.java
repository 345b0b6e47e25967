package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.view.sql.delta.Node;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;

/** Creates what computes nodes again, where it isn't there as it should be, and computes those whole for which it wasn't. */
final class NodeTriggers {

    private static final String SELECT_SOURCE = """
            SELECT p.prosrc FROM pg_catalog.pg_proc AS p
            JOIN pg_catalog.pg_trigger AS t ON t.tgfoid = p.oid AND t.tgrelid = to_regclass($3)
            WHERE p.pronamespace = to_regnamespace($1) AND p.proname = $2""";

    private static final String SELECT_INDEX = """
            SELECT 1 FROM pg_catalog.pg_index AS i
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = to_regclass($1) AND a.attname = $2 AND i.indnatts >= $3""";

    private final String schema;

    /** @param schema of the views that readers see */
    NodeTriggers(String schema) {
        this.schema = schema;
    }

    /** In the transaction in which their tables are made. Waits for whoever writes to what they read. */
    void ensure(Tx tx, List<Node> nodes) {
        for (Node node : nodes) {
            node.indexes().forEach(index -> ensure(tx, index));
            boolean isNew = false;
            for (Node.Trigger trigger : node.triggers()) {
                isNew |= ensure(tx, trigger);
            }
            if (isNew) {
                tx.execute("SET LOCAL search_path TO " + Sql.quote(schema) + ", leat, public");
                tx.execute(node.fill());
            }
        }
    }

    private static void ensure(Tx tx, Node.Index index) {
        if (tx.execute(SELECT_INDEX, Tuple.of(index.table(), index.columns().getFirst(), (short)
                                index.columns().size()))
                        .rowCount()
                == 0) {
            tx.execute("CREATE INDEX ON " + index.table() + " (" + String.join(", ", index.orders()) + ")");
        }
    }

    private boolean ensure(Tx tx, Node.Trigger trigger) {
        String states = SelectCompiler.stateSchema(schema);
        RowIterator<Row> there = tx.execute(SELECT_SOURCE, Tuple.of(Sql.quote(states), trigger.name(), trigger.table()))
                .iterator();
        if (there.hasNext() && there.next().getString(0).equals(trigger.function())) {
            return false;
        }
        String function = Sql.quote(states) + "." + Sql.quote(trigger.name());
        tx.execute("CREATE OR REPLACE FUNCTION " + function + "() RETURNS trigger LANGUAGE plpgsql SET search_path TO "
                + Sql.quote(schema) + ", leat, public SET plan_cache_mode TO force_custom_plan AS "
                + Sql.literal(trigger.function()));
        tx.execute("CREATE OR REPLACE TRIGGER " + Sql.quote(trigger.name()) + " AFTER " + trigger.event() + " ON "
                + trigger.table() + " REFERENCING " + trigger.transitions() + " FOR EACH STATEMENT EXECUTE FUNCTION "
                + function + "()");
        return true;
    }
}
