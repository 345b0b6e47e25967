package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The events that a row of the result is derived from: one, or one of each of two streams.
 *
 * @param always whether there is always one of the second stream
 */
record RowOrigin(List<FromTable> streams, boolean always) {

    private static final String SECOND = " of the second stream";

    static RowOrigin of(FromTable stream) {
        return new RowOrigin(List.of(stream), true);
    }

    static RowOrigin of(StreamJoin join) {
        return new RowOrigin(List.of(join.left(), join.right()), !join.isOuter());
    }

    /** Streams of a SELECT, where there may be no event of the second one. */
    static RowOrigin of(List<FromTable> streams) {
        return new RowOrigin(streams, false);
    }

    /** By what rows can be put in an order that is always the same, in the SELECT; never null. */
    List<String> position() {
        List<String> position = new ArrayList<>(List.of(time()));
        values().forEach(value -> position.add(position.size() > 2 ? "coalesce(" + value + ", -1)" : value));
        return position;
    }

    boolean isPair() {
        return streams.size() == 2;
    }

    /** The positions of these events. */
    List<Column> columns() {
        List<Column> columns = new ArrayList<>(List.of(EventColumns.PARTITION, EventColumns.OFFSET));
        if (isPair()) {
            columns.add(new Column(
                    "_joined_partition",
                    ColumnType.of(ColumnType.Kind.INT),
                    always,
                    EventColumns.PARTITION.doc() + SECOND));
            columns.add(new Column(
                    "_joined_offset", ColumnType.of(ColumnType.Kind.LONG), always, EventColumns.OFFSET.doc() + SECOND));
        }
        return columns;
    }

    /** The values of {@link #columns}, in the SELECT, each under its name. */
    String named() {
        List<String> values = values();
        List<String> named = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            named.add(values.get(i) + " AS " + columns().get(i).name());
        }
        return String.join(", ", named);
    }

    private List<String> values() {
        return streams.stream()
                .map(s -> Sql.quote(s.alias()))
                .flatMap(alias -> Stream.of(alias + "._partition", alias + "._offset"))
                .toList();
    }

    /** When the newest of them happened, in the SELECT. */
    String time() {
        return !isPair()
                ? Sql.quote(streams.getFirst().alias()) + "._time"
                : "greatest("
                        + streams.stream()
                                .map(s -> Sql.quote(s.alias()) + "._time")
                                .collect(Collectors.joining(", ")) + ")";
    }
}
