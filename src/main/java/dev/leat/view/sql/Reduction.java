package dev.leat.view.sql;

import dev.leat.schema.Column;
import dev.leat.schema.ColumnType;
import dev.leat.schema.ColumnType.Kind;
import dev.leat.schema.Rows;
import dev.leat.schema.Vector;
import dev.leat.view.statement.PgArrays;
import dev.leat.view.statement.Sql;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups a batch in the process, where the groups are plain columns and the aggregates simple ones of numbers: what then
 * goes to Postgres is a row a group. The result is that of the SELECT; whatever might differ isn't reduced.
 */
final class Reduction {

    private final List<Column> keys;
    private final List<MergeRule.Plain> aggregates;
    private final Map<String, Column> columns;
    private final StateTable state;

    private Reduction(
            List<Column> keys, List<MergeRule.Plain> aggregates, Map<String, Column> columns, StateTable state) {
        this.keys = keys;
        this.aggregates = aggregates;
        this.columns = columns;
        this.state = state;
    }

    /** Empty where the SELECT asks for more than can be done here. */
    static Optional<Reduction> of(Checked checked, FromTable stream, Groups groups, StateTable state) {
        if (checked.sources().tables() != 1
                || checked.text().select().getJoins() != null
                || checked.text().where().isPresent()) {
            return Optional.empty();
        }
        Map<String, Column> columns = new HashMap<>();
        stream.relation().starred().forEach(c -> columns.put(c.name(), c));
        List<Column> keys = new ArrayList<>();
        for (String key : groups.keys().values()) {
            Column column = columns.get(MergeRule.Plain.column(key));
            if (column == null || !isGroupable(column.type().kind())) {
                return Optional.empty();
            }
            keys.add(column);
        }
        List<MergeRule.Plain> aggregates = new ArrayList<>();
        for (MergeRule rule : groups.rules()) {
            if (rule.plain().filter(p -> isReducible(p, columns)).isEmpty()) {
                return Optional.empty();
            }
            aggregates.add(rule.plain().get());
        }
        return Optional.of(new Reduction(keys, aggregates, columns, state));
    }

    /** Kinds of which equal values are equal to Postgres, and no others. */
    private static boolean isGroupable(Kind kind) {
        return switch (kind) {
            case BOOLEAN, INT, LONG, DATE, TIME, TIMESTAMP, LOCAL_TIMESTAMP, STRING, UUID -> true;
            default -> false;
        };
    }

    private static boolean isReducible(MergeRule.Plain aggregate, Map<String, Column> columns) {
        if (aggregate.isOfRows()) {
            return true;
        }
        Column column = columns.get(aggregate.column());
        return column != null
                && switch (aggregate.name()) {
                    case "count" -> true;
                    case "sum", "avg", "min", "max" -> isNumber(column.type());
                    default -> false;
                };
    }

    private static boolean isNumber(ColumnType type) {
        return type.kind() == Kind.INT || type.kind() == Kind.LONG || type.kind() == Kind.DOUBLE;
    }

    /** {@code SELECT …} of a row a group, in the state's columns, out of {@link #parameters}. */
    String select(Rows rows) {
        List<String> names = List.copyOf(state.columns().keySet());
        List<String> types = types(rows);
        List<String> parameters = new ArrayList<>();
        List<String> selected = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = Sql.quote(names.get(i));
            parameters.add("$" + (i + 1) + "::" + types.get(i) + "[]");
            selected.add(name + "::" + state.columns().get(names.get(i)) + " AS " + name);
        }
        return "SELECT " + String.join(", ", selected) + " FROM unnest(" + String.join(", ", parameters)
                + ") AS _groups(" + Sql.list(names, Sql::quote) + ")";
    }

    private List<String> types(Rows rows) {
        List<String> types = new ArrayList<>();
        keys.forEach(key -> types.add(key.type().postgres()));
        if (keys.isEmpty()) {
            types.add("integer");
        }
        for (MergeRule.Plain aggregate : aggregates) {
            boolean counts = aggregate.name().equals("count");
            types.add(counts || Reduced.isWhole(rows.vector(aggregate.column())) ? "bigint" : "double precision");
            if (aggregate.name().equals("avg")) {
                types.add("bigint");
            }
        }
        return types;
    }

    /** Empty where Postgres has to do it: columns of other types than the view was made for, sums out of range. */
    Optional<Tuple> parameters(Rows rows, int[] events) {
        if (!isApplicable(rows)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reduced(rows, events));
        } catch (ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    /** Whether rows have the columns as the view was made for them. */
    boolean isApplicable(Rows rows) {
        for (Column column : keys) {
            if (!isThere(rows, column)) {
                return false;
            }
        }
        for (MergeRule.Plain aggregate : aggregates) {
            if (!aggregate.isOfRows() && !isThere(rows, columns.get(aggregate.column()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isThere(Rows rows, Column column) {
        return rows.shape().has(column.name())
                && rows.shape().column(column.name()).type().equals(column.type());
    }

    private Tuple reduced(Rows rows, int[] events) {
        List<Vector> vectors = keys.stream().map(k -> rows.vector(k.name())).toList();
        RowGroups groups = new RowGroups(vectors, events);
        int[] firsts = groups.firsts();
        Tuple tuple = Tuple.tuple();
        vectors.forEach(vector -> tuple.addValue(PgArrays.values(vector, firsts)));
        if (keys.isEmpty()) {
            tuple.addValue(new Integer[] {1});
        }
        Reduced reduced = new Reduced(groups, events);
        for (MergeRule.Plain aggregate : aggregates) {
            Vector vector = aggregate.isOfRows() ? null : rows.vector(aggregate.column());
            switch (aggregate.name()) {
                case "count" -> tuple.addValue(reduced.count(vector));
                case "sum" -> tuple.addValue(reduced.sum(vector));
                case "min" -> tuple.addValue(reduced.least(vector));
                case "max" -> tuple.addValue(reduced.greatest(vector));
                default -> tuple.addValue(reduced.sum(vector)).addValue(reduced.count(vector));
            }
        }
        return tuple;
    }
}
