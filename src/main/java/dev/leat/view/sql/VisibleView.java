package dev.leat.view.sql;

import dev.leat.postgres.DependentViews;
import dev.leat.postgres.Sql;
import dev.leat.postgres.SqlState;
import dev.leat.postgres.Tx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowIterator;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** What readers ask of a view in SQL: a view of Postgres over the state. Who may read it may still when it is replaced. */
public final class VisibleView {

    private static final String SELECT_COMMENT = "SELECT obj_description(to_regclass($1)) AS fingerprint";
    private static final String SELECT_VIEW =
            "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass($1) AND relkind = 'v'";

    /** Columns that aren't called so any more, or are of another type. */
    private final String schema;

    private final String name;

    public VisibleView(String schema, String name) {
        this.schema = schema;
        this.name = Sql.quote(schema) + "." + Sql.quote(name);
    }

    String name() {
        return name;
    }

    /** The comment has a fingerprint of the SELECT, because Postgres doesn't keep its text. */
    void show(Tx tx, String select) {
        String fingerprint =
                UUID.nameUUIDFromBytes(select.getBytes(StandardCharsets.UTF_8)).toString();
        RowIterator<Row> existing = tx.execute(SELECT_COMMENT, Tuple.of(name)).iterator();
        if (fingerprint.equals(existing.next().getString("fingerprint"))) {
            return;
        }
        if (!isReplaced(tx, select)) {
            List<String> grants = DependentViews.grants(tx, name);
            DependentViews dependents = DependentViews.drop(tx, name);
            drop(tx);
            create(tx, "CREATE VIEW ", select);
            grants.forEach(tx::execute);
            dependents.createAgain(tx);
        }
        tx.execute("COMMENT ON VIEW " + name + " IS '" + fingerprint + "'");
    }

    /**
     * Shows a SELECT over what is changed before, with all that depends on it: while readers' relation is away, its columns
     * may get other types.
     */
    void showChanged(Tx tx, String select, Runnable change) {
        DependentViews.lock(tx, name);
        List<String> grants = DependentViews.grants(tx, name);
        DependentViews dependents = DependentViews.drop(tx, name);
        drop(tx);
        change.run();
        show(tx, select);
        grants.forEach(tx::execute);
        dependents.createAgain(tx);
    }

    private boolean isReplaced(Tx tx, String select) {
        tx.execute("SAVEPOINT show");
        try {
            create(tx, "CREATE OR REPLACE VIEW ", select);
            return true;
        } catch (PgException refused) {
            tx.execute("ROLLBACK TO SAVEPOINT show");
            if (!SqlState.INVALID_TABLE_DEFINITION.isOf(refused)) {
                throw refused;
            }
            return false;
        } finally {
            tx.execute("RELEASE SAVEPOINT show");
        }
    }

    /** By which what the user wrote is understood. */
    void searchPath(Tx tx) {
        tx.execute("SET LOCAL search_path TO " + Sql.quote(schema) + ", leat, public");
    }

    private void create(Tx tx, String create, String select) {
        searchPath(tx);
        tx.execute(create + name + " AS " + select);
    }

    /** Forgets the fingerprint, so that the next {@link #show} replaces the view in any case. */
    public void forget(Tx tx) {
        if (exists(tx)) {
            tx.execute("COMMENT ON VIEW " + name + " IS NULL");
        }
    }

    public void drop(Tx tx) {
        if (exists(tx)) {
            tx.execute("DROP VIEW " + name);
        }
    }

    /** Looks first: with IF EXISTS the client would log a notice. */
    private boolean exists(Tx tx) {
        return tx.execute(SELECT_VIEW, Tuple.of(name)).rowCount() > 0;
    }
}
