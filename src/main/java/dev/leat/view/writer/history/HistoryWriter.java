package dev.leat.view.writer.history;

import dev.leat.catalog.ColumnDdl;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.schema.types.Shape;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.TableWriter;
import dev.leat.view.writer.UnfitView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One row for each state of a key, valid from one event time to the next. The rows depend only on the set of events that were
 * applied, in whatever order and batches they came.
 */
public final class HistoryWriter implements TableWriter {

    private final Stream stream;
    private final View.History view;
    private final String table;
    private final KeyedEvents events;
    private final HistoryStatement statement;

    /**
     * @param table the view's, qualified and quoted
     * @param eventsTable that of its events, qualified and quoted     */
    public HistoryWriter(Stream stream, View.History view, String table, String eventsTable) {
        this.stream = stream;
        this.view = view;
        this.table = table;
        this.events = new KeyedEvents(stream, eventsTable);
        this.statement = new HistoryStatement(stream, view, table, events);
    }

    /** The table of events beside that of a view. */
    public static String eventsOf(View.History view) {
        return "leat." + Sql.quote("history_" + view.name());
    }

    @Override
    public List<Column> ownColumns(List<Column> ofStream) {
        return HistoryColumns.of(stream, ofStream);
    }

    @Override
    public boolean isOwn(Column column) {
        return column.isOwn() || HistoryColumns.isOwn(column);
    }

    @Override
    public void requireFit(Shape shape, UnaryOperator<String> at) {
        HistoryColumns.requireFit(view, shape, at);
    }

    @Override
    public List<String> key() {
        List<String> key = new ArrayList<>(stream.key());
        key.add(HistoryColumns.VALID_FROM);
        return key;
    }

    @Override
    public boolean showsDeletes() {
        return false;
    }

    @Override
    public void dropCompanions(Tx tx) {
        tx.execute("DROP TABLE IF EXISTS " + events.table());
    }

    @Override
    public void renameCompanions(Tx tx, String other) {
        tx.execute("ALTER TABLE " + events.table() + " RENAME TO " + Sql.quote("history_" + other));
    }

    @Override
    public void createCompanions(Tx tx, Shape shape) {
        events.create(tx, shape);
    }

    @Override
    public void ensureCompanions(Tx tx, Shape shape) {
        if (!ColumnDdl.exists(tx, events.table())) {
            throw new UnfitView(
                    view.name(),
                    "view " + view.name() + " exists in Postgres without the events that it is derived"
                            + " from, in " + events.table() + "; give the view another name and restart: that one"
                            + " is derived from history, and DELETE /api/views/" + view.name() + " drops this one");
        }
    }

    @Override
    public void growCompanions(Tx tx, List<Column> added, List<Column> widened) {
        ColumnDdl.alter(tx, events.table(), added, widened);
    }

    @Override
    public Explanation explain(Map<String, Shape> streams) {
        Shape shape = streams.get(stream.name());
        List<String> columns = shape.columns().stream().map(Column::name).toList();
        return Explanation.ofStream(
                "One row for each state of a key, valid from one event time to the next. The histories of a batch's keys are computed again"
                        + " from the earliest time that it touches; only rows that differ are written.",
                key(),
                shape,
                List.of(statement.text(new Rows(stream, shape, 0), columns)),
                List.of(events.table() + " keeps every event of each key; it is never cleaned up"));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        // In the order in which DDL locks them, or the two would deadlock.
        tx.send("LOCK TABLE " + table + ", " + events.table() + " IN ROW EXCLUSIVE MODE");
        KeyedEvents.Saved saved = events.saveInTransaction(tx, rows, selected);
        if (saved.deletes()) {
            events.timeDeletes(tx, rows, selected);
        }
        // A statement of its own: it must see what other lanes have committed before they let go of the keys.
        tx.submit(statement.text(rows, saved.columns()), events.batchParameters(rows, selected));
    }
}
