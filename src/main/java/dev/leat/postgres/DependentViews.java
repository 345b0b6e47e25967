package dev.leat.postgres;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;

/**
 * Postgres views that Leat has created on a table or view. They are dropped before that is replaced, and created again with
 * all grants, in the same transaction. Views that others have created on it stay, and so prevent the replacement.
 */
public final class DependentViews {

    // By depth: those that depend on others are dropped first and created last.
    private static final String SELECT = """
            WITH RECURSIVE upon(oid, depth) AS (
                SELECT to_regclass($1)::oid, 0
                UNION SELECT r.ev_class, u.depth + 1
                FROM upon AS u
                JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid
                    AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> u.oid)
            SELECT v.table_name, pg_get_viewdef(u.oid) AS definition
            FROM (SELECT oid, max(depth) AS depth FROM upon WHERE depth > 0 GROUP BY oid) AS u
            JOIN leat.view AS v ON v.kind = 'sql' AND to_regclass(nullif(v.table_name, '')) = u.oid
            ORDER BY u.depth DESC, v.name
            """;
    private static final String SELECT_THERE = "SELECT 1 WHERE to_regclass($1) IS NOT NULL";
    // LOCK TABLE on a view also locks what it reads.
    private static final String LOCK = "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE";
    private static final String SELECT_GRANTS = """
            SELECT format('GRANT %s ON %s TO %s', a.privilege_type, $1::text,
                CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
            FROM pg_catalog.pg_class AS c, aclexplode(c.relacl) AS a
            WHERE c.oid = to_regclass($1) AND a.grantee <> c.relowner""";

    private final List<DependentView> views;

    private record DependentView(String name, String definition, List<String> grants) {}

    private DependentViews(List<DependentView> views) {
        this.views = views;
    }

    /**
     * Waits for readers and keeps others off. Locks in the readers' order, from the dependent views down to the relation: the
     * other order would deadlock with a reader.
     *
     * @param relation qualified and quoted; may be missing
     * @return whether there are dependent views
     */
    public static boolean lock(Tx tx, String relation) {
        RowSet<Row> dependent = tx.execute(SELECT, Tuple.of(relation));
        for (Row row : dependent) {
            tx.execute(LOCK.formatted(row.getString("table_name")));
        }
        if (tx.execute(SELECT_THERE, Tuple.of(relation)).rowCount() > 0) {
            tx.execute(LOCK.formatted(relation));
        }
        return dependent.rowCount() > 0;
    }

    /** Whether something of somebody's depends on what was to be changed, and Postgres says on what. */
    public static boolean areInTheWay(Throwable refused) {
        return SqlState.DEPENDENT_OBJECTS_STILL_EXIST.isOf(refused)
                || SqlState.FEATURE_NOT_SUPPORTED.isOf(refused) && ((PgException) refused).getDetail() != null;
    }

    /** @param relation qualified and quoted; may be missing */
    public static DependentViews drop(Tx tx, String relation) {
        List<DependentView> views = new ArrayList<>();
        // So that definitions name the schema of everything.
        tx.execute("SET LOCAL search_path TO ''");
        for (Row row : tx.execute(SELECT, Tuple.of(relation))) {
            String name = row.getString("table_name");
            views.add(new DependentView(name, row.getString("definition"), grants(tx, name)));
        }
        views.forEach(view -> tx.execute("DROP VIEW " + view.name()));
        return new DependentViews(views);
    }

    /** The statements that grant again what is granted on a table or view. */
    public static List<String> grants(Tx tx, String relation) {
        List<String> grants = new ArrayList<>();
        for (Row row : tx.execute(SELECT_GRANTS, Tuple.of(relation))) {
            grants.add(row.getString(0));
        }
        return grants;
    }

    /** Fails when what they read no longer exists. */
    public void createAgain(Tx tx) {
        for (DependentView view : views.reversed()) {
            tx.execute("CREATE VIEW " + view.name() + " AS " + view.definition());
            view.grants().forEach(tx::execute);
        }
    }
}
