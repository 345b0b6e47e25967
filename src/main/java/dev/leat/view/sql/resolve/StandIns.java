package dev.leat.view.sql.resolve;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import java.util.List;

/**
 * Empty temporary tables that stand for what a SELECT may read. Postgres looks for names of relations there first, and never
 * for those of functions. Within a savepoint that is rolled back: nothing of them stays.
 */
public final class StandIns {

    private StandIns() {}

    /** @param name by which the SELECT reads it */
    public static void create(Tx tx, String name, List<Column> columns) {
        tx.execute("CREATE TEMP TABLE " + Sql.quote(name) + " (" + Sql.list(columns, StandIns::definition)
                + ") ON COMMIT DROP");
    }

    /** Gives one columns that the SELECT's text doesn't know. */
    public static void add(Tx tx, String name, List<Column> columns) {
        tx.execute(
                "ALTER TABLE pg_temp." + Sql.quote(name) + " " + Sql.list(columns, c -> "ADD COLUMN " + definition(c)));
    }

    /**
     * Looks in them first, then in the views.
     *
     * @param schema of the views
     */
    public static void lookUpFirst(Tx tx, String schema) {
        // Our own functions, as `tumble`, are in schema leat. Postgres's own catalogue would come first, were it not
        // named.
        tx.execute("SET LOCAL search_path TO pg_temp, pg_catalog, " + Sql.quote(schema) + ", leat, public");
    }

    private static String definition(Column column) {
        return Sql.quote(column.name()) + " " + column.type().postgres();
    }
}
