package dev.leat.view.writer.history;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.EventTimeType;
import dev.leat.schema.types.Shape;
import dev.leat.view.writer.TableWriter;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The columns that a {@code history} view adds to its stream's. They have the names that the field knows them by, so a
 * stream may have fields of these names; such a one has no history.
 */
public final class HistoryColumns {

    static final String VALID_FROM = "valid_from";
    static final String VALID_TO = "valid_to";
    static final String CURRENT = "current";

    private static final List<String> NAMES = List.of(VALID_FROM, VALID_TO, CURRENT);

    private HistoryColumns() {}

    public static boolean isOwn(Column column) {
        return Names.isOfHistories(column.name());
    }

    /** A state is valid at times of this type: an instant, as fine as the event time. */
    static ColumnType timeType(Stream stream, List<Column> ofStream) {
        return EventTimeType.of(stream, ofStream);
    }

    static List<Column> of(Stream stream, List<Column> ofStream) {
        ColumnType time = timeType(stream, ofStream);
        return List.of(
                new Column(VALID_FROM, time, true, "when the state began"),
                new Column(VALID_TO, time, false, "when it ended; null: it goes on"),
                new Column(CURRENT, ColumnType.of(ColumnType.Kind.BOOLEAN), true, "whether the state goes on"),
                TableWriter.PARTITION,
                TableWriter.OFFSET);
    }

    static void requireFit(View.History view, Shape shape, UnaryOperator<String> at) {
        for (String name : NAMES) {
            if (shape.has(name)) {
                throw new ContractException(at.apply("history") + ": stream " + view.stream() + " has a field `" + name
                        + "`, and a history has a column of that name itself; rename the field, or make this a `log`"
                        + " view");
            }
        }
        for (String name : view.track()) {
            if (!shape.has(name)) {
                throw new ContractException(at.apply("track") + ": `track:` names `" + name + "`, which stream "
                        + view.stream() + " hasn't got; it has "
                        + shape.columns().stream().map(Column::name).collect(Collectors.joining(", ")));
            }
        }
    }
}
