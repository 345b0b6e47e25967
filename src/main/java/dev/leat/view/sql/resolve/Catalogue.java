package dev.leat.view.sql.resolve;

import dev.leat.postgres.Tx;
import dev.leat.view.sql.resolve.ResolvedFunction.Kind;
import dev.leat.view.sql.resolve.ResolvedFunction.Volatility;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Postgres's catalogue says of the OIDs in a tree. */
final class Catalogue {

    /** The letters i, s and v are in the order from the best to the worst. */
    private static final String FUNCTIONS = """
            SELECT p.oid::bigint AS oid, n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes) AS arguments,
                   p.proretset, p.prokind::text AS prokind,
                   CASE WHEN p.prokind = 'a' AND n.nspname <> 'pg_catalog' THEN
                       (SELECT max(s.provolatile::text) FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc s
                            ON s.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn) WHERE a.aggfnoid = p.oid)
                   ELSE p.provolatile::text END AS provolatile
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE p.oid = ANY ($1::bigint[]::oid[])
               OR p.oid IN (SELECT oprcode FROM pg_catalog.pg_operator WHERE oid = ANY ($2::bigint[]::oid[]))
            ORDER BY n.nspname, p.proname, p.oid
            """;

    private static final String RELATIONS = """
            SELECT c.oid::bigint AS oid, c.relname, c.relnamespace = pg_catalog.pg_my_temp_schema() AS stands_in,
                   a.attnum::integer AS attnum, a.attname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
            WHERE c.oid = ANY ($1::bigint[]::oid[])
            """;

    /** Each type with those that it is made of: an array's elements, a range's bounds, a row's fields. */
    private static final String TYPES = """
            WITH RECURSIVE part(root, oid) AS (
                SELECT given, given FROM unnest($1::bigint[]::oid[]) AS given
                UNION
                SELECT part.root, within.oid FROM part JOIN pg_catalog.pg_type t ON t.oid = part.oid CROSS JOIN LATERAL (
                    SELECT t.typelem WHERE t.typcategory = 'A'
                    UNION ALL SELECT t.typbasetype WHERE t.typtype = 'd'
                    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
                    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                        WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ) AS within(oid))
            SELECT part.root::bigint AS root, pg_catalog.format_type(part.root, NULL) AS name,
                   t.typinput::oid::bigint AS input, t.typoutput::oid::bigint AS output
            FROM part JOIN pg_catalog.pg_type t ON t.oid = part.oid
            """;

    private static final String COLLATIONS = """
            SELECT c.oid::bigint AS oid, pg_catalog.format('%I.%I', n.nspname, c.collname) AS name
            FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
            WHERE c.oid = ANY ($1::bigint[]::oid[]) AND c.collprovider <> 'd'
            """;

    private final Tx tx;

    Catalogue(Tx tx) {
        this.tx = tx;
    }

    /** @param columns names by their numbers; system columns have negative ones */
    record Table(String name, boolean isStandIn, Map<Integer, String> columns) {}

    /** The functions that read and write a type's values, and those of its parts. */
    record Type(String name, List<Long> inputs, List<Long> outputs) {}

    private RowSet<Row> of(String sql, Collection<Long> oids) {
        return tx.execute(sql, Tuple.of(oids.toArray(Long[]::new)));
    }

    /** @param operators whose functions are wanted too */
    Map<Long, ResolvedFunction> functions(Collection<Long> oids, Collection<Long> operators) {
        Map<Long, ResolvedFunction> functions = new LinkedHashMap<>();
        Tuple parameters = Tuple.of(oids.toArray(Long[]::new), operators.toArray(Long[]::new));
        for (Row row : tx.execute(FUNCTIONS, parameters)) {
            functions.put(
                    row.getLong("oid"),
                    new ResolvedFunction(
                            row.getLong("oid"),
                            row.getString("nspname"),
                            row.getString("proname"),
                            row.getString("arguments"),
                            Volatility.of(row.getString("provolatile")),
                            row.getBoolean("proretset"),
                            Kind.of(row.getString("prokind"))));
        }
        return functions;
    }

    Map<Long, Table> tables(Collection<Long> oids) {
        Map<Long, Table> tables = new LinkedHashMap<>();
        for (Row row : of(RELATIONS, oids)) {
            tables.computeIfAbsent(
                            row.getLong("oid"),
                            oid -> new Table(
                                    row.getString("relname"), row.getBoolean("stands_in"), new LinkedHashMap<>()))
                    .columns()
                    .put(row.getInteger("attnum"), row.getString("attname"));
        }
        return tables;
    }

    Map<Long, Type> types(Collection<Long> oids) {
        Map<Long, Type> types = new LinkedHashMap<>();
        for (Row row : of(TYPES, oids)) {
            Type type = types.computeIfAbsent(
                    row.getLong("root"), oid -> new Type(row.getString("name"), new ArrayList<>(), new ArrayList<>()));
            type.inputs().add(row.getLong("input"));
            type.outputs().add(row.getLong("output"));
        }
        return types;
    }

    Map<Long, String> collations(Collection<Long> oids) {
        Map<Long, String> collations = new LinkedHashMap<>();
        for (Row row : of(COLLATIONS, oids)) {
            collations.put(row.getLong("oid"), row.getString("name"));
        }
        return collations;
    }
}
