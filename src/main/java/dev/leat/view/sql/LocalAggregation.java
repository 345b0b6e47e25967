package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Vector;
import dev.leat.schema.types.codec.time.PgTimes;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.DistinctKeys;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Partially aggregates a batch in this process, so that Postgres gets one row a group. Supported are groups of plain columns
 * and windows of one length, with simple aggregates of numbers. The result is that of the SELECT; where it might differ,
 * Postgres aggregates.
 */
final class LocalAggregation {

    private final List<LocalKey> keys;
    private final List<MergeRule.Plain> aggregates;
    private final Map<String, Column> columns;
    private final SqlStateTable state;
    private final Optional<LocalKey.OfWindow> window;

    private LocalAggregation(
            List<LocalKey> keys,
            List<MergeRule.Plain> aggregates,
            Map<String, Column> columns,
            SqlStateTable state,
            Optional<LocalKey.OfWindow> window) {
        this.window = window;
        this.keys = keys;
        this.aggregates = aggregates;
        this.columns = columns;
        this.state = state;
    }

    /** Empty where the SELECT asks for more than can be done here. */
    static Optional<LocalAggregation> of(
            ValidatedSelect validated, FromTable stream, Groups groups, SqlStateTable state) {
        return of(validated, stream, groups, state, Optional.empty());
    }

    /** The same with windows among the groups. */
    static Optional<LocalAggregation> of(
            ValidatedSelect validated, GroupedWindow window, Groups groups, SqlStateTable state) {
        return window.window() instanceof Window.Tumbling tumbling
                        && tumbling.alignment() instanceof WindowAlignment.Even even
                ? of(validated, window.stream(), groups, state, Optional.of(new LocalKey.OfWindow(even)))
                : Optional.empty();
    }

    private static Optional<LocalAggregation> of(
            ValidatedSelect validated,
            FromTable stream,
            Groups groups,
            SqlStateTable state,
            Optional<LocalKey.OfWindow> window) {
        if (validated.fromClause().tables() != 1
                || validated.text().select().getJoins() != null
                || validated.text().where().isPresent()) {
            return Optional.empty();
        }
        Map<String, Column> columns = new HashMap<>();
        stream.relation().starred().forEach(c -> columns.put(c.name(), c));
        List<LocalKey> keys = new ArrayList<>();
        for (String key : groups.keys().values()) {
            String name = MergeRule.Plain.column(key);
            Column column = columns.get(name);
            if (window.isPresent() && Window.WINDOW.equals(name)) {
                keys.add(window.get());
            } else if (column != null && isGroupable(column.type().kind())) {
                keys.add(new LocalKey.Plain(column));
            } else {
                return Optional.empty();
            }
        }
        List<MergeRule.Plain> aggregates = new ArrayList<>();
        for (MergeRule rule : groups.rules()) {
            if (rule.plain().filter(p -> isSupported(p, columns)).isEmpty()) {
                return Optional.empty();
            }
            aggregates.add(rule.plain().get());
        }
        return Optional.of(new LocalAggregation(keys, aggregates, columns, state, window));
    }

    /** Kinds of which equal values are equal to Postgres, and no others. */
    private static boolean isGroupable(Kind kind) {
        return switch (kind) {
            case BOOLEAN, INT, LONG, DATE, TIME, TIMESTAMP, LOCAL_TIMESTAMP, STRING, UUID -> true;
            default -> false;
        };
    }

    private static boolean isSupported(MergeRule.Plain aggregate, Map<String, Column> columns) {
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
            types.add(
                    counts || LocalAggregates.isWhole(rows.vector(aggregate.column())) ? "bigint" : "double precision");
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
            return Optional.of(aggregated(rows, events));
        } catch (ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    /**
     * Those of the events whose windows end at this moment or before; empty where it can't be told here.
     *
     * @param closed what ends up to then is final
     */
    Optional<int[]> late(Rows rows, int[] events, Instant closed) {
        WindowAlignment.Even alignment = window.orElseThrow().alignment();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, closed);
        try {
            return Optional.of(Arrays.stream(events)
                    .filter(event -> rows.eventTime(event) < micros && end(alignment, rows.eventTime(event)) <= micros)
                    .toArray());
        } catch (ArithmeticException thousandsOfYearsAway) {
            return Optional.empty();
        }
    }

    /** For each of these late ones, the end of its window. */
    List<Instant> windowEnds(Rows rows, int[] late) {
        WindowAlignment.Even alignment = window.orElseThrow().alignment();
        return Arrays.stream(late)
                .mapToObj(event ->
                        PgTimes.timestamp(end(alignment, rows.eventTime(event))).toInstant())
                .toList();
    }

    private static long end(WindowAlignment.Even alignment, long time) {
        return alignment.floor(time) + alignment.micros();
    }

    /** Whether rows have the columns as the view was made for them. */
    boolean isApplicable(Rows rows) {
        for (LocalKey key : keys) {
            if (!key.isApplicable(rows)) {
                return false;
            }
        }
        for (MergeRule.Plain aggregate : aggregates) {
            if (!aggregate.isOfRows() && !LocalKey.isThere(rows, columns.get(aggregate.column()))) {
                return false;
            }
        }
        return true;
    }

    private Tuple aggregated(Rows rows, int[] events) {
        List<Vector> vectors = keys.stream().map(k -> k.values(rows, events)).toList();
        DistinctKeys groups = new DistinctKeys(vectors, events);
        int[] firsts = groups.firsts();
        Tuple tuple = Tuple.tuple();
        vectors.forEach(vector -> tuple.addValue(PgArrays.values(vector, firsts)));
        if (keys.isEmpty()) {
            tuple.addValue(new Integer[] {1});
        }
        LocalAggregates aggregated = new LocalAggregates(groups, events);
        for (MergeRule.Plain aggregate : aggregates) {
            Vector vector = aggregate.isOfRows() ? null : rows.vector(aggregate.column());
            switch (aggregate.name()) {
                case "count" -> tuple.addValue(aggregated.count(vector));
                case "sum" -> tuple.addValue(aggregated.sum(vector));
                case "min" -> tuple.addValue(aggregated.least(vector));
                case "max" -> tuple.addValue(aggregated.greatest(vector));
                default -> tuple.addValue(aggregated.sum(vector)).addValue(aggregated.count(vector));
            }
        }
        return tuple;
    }
}
