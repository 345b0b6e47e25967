package dev.leat.view.outbox;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.emit.AvroRowEncoder;
import dev.leat.schema.emit.EmittedContract;
import dev.leat.schema.emit.UnencodableValue;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType.Kind;
import dev.leat.schema.types.table.PgArrays;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes rows of one view as events to its topic: exactly once into the outbox, with the transaction that they come from.
 * It is for one list of columns; other columns need another emitter. Thread-safe.
 */
public final class Emitter {

    private final String view;
    private final String topic;
    private final AvroRowEncoder encoder;
    private final List<Column> columns;
    private final RowKey key;
    private final Outbox outbox;

    Emitter(
            String view,
            String topic,
            EmittedContract contract,
            List<Column> columns,
            List<String> keys,
            Outbox outbox) {
        this.view = view;
        this.topic = topic;
        this.encoder = new AvroRowEncoder(contract);
        this.columns = columns;
        this.key = new RowKey(columns, keys);
        this.outbox = outbox;
    }

    /**
     * A row as an event.
     *
     * @param row the emitter's columns first, selected as {@link #selected} says
     * @param origin the event that it comes from; rows are numbered within it in the order of the list
     * @param delete whether the row's key is gone: only the key columns are looked at then
     */
    public record Emitted(Row row, EventOrigin origin, boolean delete) {}

    /**
     * How columns have to be selected for an emitter, out of a relation that has them under their names: JSON and intervals as
     * text, which the client would take apart, and arrays as {@link PgArrays#value} reads them.
     */
    public static String selected(List<Column> columns) {
        return selected(columns, Sql::quote);
    }

    /** @param value the expression of a column, by its name */
    public static String selected(List<Column> columns, UnaryOperator<String> value) {
        List<String> selected = new ArrayList<>();
        columns.forEach(c -> selected.add(PgArrays.selected(c, value.apply(c.name())) + " AS " + Sql.quote(c.name())));
        columns.stream()
                .filter(c -> c.type().kind() == Kind.ARRAY)
                .forEach(c -> selected.add(
                        PgArrays.lengths(value.apply(c.name())) + " AS " + Sql.quote("#lengths " + c.name())));
        return String.join(", ", selected);
    }

    /**
     * Appends the rows to the outbox, in their order.
     *
     * @throws dev.leat.schema.emit.UnencodableValue a row has a value that the contract has no place for
     */
    public void emitInTransaction(Tx tx, List<Emitted> rows) {
        List<OutboxEvent> events = new ArrayList<>(rows.size());
        EventOrigin last = null;
        int number = 0;
        for (Emitted emitted : rows) {
            number = emitted.origin().equals(last) ? number + 1 : 0;
            last = emitted.origin();
            var row = emitted.row().getDelegate();
            events.add(new OutboxEvent(
                    0,
                    view,
                    topic,
                    keyOf(row),
                    emitted.delete() ? null : encoder.encode(i -> PgArrays.value(row, columns, i)),
                    last,
                    number));
        }
        outbox.saveInTransaction(tx, events);
    }

    private byte[] keyOf(io.vertx.sqlclient.Row row) {
        try {
            return key.of(row);
        } catch (RuntimeException e) {
            throw new UnencodableValue("the row's key can't be written as text: " + e);
        }
    }
}
