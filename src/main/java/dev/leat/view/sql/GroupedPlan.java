package dev.leat.view.sql;

import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.view.outbox.Emitter;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row a group. A batch is aggregated by the SELECT itself, to parts of the aggregates; those are merged into the parts
 * that stand there, in the order of the groups, so that lanes that share groups don't run into a deadlock.
 */
final class GroupedPlan implements Plan {

    private final ValidatedSelect checked;
    private final FromTable stream;
    private final Groups groups;
    private final BatchRelation batch;
    private final SqlStateTable state;
    private final List<DistinctValues> distinct;
    private final Optional<LocalAggregation> reduction;

    // Set before the plan is used; null where nothing is emitted.
    private volatile Emitter emitter;

    GroupedPlan(ValidatedSelect checked, FromTable stream, Groups groups, String table) {
        this.checked = checked;
        this.stream = stream;
        this.groups = groups;
        this.batch = new BatchRelation(stream.relation().name(), checked.used(stream));
        this.state = new SqlStateTable(
                table, new LinkedHashMap<>(checked.describe(groups.partials(checked.fromWhere()))), groups.stateKey());
        this.distinct = DistinctValues.of(groups, state);
        this.reduction = LocalAggregation.of(checked, stream, groups, state);
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>(checked.columns());
        if (groups.keys().isEmpty()) {
            columns.add(Groups.ALL);
        }
        return columns;
    }

    @Override
    public List<String> key() {
        return groups.stateKey();
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    @Override
    public Optional<SqlStateTable> state() {
        return Optional.of(state);
    }

    @Override
    public List<SqlStateTable> companions() {
        return distinct.stream().map(DistinctValues::seen).toList();
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + groups.selected(checked.columns())
                + (groups.keys().isEmpty() ? ", " + Groups.ALL.name() : "") + " FROM " + state.name()
                + groups.having().map(having -> " WHERE " + having).orElse(""));
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        if (events.length == 0) {
            return;
        }
        Optional<Tuple> reduced = reduction.flatMap(r -> r.parameters(rows, events));
        if (reduced.isPresent()) {
            apply(tx, merging(reduction.get().select(rows)), reduced.get(), EmitCause.of(rows, events));
        } else {
            mergeInTransaction(tx, batch.bound(stream, rows, events, checked.fromWhere()), EmitCause.of(rows, events));
        }
    }

    @Override
    public void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        if (distinct.isEmpty()) {
            apply(tx, merging(bound), bound.parameters().get(), cause);
            return;
        }
        tx.submit(merging(bound), bound.parameters().get());
        distinct.forEach(values -> values.applyInTransaction(tx, bound));
        if (emitsChanges()) {
            emit(tx, cause, tx.execute(reread(bound), bound.parameters().get()));
        }
    }

    private void apply(Tx tx, String merging, Tuple parameters, EmitCause cause) {
        if (emitsChanges()) {
            emit(tx, cause, tx.execute(merging, parameters));
        } else {
            tx.submit(merging, parameters);
        }
    }

    @Override
    public Optional<EmittedRows> emission() {
        return checked.view()
                .toTopic()
                .map(t -> new EmittedRows(
                        checked.view(),
                        checked.columns(),
                        List.copyOf(groups.keys().keySet())));
    }

    @Override
    public void emitTo(Emitter connected) {
        emitter = connected;
    }

    private boolean emitsChanges() {
        return emitter != null && emission().filter(EmittedRows::isOfChanges).isPresent();
    }

    /** A group that HAVING hides now is gone for those who read the topic. */
    private void emit(Tx tx, EmitCause cause, RowSet<Row> changed) {
        List<Emitter.Emitted> emitted = new ArrayList<>();
        for (Row row : changed) {
            emitted.add(new Emitter.Emitted(row, cause.all(), !row.getBoolean("_shown")));
        }
        emitter.emitInTransaction(tx, emitted);
    }

    private String returning() {
        return emission()
                .filter(e -> emitsChanges())
                .map(e -> "\nRETURNING " + e.selected(groups.visible()::get) + ", coalesce("
                        + groups.having().orElse("true") + ", false) AS _shown")
                .orElse("");
    }

    @Override
    public String kept() {
        return "One row a group. A batch is aggregated by the SELECT itself, and its partial results are merged into those that"
                + " stand there. Deletes change nothing.";
    }

    @Override
    public Map<String, String> rules() {
        return groups.words();
    }

    @Override
    public List<String> statements(Rows rows) {
        BoundSelect bound = batch.bound(stream, rows, new int[0], checked.fromWhere());
        return reduction.isPresent() && reduction.get().isApplicable(rows)
                ? List.of(merging(reduction.get().select(rows)))
                : mergingAll(bound);
    }

    @Override
    public List<String> mergingAll(BoundSelect bound) {
        List<String> statements = new ArrayList<>(List.of(merging(bound)));
        distinct.forEach(values -> statements.add(values.statement(bound)));
        return statements;
    }

    @Override
    public List<String> memory() {
        List<String> memory = new ArrayList<>();
        memory.add(state.name() + " keeps the groups and the parts of their aggregates: "
                + String.join(", ", state.columns().keySet()) + "; groups are never cleaned up");
        companions()
                .forEach(seen -> memory.add(seen.name() + " keeps each value that a group has had, once, for"
                        + " count(DISTINCT …); never cleaned up"));
        return memory;
    }

    @Override
    public String merging(BoundSelect bound) {
        return "WITH " + bound.with() + "\n" + merging(groups.partials(bound.fromWhere()));
    }

    /** @param partials a SELECT of the state's columns, a row a group */
    private String merging(String partials) {
        return groups.merge(state, partials) + returning();
    }

    /** What the batch's groups are once their distinct values are counted: as conflicts, for null is a group too. */
    private String reread(BoundSelect bound) {
        String key = Sql.list(groups.stateKey(), Sql::quote);
        String first = Sql.quote(groups.stateKey().getFirst());
        return "WITH " + bound.with() + "\nINSERT INTO " + state.name() + " AS _old (" + key + ")\nSELECT " + key
                + " FROM (" + groups.partials(bound.fromWhere()) + ") AS _groups ORDER BY " + key + "\nON CONFLICT ("
                + key + ") DO UPDATE SET " + first + " = _old." + first + returning();
    }
}
