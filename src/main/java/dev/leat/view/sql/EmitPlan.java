package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Column;
import dev.leat.schema.Rows;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitter.Emitted;
import dev.leat.view.outbox.Source;
import dev.leat.view.statement.Sql;
import dev.leat.view.statement.Tx;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Every row that the SELECT makes of an event is written to a topic, and kept nowhere here. A delete of the stream's key is
 * passed on where the result has that key.
 */
final class EmitPlan implements Plan {

    private final Checked checked;
    private final FromTable from;
    private final BatchRelation batch;
    private final Optional<LinkedHashMap<String, String>> streamKey;
    private final Emission emission;

    // Set before the plan is used; null while it is to write nothing.
    private volatile Emitter emitter;

    EmitPlan(Checked checked, FromTable from, Stream stream) {
        this.checked = checked;
        this.from = from;
        this.streamKey = KeyedPlan.keyOf(checked, from, stream);
        View.Sql view = checked.view();
        List<String> key = view.key().isEmpty()
                ? streamKey.map(k -> List.copyOf(k.values())).orElse(List.of())
                : view.key();
        List<Column> used = new ArrayList<>(checked.used(from));
        streamKey.ifPresent(k -> from.relation().columns().stream()
                .filter(c -> k.containsKey(c.name()) && !used.contains(c))
                .forEach(used::add));
        this.batch = new BatchRelation(stream.name(), used);
        this.emission = new Emission(view, checked.columns(), key);
    }

    @Override
    public List<Column> columns() {
        return checked.columns();
    }

    @Override
    public List<String> key() {
        return emission.key();
    }

    @Override
    public Optional<StateTable> state() {
        return Optional.empty();
    }

    @Override
    public Optional<String> visible() {
        return Optional.empty();
    }

    @Override
    public Optional<Emission> emission() {
        return Optional.of(emission);
    }

    @Override
    public void emitTo(Emitter connected) {
        emitter = connected;
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        if (emitter == null) {
            return;
        }
        int[] events = Events.withoutDeletes(rows, selected);
        List<Emitted> emitted = new ArrayList<>();
        if (events.length > 0) {
            collect(tx, statement(rows), rows, events, false, emitted);
        }
        if (events.length < selected.length && passesDeletes()) {
            int[] deletes = Arrays.stream(selected).filter(rows::isDelete).toArray();
            collect(tx, deletes(rows), rows, deletes, true, emitted);
        }
        emitted.sort(Comparator.comparing(e -> e.source().offset()));
        if (!emitted.isEmpty()) {
            emitter.emitInTransaction(tx, emitted);
        }
    }

    private boolean passesDeletes() {
        return streamKey
                .map(k -> List.copyOf(k.values()).equals(emission.key()))
                .orElse(false);
    }

    private void collect(Tx tx, String sql, Rows rows, int[] selected, boolean delete, List<Emitted> emitted) {
        for (Row row : tx.execute(sql, batch.parameters(rows, selected))) {
            Source source = new Source(
                    rows.stream().topic(),
                    rows.partition(),
                    row.getLong("_offset"),
                    row.getOffsetDateTime("_timestamp"));
            emitted.add(new Emitted(row, source, delete));
        }
    }

    @Override
    public String kept() {
        return "Every row that the SELECT makes of an event goes to the topic, through leat.outbox; nothing is kept here.";
    }

    @Override
    public List<String> statements(Rows rows) {
        return passesDeletes() ? List.of(statement(rows), deletes(rows)) : List.of(statement(rows));
    }

    private String statement(Rows rows) {
        String alias = Sql.quote(from.alias());
        return "WITH " + batch.with(rows) + ",\n_result AS (SELECT " + checked.items() + ", " + alias + "._offset, "
                + alias
                + "._timestamp\n" + checked.fromWhere() + ")\nSELECT " + emission.selected()
                + ", _offset, _timestamp FROM _result ORDER BY _offset";
    }

    private String deletes(Rows rows) {
        LinkedHashMap<String, String> names = new LinkedHashMap<>();
        streamKey.orElseThrow().forEach((column, name) -> names.put(name, column));
        return "WITH " + batch.with(rows) + "\nSELECT "
                + emission.selected(name -> names.containsKey(name) ? Sql.quote(names.get(name)) : "NULL")
                + ", _offset, _timestamp FROM " + Sql.quote(batch.stream()) + " ORDER BY _offset";
    }
}
