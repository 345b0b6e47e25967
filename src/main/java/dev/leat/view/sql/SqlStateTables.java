package dev.leat.view.sql;

import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The state tables of views in SQL, found by their names: a definition alone tells which are its own. */
public final class SqlStateTables {

    private static final String SELECT = """
            SELECT c.relname FROM pg_catalog.pg_class AS c
            WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r'
              AND (c.relname = ANY ($2) OR starts_with(c.relname, $3))
            """;

    private static final String SELECT_FUNCTIONS = """
            SELECT p.proname FROM pg_catalog.pg_proc AS p
            WHERE p.pronamespace = to_regnamespace($1) AND p.prorettype = 'trigger'::regtype AND starts_with(p.proname, $2)
            """;

    private final String schema;

    /** @param schema of the views that readers see */
    public SqlStateTables(String schema) {
        this.schema = SelectCompiler.stateSchema(schema);
    }

    /** Renames the tables of a view to those of another, which must have none. */
    public void rename(Tx tx, View.Sql view, String to) {
        dropTriggers(tx, view.name());
        for (String table : of(tx, view)) {
            tx.execute("ALTER TABLE " + qualified(table) + " RENAME TO "
                    + Sql.quote(to + table.substring(view.name().length())));
        }
    }

    public void drop(Tx tx, View.Sql view) {
        dropTriggers(tx, view.name());
        of(tx, view).forEach(table -> tx.execute("DROP TABLE " + qualified(table)));
    }

    /** Whatever is kept under a view's name, though it has no streams. */
    public void dropAll(Tx tx, String view) {
        dropTriggers(tx, view);
        for (Row row : tx.execute(SELECT, Tuple.of(Sql.quote(schema), new String[] {view}, view + "#"))) {
            tx.execute("DROP TABLE " + qualified(row.getString(0)));
        }
    }

    /** What keeps its tables current names them: it is created anew with them. */
    private void dropTriggers(Tx tx, String view) {
        for (Row row : tx.execute(SELECT_FUNCTIONS, Tuple.of(Sql.quote(schema), view + "#"))) {
            tx.execute("DROP FUNCTION " + qualified(row.getString(0)) + "() CASCADE");
        }
    }

    private List<String> of(Tx tx, View.Sql view) {
        List<String> exact = new ArrayList<>(List.of(view.name()));
        view.streams().forEach(stream -> exact.add(view.name() + "__" + stream));
        Tuple names = Tuple.of(Sql.quote(schema), exact.toArray(String[]::new), view.name() + "#");
        List<String> tables = new ArrayList<>();
        for (Row row : tx.execute(SELECT, names)) {
            tables.add(row.getString(0));
        }
        return tables;
    }

    private String qualified(String table) {
        return Sql.quote(schema) + "." + Sql.quote(table);
    }
}
