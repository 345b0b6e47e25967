package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.view.outbox.Emitter;
import dev.leat.view.outbox.Emitter.Emitted;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every row that the SELECT makes of an event is written to a topic, and kept nowhere here. A delete of the stream's key is
 * passed on where the result has that key.
 */
final class EmitPlan implements Plan {

    private final ValidatedSelect validated;
    private final FromTable from;
    private final BatchRelation batch;
    private final Optional<LinkedHashMap<String, String>> streamKey;
    private final EmittedRows emission;

    // Set before the plan is used; null while it is to write nothing.
    private volatile Emitter emitter;

    /** Of a join of streams, where a row comes from two events: no key of a stream's identifies it. */
    EmitPlan(ValidatedSelect validated, FromTable first) {
        this(validated, first, Optional.empty());
    }

    EmitPlan(ValidatedSelect validated, FromTable from, Stream stream) {
        this(validated, from, KeyedPlan.keyOf(validated, from, stream));
    }

    private EmitPlan(ValidatedSelect validated, FromTable from, Optional<LinkedHashMap<String, String>> streamKey) {
        this.validated = validated;
        this.from = from;
        this.streamKey = streamKey;
        View.Sql view = validated.view();
        List<String> key = view.key().isEmpty()
                ? streamKey.map(k -> List.copyOf(k.values())).orElse(List.of())
                : view.key();
        this.batch = BatchRelation.of(
                validated, from, streamKey.map(LinkedHashMap::keySet).orElse(Set.of()));
        this.emission = new EmittedRows(view, validated.columns(), key);
    }

    @Override
    public List<Column> columns() {
        return validated.columns();
    }

    @Override
    public List<String> key() {
        return emission.key();
    }

    @Override
    public Optional<EmittedRows> emission() {
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
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        EmitCause cause = EmitCause.of(rows, selected);
        List<Emitted> emitted = new ArrayList<>();
        if (events.length > 0) {
            emitted.addAll(emitted(tx, batch.bound(from, rows, events, validated.fromWhere()), cause));
        }
        if (events.length < selected.length && passesDeletes()) {
            int[] deletes = Arrays.stream(selected).filter(rows::isDelete).toArray();
            for (Row row : tx.execute(deletes(rows), batch.parameters(rows, deletes))) {
                emitted.add(new Emitted(row, cause.of(row), true));
            }
        }
        emitted.sort(Comparator.comparing(e -> e.origin().offset()));
        emit(tx, emitted);
    }

    @Override
    public void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        if (emitter != null) {
            emit(tx, emitted(tx, bound, cause));
        }
    }

    private List<Emitted> emitted(Tx tx, BoundSelect bound, EmitCause cause) {
        List<Emitted> emitted = new ArrayList<>();
        for (Row row : tx.execute(mergeStatement(bound), bound.parameters().get())) {
            emitted.add(new Emitted(row, cause.of(row), false));
        }
        return emitted;
    }

    private void emit(Tx tx, List<Emitted> emitted) {
        if (!emitted.isEmpty()) {
            emitter.emitInTransaction(tx, emitted);
        }
    }

    private boolean passesDeletes() {
        return streamKey
                .map(k -> List.copyOf(k.values()).equals(emission.key()))
                .orElse(false);
    }

    @Override
    public String kept() {
        return "Every row that the SELECT makes of an event goes to the topic, through leat.outbox; nothing is kept here.";
    }

    @Override
    public List<String> statements(Rows rows) {
        String statement = mergeStatement(batch.bound(from, rows, new int[0], validated.fromWhere()));
        return passesDeletes() ? List.of(statement, deletes(rows)) : List.of(statement);
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        String alias = Sql.quote(bound.by().alias());
        return "WITH " + bound.with() + ",\n_result AS (SELECT " + validated.items() + ", " + alias + "._partition, "
                + alias + "._offset, " + alias + "._timestamp\n" + bound.fromWhere() + ")\nSELECT "
                + emission.selected() + ", _partition, _offset, _timestamp FROM _result ORDER BY _partition, _offset";
    }

    private String deletes(Rows rows) {
        LinkedHashMap<String, String> names = new LinkedHashMap<>();
        streamKey.orElseThrow().forEach((column, name) -> names.put(name, column));
        return "WITH " + batch.with(rows) + "\nSELECT "
                + emission.selected(name -> names.containsKey(name) ? Sql.quote(names.get(name)) : "NULL")
                + ", _partition, _offset, _timestamp FROM " + Sql.quote(batch.stream()) + " ORDER BY _offset";
    }
}
