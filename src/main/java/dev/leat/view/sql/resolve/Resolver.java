package dev.leat.view.sql.resolve;

import dev.leat.postgres.Tx;
import dev.leat.view.sql.resolve.tree.Expressions;
import dev.leat.view.sql.resolve.tree.PgNode;
import dev.leat.view.sql.resolve.tree.PgNodeReader;
import dev.leat.view.sql.resolve.tree.StoredTree;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Asks Postgres what a SELECT means: makes it a temporary view and reads the stored tree. Within a transaction, of which nothing
 * stays; blocks. The SELECT's relations must be there ({@link StandIns}). It writes to the catalogue, so it isn't for each batch.
 */
public final class Resolver {

    private static final String CREATE = "CREATE TEMP VIEW _leat_resolved AS ";
    private static final String TREE = """
            SELECT ev_class::bigint AS view, ev_action::text AS tree, pg_catalog.pg_get_viewdef(ev_class) AS canonical
            FROM pg_catalog.pg_rewrite WHERE ev_class = 'pg_temp._leat_resolved'::regclass
            """;
    private static final String COLUMNS = """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attcollation::bigint AS collation
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = 'pg_temp._leat_resolved'::regclass AND a.attnum > 0 ORDER BY a.attnum
            """;
    private static final String CHECKED = "without_clock";

    private final Tx tx;
    private final Catalogue catalogue;

    public Resolver(Tx tx) {
        this.tx = tx;
        this.catalogue = new Catalogue(tx);
    }

    /** @throws PgException what Postgres says against it; {@link #offset} tells where */
    public Resolution resolve(String select) {
        tx.execute("SAVEPOINT resolve");
        try {
            tx.execute(CREATE + select);
            Row row = tx.execute(TREE, Tuple.tuple()).iterator().next();
            PgNode query = PgNodeReader.read(row.getString("tree")).getFirst();
            return resolution(query, new StoredTree(query, row.getLong("view")), row.getString("canonical"));
        } finally {
            tx.undoTo("resolve");
        }
    }

