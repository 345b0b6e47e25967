package dev.leat.view.sql.resolve.tree;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What there is in a query's tree, by the OIDs of Postgres's catalogue. */
public final class StoredTree {

    /** The number of the first system column, less one: bit sets of columns begin there. */
    private static final int BEFORE_COLUMNS = -7;

    private static final List<String> FUNCTIONS = List.of("funcid", "opfuncid", "aggfnoid", "winfnoid", "tsmhandler");
    private static final List<String> COLLATIONS =
            List.of("inputcollid", "collOid", "aggcollid", "opcollid", "funccollid", "resultcollid");

    /** A relation at one place. */
    public record Place(long relation, String alias, List<Integer> columns, boolean isWhole, int depth) {}

    /** A cast through text, of one type to another; argument: the function that made the text, 0 for none. */
    public record Cast(long from, long to, long argument) {}

    private final List<Place> places = new ArrayList<>();
    private final Set<Long> functions = new LinkedHashSet<>();
    private final Set<Long> operators = new LinkedHashSet<>();
    private final Set<Long> constants = new LinkedHashSet<>();
    private final Set<Long> collations = new LinkedHashSet<>();
    private final List<Cast> casts = new ArrayList<>();
    private final List<SqlValue> values = new ArrayList<>();

    /** @param view the OID of the view that has the tree; to Postgres 15 it is in the tree itself, as old and new */
    public StoredTree(PgNode query, long view) {
        findPlaces(query, view, 0);
        query.walk(this::look);
    }

    public List<Place> places() {
        return places;
    }

    public Set<Long> functions() {
        return functions;
    }

    /** Of comparisons of rows, whose functions the tree doesn't name. */
    public Set<Long> operators() {
        return operators;
    }

    /** Their types. */
    public Set<Long> constants() {
        return constants;
    }

    public Set<Long> collations() {
        return collations;
    }

    public List<Cast> casts() {
        return casts;
    }

    public List<SqlValue> values() {
        return values;
    }

    private void look(PgNode node) {
        for (String field : FUNCTIONS) {
            if (node.number(field) > 0) {
                functions.add(node.number(field));
            }
        }
        for (String field : COLLATIONS) {
            if (node.number(field) > 0) {
                collations.add(node.number(field));
            }
        }
        switch (node.name()) {
            case "ROWCOMPAREEXPR" -> node.numbers("opnos").forEach(operator -> operators.add(operator.longValue()));
            case "CONST" -> constants.add(node.number("consttype"));
            case "SQLVALUEFUNCTION" -> values.add(SqlValue.of(node.number("op")));
            case "COERCEVIAIO" -> casts.add(cast(node, node.node("arg").orElseThrow()));
            default -> {}
        }
    }

    private static Cast cast(PgNode node, PgNode argument) {
        PgNode made = argument;
        while (made.is("RELABELTYPE") || made.is("COLLATEEXPR")) {
            made = made.node("arg").orElseThrow();
        }
        return new Cast(Types.of(argument), node.number("resulttype"), made.is("FUNCEXPR") ? made.number("funcid") : 0);
    }

    private void findPlaces(PgNode query, long view, int depth) {
        List<PgNode> permissions = query.nodes("rteperminfos");
        List<PgNode> table = query.nodes("rtable");
        Set<Long> whole = wholeRows(query);
        for (int i = 0; i < table.size(); i++) {
            PgNode entry = table.get(i);
            long relation = entry.number("relid");
            if (entry.text("rtekind").filter("0"::equals).isPresent() && relation != view) {
                int index = (int) entry.number("perminfoindex");
                List<Integer> columns = (index > 0 ? permissions.get(index - 1) : entry)
                        .numbers("selectedCols").stream()
                                .map(bit -> bit + BEFORE_COLUMNS)
                                .toList();
                String alias =
                        entry.node("eref").orElseThrow().text("aliasname").orElse("");
                places.add(new Place(relation, alias, columns, whole.contains(i + 1L), depth));
            }
        }
        within(query.fields().values(), view, depth + 1);
    }

    /** The entries of a query's range table of which a whole row is used. That it is selected isn't enough: {@code (r).id} is a column. */
    private static Set<Long> wholeRows(PgNode query) {
        Set<Long> whole = new LinkedHashSet<>();
        findWholeRows(query.fields().values(), 0, whole);
        return whole;
    }

    private static void findWholeRows(Iterable<?> values, int level, Set<Long> whole) {
        for (Object value : values) {
            if (value instanceof List<?> list) {
                findWholeRows(list, level, whole);
            } else if (value instanceof PgNode node) {
                boolean isRow = node.is("VAR") && node.number("varattno") == 0 && node.number("varlevelsup") == level;
                if (isRow) {
                    whole.add(node.number("varno"));
                }
                findWholeRows(node.fields().values(), node.is("QUERY") ? level + 1 : level, whole);
            }
        }
    }

    private void within(Iterable<?> values, long view, int depth) {
        for (Object value : values) {
            switch (value) {
                case PgNode node when node.is("QUERY") -> findPlaces(node, view, depth);
                case PgNode node -> within(node.fields().values(), view, depth);
                case List<?> list -> within(list, view, depth);
                default -> {}
            }
        }
    }
}
