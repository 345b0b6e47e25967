package dev.leat.view.sql;

import dev.leat.pipeline.SqlText;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.view.sql.resolve.CheckedCasts;
import dev.leat.view.sql.resolve.Resolution;
import dev.leat.view.sql.resolve.Resolver;
import dev.leat.view.sql.resolve.SameEachTime;
import dev.leat.view.sql.resolve.StandIns;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets Postgres check a SELECT. The streams are empty temporary tables of the right types there; closing rolls everything
 * back. Within a transaction; blocks.
 */
final class DryRun implements AutoCloseable {

    private static final String RESULT_COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type,
                   format_type(a.atttypid, a.atttypmod) || coalesce((
                       SELECT format(' COLLATE %I.%I', n.nspname, c.collname)
                       FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
                       WHERE c.oid = a.attcollation AND a.attcollation <> t.typcollation), '') AS stored
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = 'pg_temp._leat_result'::regclass AND a.attnum > 0 ORDER BY a.attnum
            """;
    private static final String INTERVAL_FIELDS = """
            SELECT (extract(year FROM i) * 12 + extract(month FROM i))::integer AS months,
                   extract(day FROM i)::integer AS days,
                   ((extract(hour FROM i) * 60 + extract(minute FROM i)) * 60000000
                       + extract(microsecond FROM i))::bigint AS micros
            FROM (SELECT $1::text::interval) AS given(i)
            """;
    private static final String FUNCTIONS = """
            SELECT proname, bool_or(prokind = 'a') AS aggregates, bool_or(proretset) AS multiplies
            FROM pg_catalog.pg_proc WHERE proname = ANY ($1) GROUP BY proname
            """;

    private static final String VIEW_DEFINITION =
            "SELECT CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END FROM (SELECT to_regclass($1) AS oid) AS r"
                    + " LEFT JOIN pg_catalog.pg_class AS c ON c.oid = r.oid";

    private static final String INTERVAL = """
            SELECT extract(month FROM i) <> 0 OR extract(year FROM i) <> 0 AS has_months,
                   (extract(epoch FROM i) * 1000000)::bigint AS microseconds
            FROM (SELECT (%s)::interval AS i) AS constant
            """;

    private final Tx tx;
    private final Resolver resolver;

    /**
     * @param schema of the views
     * @param standIns what the SELECTs may read and isn't in the database
     */
    DryRun(Tx tx, String schema, Collection<Relation> standIns) {
        this.tx = tx;
        this.resolver = new Resolver(tx);
        tx.execute("SAVEPOINT dry_run");
        standIns.forEach(relation -> StandIns.create(tx, relation.name(), relation.columns()));
        StandIns.lookUpFirst(tx, schema);
    }

    /** Gives a stream columns of our own, which the user's text doesn't know. */
    void addColumns(String stream, List<Column> columns) {
        StandIns.add(tx, stream, columns);
    }

    /** @param interval as Postgres has accepted it */
    PgInterval parsed(String interval) {
        Row row = tx.execute(INTERVAL_FIELDS, Tuple.of(interval)).iterator().next();
        return new PgInterval(interval, row.getInteger("months"), row.getInteger("days"), row.getLong("micros"));
    }

    /** Whether Postgres knows a time zone of this name. */
    boolean isZone(String name) {
        return tx.execute("SELECT 1 FROM pg_catalog.pg_timezone_names WHERE lower(name) = lower($1)", Tuple.of(name))
                        .rowCount()
                > 0;
    }

    /**
     * What a SELECT means that the user wrote.
     *
     * @throws dev.leat.pipeline.PipelineException what Postgres says against it, with its place
     */
    Resolution resolve(SqlText sql) {
        try {
            return resolver.resolve(sql.text());
        } catch (PgException refused) {
            throw sql.complaint(
                    Resolver.offset(refused).orElse(0),
                    "Postgres says: " + refused.getErrorMessage()
                            + hint(refused).map(hint -> " (" + hint + ")").orElse(""));
        }
    }

    private static Optional<String> hint(PgException refused) {
        return refused.getErrorMessage().startsWith("function unnest(jsonb) ")
                ? Optional.of(
                        "An array of records is kept as jsonb; write jsonb_array_elements(…), and ->> for a field of"
                                + " each")
                : Optional.ofNullable(refused.getHint());
    }

    /** What a SELECT means that was put together from pieces of the user's. */
    Resolution resolve(String select) {
        return resolver.resolve(select);
    }

    /**
     * What runs in a SELECT's place, so that it gives the same for the same events.
     *
     * @throws dev.leat.pipeline.PipelineException what may give another result
     */
    SqlText requireSameEachTime(SqlText sql, Resolution resolution) {
        String checked = new CheckedCasts(resolver).checked(sql.text(), resolution);
        Resolution run = checked.equals(sql.text()) ? resolution : resolver.resolve(checked);
        SameEachTime.require(sql, resolution, run, resolver);
        return new SqlText(checked, sql.file(), sql.line(), sql.path());
    }

    private static final String AS = "CREATE TEMP TABLE _leat_result ON COMMIT DROP AS ";

    /** The columns of a SELECT that was put together from pieces. */
    Map<String, String> columns(String select) {
        return columns(select, "type");
    }

    /** The same with their collations, as in a table's definition: a state compares as the SELECT does. */
    LinkedHashMap<String, String> definitions(String select) {
        return columns(select, "stored");
    }

    private LinkedHashMap<String, String> columns(String select, String what) {
        tx.execute("SAVEPOINT one");
        tx.execute(AS + select + "\nWITH NO DATA");
        LinkedHashMap<String, String> columns = new LinkedHashMap<>();
        for (Row row : tx.execute(RESULT_COLUMNS, Tuple.tuple())) {
            columns.put(row.getString("attname"), row.getString(what));
        }
        tx.execute("ROLLBACK TO SAVEPOINT one");
        return columns;
    }

    /** The same; empty when Postgres refuses the SELECT. */
    Optional<Map<String, String>> columnsIfAny(String select) {
        tx.execute("SAVEPOINT if_any");
        try {
            return Optional.of(columns(select));
        } catch (PgException refused) {
            tx.execute("ROLLBACK TO SAVEPOINT if_any");
            return Optional.empty();
        }
    }

    /** An empty relation under this name, until this is closed. */
    void add(String name, Map<String, String> columns) {
        List<String> definitions = new ArrayList<>();
        columns.forEach((column, type) -> definitions.add(Sql.quote(column) + " " + type));
        tx.execute("CREATE TEMP TABLE " + Sql.quote(name) + " (" + String.join(", ", definitions) + ") ON COMMIT DROP");
    }

    /** The columns that tell a view's rows apart; empty for one that doesn't exist yet. */
    List<String> key(String view) {
        for (Row row : tx.execute("SELECT key FROM leat.view WHERE name = $1", Tuple.of(view))) {
            return List.of(row.getArrayOfStrings("key"));
        }
        return List.of();
    }

    /** What Postgres reads a view by; empty for what isn't a view there. */
    Optional<String> definition(String relation) {
        String definition = tx.execute(VIEW_DEFINITION, Tuple.of(relation))
                .iterator()
                .next()
                .getString(0);
        return Optional.ofNullable(definition);
    }

    /** A length of time; one that has months has no length for certain. */
    record Interval(boolean hasMonths, Duration length) {}

    /** What a constant is as an interval; empty if it isn't one. */
    Optional<Interval> interval(String constant) {
        tx.execute("SAVEPOINT one");
        try {
            Row row = tx.execute(INTERVAL.formatted(constant), Tuple.tuple())
                    .iterator()
                    .next();
            return Optional.of(new Interval(
                    row.getBoolean("has_months"), Duration.of(row.getLong("microseconds"), ChronoUnit.MICROS)));
        } catch (PgException refused) {
            return Optional.empty();
        } finally {
            tx.execute("ROLLBACK TO SAVEPOINT one");
        }
    }

    /**
     * What Postgres knows of a function's name.
     *
     * @param aggregates whether it is an aggregate
     * @param multiplies whether it gives several values, each of which makes a row
     */
    record FunctionTraits(boolean aggregates, boolean multiplies) {}

    /** By name; unknown ones are missing. */
    Map<String, FunctionTraits> functions(Collection<String> names) {
        Map<String, FunctionTraits> known = new LinkedHashMap<>();
        for (Row row : tx.execute(FUNCTIONS, Tuple.of(names.toArray(String[]::new)))) {
            known.put(
                    row.getString("proname"),
                    new FunctionTraits(row.getBoolean("aggregates"), row.getBoolean("multiplies")));
        }
        return known;
    }

    /** Names that occur more than once: they would clash in a table. */
    static List<String> twice(List<String> names) {
        List<String> twice = new ArrayList<>(names);
        names.stream().distinct().forEach(twice::remove);
        return twice;
    }

    @Override
    public void close() {
        tx.execute("ROLLBACK TO SAVEPOINT dry_run; RELEASE SAVEPOINT dry_run");
    }
}
