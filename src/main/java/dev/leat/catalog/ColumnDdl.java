package dev.leat.catalog;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** DDL that all tables with a stream's columns share. */
public final class ColumnDdl {

    private static final Logger LOG = Logger.getLogger(ColumnDdl.class);

    /** Any number, the same in every instance: "leat" in ASCII. */
    private static final long LOCK_NUMBER = 0x6c656174;

    /** To be executed before a table is created: one instance at a time, until its transaction ends. */
    public static final String LOCK = "SELECT pg_advisory_xact_lock(" + LOCK_NUMBER + ")";

    private static final String LOCK_VIEW = "SELECT pg_advisory_xact_lock(hashtextextended('leat.ddl.' || $1, 0))";

    // Somebody's open transaction keeps a table from being altered. While a statement waits for it, readers and lanes
    // queue up after it, and so does whoever waits for our lock.
    private static final String WAIT_SHORTLY = "SET LOCAL lock_timeout = '1s'";

    private ColumnDdl() {}

    /** Takes {@link #LOCK}. After that no statement waits longer than a second for a lock. */
    public static void lock(Tx tx) {
        tx.execute(LOCK);
        tx.execute(WAIT_SHORTLY);
    }

    /** Before one view's tables are altered: the others' DDL goes on. Before {@link #lock(Tx)}, where both are needed. */
    public static void lock(Tx tx, String view) {
        tx.execute(LOCK_VIEW, Tuple.of(view));
        tx.execute(WAIT_SHORTLY);
    }

    /** A column's name and type. */
    public static String definition(Column column) {
        return Sql.quote(column.name()) + " " + column.type().postgres();
    }

    /** Adds the columns that the table lacks, and changes the types of the widened ones. */
    public static void alter(Tx tx, String table, List<Column> added, List<Column> widened) {
        List<String> changes = new ArrayList<>();
        added.forEach(c -> changes.add("ADD COLUMN IF NOT EXISTS " + definition(c)));
        widened.forEach(c -> changes.add(
                "ALTER COLUMN " + Sql.quote(c.name()) + " TYPE " + c.type().postgres()));
        if (!changes.isEmpty()) {
            tx.execute("ALTER TABLE " + table + " " + String.join(", ", changes));
            tx.afterCommit(() ->
                    LOG.infof("columns changed table=%s added=%s widened=%s", table, names(added), names(widened)));
        }
    }

    private static String names(List<Column> columns) {
        return columns.isEmpty()
                ? "none"
                : columns.stream().map(ColumnDdl::definition).collect(Collectors.joining(", "));
    }

    public static boolean exists(Tx tx, String table) {
        return tx.execute("SELECT to_regclass($1) IS NOT NULL", Tuple.of(table))
                .iterator()
                .next()
                .getBoolean(0);
    }
}