    /** The place in the SELECT, in characters from its beginning; empty where Postgres names none. */
    public static OptionalInt offset(PgException refused) {
        return refused.getPosition() == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(refused.getPosition()) - 1 - CREATE.length());
    }

    /** The names of the types of constants that aren't the same in two trees of the same form. */
    Set<String> constantsThatDiffer(PgNode one, PgNode other) {
        Set<Long> differing = new LinkedHashSet<>();
        one.compare(other, (first, second) -> {
            boolean differs = !Objects.equals(
                    first.fields().get("constvalue"), second.fields().get("constvalue"));
            if (first.is("CONST") && differs) {
                differing.add(first.number("consttype"));
            }
        });
        return names(differing, catalogue.types(differing));
    }

    private Resolution resolution(PgNode query, StoredTree tree, String canonical) {
        Map<Long, Catalogue.Type> types = catalogue.types(Stream.concat(
                        tree.constants().stream(), tree.casts().stream().flatMap(c -> Stream.of(c.from(), c.to())))
                .distinct()
                .toList());
        Set<Long> converting = new LinkedHashSet<>();
        tree.casts().forEach(cast -> converting.addAll(converting(cast, types)));
        Map<Long, ResolvedFunction> functions = catalogue.functions(
                Stream.concat(tree.functions().stream(), converting.stream()).toList(), tree.operators());
        Map<Long, Catalogue.Table> tables = catalogue.tables(tree.places().stream()
                .map(StoredTree.Place::relation)
                .distinct()
                .toList());
        return new Resolution(
                query,
                canonical,
                columns(query, tables),
                tree.places().stream()
                        .map(place -> used(place, tables.get(place.relation())))
                        .toList(),
                functions.values().stream()
                        .filter(f -> tree.functions().contains(f.oid()) || !converting.contains(f.oid()))
                        .toList(),
                groups(query, tree, tables),
                List.copyOf(tree.values()),
                names(tree.constants(), types),
                tree.casts().stream()
                        .map(cast -> conversion(cast, types, functions))
                        .toList(),
                new LinkedHashSet<>(catalogue.collations(tree.collations()).values()));
    }

    private static Set<String> names(Set<Long> oids, Map<Long, Catalogue.Type> types) {
        Set<String> names = new LinkedHashSet<>();
        oids.forEach(oid -> Optional.ofNullable(types.get(oid)).ifPresent(type -> names.add(type.name())));
        return names;
    }

    private List<ResolvedColumn> columns(PgNode query, Map<Long, Catalogue.Table> tables) {
        Expressions expressions = new Expressions(query);
        List<PgNode> targets = query.nodes("targetList");
        List<Row> rows = new ArrayList<>();
        tx.execute(COLUMNS, Tuple.tuple()).forEach(rows::add);
        Map<Long, String> collations = catalogue.collations(
                rows.stream().map(row -> row.getLong("collation")).distinct().toList());
        List<ResolvedColumn> columns = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            PgNode expression = expressions.plain(targets.get(i).node("expr").orElseThrow());
            columns.add(new ResolvedColumn(
                    row.getString("attname"),
                    row.getString("type"),
                    Optional.ofNullable(collations.get(row.getLong("collation"))),
                    input(query, expression, tables),
                    expression));
        }
        return columns;
    }

    private static UsedRelation used(StoredTree.Place place, Catalogue.Table table) {
        Set<String> columns = new LinkedHashSet<>();
        place.columns().stream()
                .filter(number -> number != 0)
                .forEach(number -> columns.add(table.columns().get(number)));
        return new UsedRelation(
                table.name(), place.alias(), table.isStandIn(), columns, place.isWhole(), place.depth());
    }

    private static List<GroupItem> groups(PgNode query, StoredTree tree, Map<Long, Catalogue.Table> tables) {
        Expressions expressions = new Expressions(query);
        List<GroupItem> groups = new ArrayList<>();
        for (PgNode clause : query.nodes("groupClause")) {
            PgNode target = query.nodes("targetList").stream()
                    .filter(t -> t.number("ressortgroupref") == clause.number("tleSortGroupRef"))
                    .findFirst()
                    .orElseThrow();
            PgNode expression = expressions.plain(target.node("expr").orElseThrow());
            groups.add(new GroupItem(
                    target.flag("resjunk") ? OptionalInt.empty() : OptionalInt.of((int) target.number("resno") - 1),
                    input(query, expression, tables),
                    expression));
        }
        return groups;
    }

    private static Optional<String> input(PgNode query, PgNode expression, Map<Long, Catalogue.Table> tables) {
        if (!expression.is("VAR") || expression.number("varattno") <= 0) {
            return Optional.empty();
        }
        PgNode entry = query.nodes("rtable").get((int) expression.number("varno") - 1);
        String alias = entry.node("eref").orElseThrow().text("aliasname").orElse("");
        return Optional.ofNullable(tables.get(entry.number("relid")))
                .map(table -> alias + "." + table.columns().get((int) expression.number("varattno")));
    }

    private static Set<Long> converting(StoredTree.Cast cast, Map<Long, Catalogue.Type> types) {
        Set<Long> converting = new LinkedHashSet<>();
        Optional.ofNullable(types.get(cast.from())).ifPresent(type -> converting.addAll(type.outputs()));
        Optional.ofNullable(types.get(cast.to())).ifPresent(type -> converting.addAll(type.inputs()));
        return converting;
    }

    private static TypeConversion conversion(
            StoredTree.Cast cast, Map<Long, Catalogue.Type> types, Map<Long, ResolvedFunction> functions) {
        ResolvedFunction argument = functions.get(cast.argument());
        return new TypeConversion(
                types.containsKey(cast.from()) ? types.get(cast.from()).name() : "",
                types.get(cast.to()).name(),
                converting(cast, types).stream().map(functions::get).toList(),
                argument != null
                        && argument.schema().equals("leat")
                        && argument.name().equals(CHECKED));
    }
}
