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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One row a group. The SELECT aggregates a batch to partial results, which are merged into the existing ones. That is done in
 * the order of the groups, so that lanes that share groups don't deadlock.
 */
final class GroupedPlan extends GroupsPlan {

    private final FromTable stream;
    private final BatchRelation batch;
    private final Optional<LocalAggregation> localAggregation;

    // Set before the plan is used; null where nothing is emitted.
    private volatile Emitter emitter;

    GroupedPlan(ValidatedSelect validated, FromTable stream, Groups groups, String table) {
        this(validated, stream, groups, table(validated, groups, table));
    }

    private GroupedPlan(ValidatedSelect validated, FromTable stream, Groups groups, SqlStateTable state) {
        super(validated, groups.guarded(state, validated.types()), state, DistinctValues.of(groups, state));
        this.stream = stream;
        this.batch = BatchRelation.of(validated, stream);
        this.localAggregation = LocalAggregation.of(validated, stream, groups, state);
    }

    @Override
    public List<Column> columns() {
        return validated.columnsAnd(groups.keys().isEmpty() ? List.of(Groups.ALL) : List.of());
    }

    @Override
    public Optional<String> visible() {
        return Optional.of("SELECT " + groups.selected(validated.columns())
                + (groups.keys().isEmpty() ? ", " + Groups.ALL.name() : "") + " FROM " + state.name()
                + groups.shownWhere().map(having -> " WHERE " + having).orElse(""));
    }

    /** Without groups there is always a row: of nothing, {@code count(*)} is 0. */
    @Override
    public Optional<String> beginning() {
        if (!groups.keys().isEmpty()) {
            return Optional.empty();
        }
        String nothing = validated.fromClause().streams().stream()
                .map(s -> BatchRelation.of(validated, s).withNothing())
                .collect(Collectors.joining(", "));
        return Optional.of("WITH " + nothing + "\nINSERT INTO " + state.name() + " ("
                + Sql.list(List.copyOf(state.columns().keySet()), Sql::quote) + ")\n"
                + groups.partials(validated.fromWhere()) + "\nON CONFLICT DO NOTHING");
    }

    @Override
    public void applyInTransaction(Tx tx, Rows rows, int[] selected) {
        int[] events = VisibleEvents.withoutDeletes(rows, selected);
        if (events.length == 0) {
            return;
        }
        Optional<Tuple> aggregated = localAggregation.flatMap(r -> r.parameters(rows, events));
        if (aggregated.isPresent()) {
            apply(tx, mergePartials(localAggregation.get().select(rows)), aggregated.get(), EmitCause.of(rows, events));
        } else {
            mergeInTransaction(
                    tx, batch.bound(stream, rows, events, validated.fromWhere()), EmitCause.of(rows, events));
        }
    }

    @Override
    public void mergeInTransaction(Tx tx, BoundSelect bound, EmitCause cause) {
        if (distinct.isEmpty()) {
            apply(tx, mergeStatement(bound), bound.parameters().get(), cause);
            return;
        }
        tx.submit(mergeStatement(bound), bound.parameters().get());
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
        return validated
                .view()
                .toTopic()
                .map(t -> new EmittedRows(
                        validated.view(),
                        validated.columns(),
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
                .map(e -> "\nRETURNING " + e.selected(groups::shown) + ", coalesce("
                        + groups.shownWhere().orElse("true") + ", false) AS _shown")
                .orElse("");
    }

    @Override
    public String kept() {
        return "One row a group. A batch is aggregated by the SELECT itself, and its partial results are merged into the existing ones. Deletes change nothing.";
    }

    @Override
    public Map<String, String> rules() {
        return groups.description();
    }

    @Override
    public List<String> statements(Rows rows) {
        BoundSelect bound = batch.bound(stream, rows, new int[0], validated.fromWhere());
        return localAggregation.isPresent() && localAggregation.get().isApplicable(rows)
                ? List.of(mergePartials(localAggregation.get().select(rows)))
                : mergeStatements(bound);
    }

    @Override
    public List<String> retainedState() {
        List<String> retainedState = new ArrayList<>();
        retainedState.add(state.name() + " keeps the groups and the parts of their aggregates: "
                + String.join(", ", state.columns().keySet()) + "; groups are never cleaned up");
        companions()
                .forEach(seen -> retainedState.add(seen.name() + " keeps each value that a group has had, once, for"
                        + " count(DISTINCT …); never cleaned up"));
        return retainedState;
    }

    @Override
    public String mergeStatement(BoundSelect bound) {
        return "WITH " + bound.with() + "\n" + mergePartials(groups.partials(bound.fromWhere()));
    }

    /** @param partials a SELECT of the state's columns, a row a group */
    private String mergePartials(String partials) {
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
