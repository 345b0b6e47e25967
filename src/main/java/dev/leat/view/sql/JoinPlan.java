package dev.leat.view.sql;

import dev.leat.pipeline.Stream;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.Rows;
import dev.leat.view.outbox.Emitter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two joined streams. Each pair of events counts once, when the later of the two is applied. An unmatched event of a LEFT
 * JOIN counts by itself once nothing can match it any more. Batches of the view are applied one at a time, or two of them
 * could miss each other's events.
 *
 * <p>An event that is older than what the view is closed through is late: its match may already be deleted.
 */
final class JoinPlan implements Plan {

    private final ValidatedSelect validated;
    private final StreamJoin join;
    private final Plan rows;
    private final JoinSide left;
    private final JoinSide right;
    private final String leftTopic;
    private final String pairs;
    private final JoinLateness lateness;

    /**
     * @param first the stream that the SELECT names first
     * @param rows how the rows are kept that the join yields, or where they go
     * @param window by which the rows are grouped
     * @param table of the state, qualified and quoted; the tables of events are named after it
     */
    JoinPlan(
            ValidatedSelect validated,
            StreamJoin join,
            Stream first,
            Plan rows,
            Optional<GroupedWindow> window,
            String table) {
        this.validated = validated;
        this.join = join;
        this.rows = rows;
        this.leftTopic = first.topic();
        this.left = JoinSide.of(
                validated,
                join.left(),
                SqlStateTable.beside(table, join.left().relation().name()),
                join.keepsLeft(),
                join.leftLookup(),
                join.isOuter(),
                window(window, join.left()));
        this.right = JoinSide.of(
                validated,
                join.right(),
                SqlStateTable.beside(table, join.right().relation().name()),
                join.keepsRight(),
                join.rightLookup(),
                false,
                window(window, join.right()));
        this.pairs = validated.inner(join).fromWhere();
        this.lateness = JoinLateness.of(validated, join);
    }

    private static Optional<Window> window(Optional<GroupedWindow> grouped, FromTable stream) {
        return grouped.filter(g -> g.stream().equals(stream)).map(GroupedWindow::window);
    }

    @Override
    public List<Column> columns() {
        return rows.columns();
    }

    @Override
    public List<String> key() {
        return rows.key();
    }

    @Override
    public boolean sharesRows() {
        return true;
    }

    @Override
    public Optional<SqlStateTable> state() {
        return rows.state();
    }

    @Override
    public Map<String, Guard> guards() {
        return rows.guards();
    }

    @Override
    public List<SqlStateTable> companions() {
        return rows.companions();
    }

    @Override
    public Optional<String> beginning() {
        return rows.beginning();
    }

    @Override
    public Optional<EmittedRows> emission() {
        return rows.emission();
    }

    /** Its own events are forgotten whenever it is closed. */
    @Override
    public Optional<FinalRows> finalRows() {
        return rows.finalRows()
                .map(ofRows -> new FinalRows(through -> through, ofRows.rows(), ofRows.clearing(), ofRows.retention()));
    }

    @Override
    public void emitTo(Emitter emitter) {
        rows.emitTo(emitter);
    }

    @Override
    public List<JoinSide> sides() {
        return List.of(left, right);
    }

    @Override
    public Optional<String> visible() {
        return rows.visible();
    }

    @Override
    public void applyInTransaction(Tx tx, Rows batch, int[] selected) {
        boolean isLeft = batch.stream().name().equals(left.name());
        JoinSide own = isLeft ? left : right;
        JoinSide other = isLeft ? right : left;
        int[] events = lateness.withoutLate(tx, own, batch, VisibleEvents.withoutDeletes(batch, selected));
        if (events.length == 0) {
            return;
        }
        tx.submit(save(own, batch), own.batch().parameters(batch, events));
        if (!isLeft && join.isOuter()) {
            tx.submit(match(batch), right.batch().parameters(batch, events));
        }
        rows.mergeInTransaction(tx, pairs(own, other, batch, events), EmitCause.of(batch, events));
    }

    private String save(JoinSide own, Rows batch) {
        return own.save(batch, own == left && join.isOuter() ? matched() : "");
    }

    private BoundSelect pairs(JoinSide own, JoinSide other, Rows batch, int[] events) {
        return new BoundSelect(
                own.withBatch(batch) + ", " + other.withKept(),
                pairs,
                () -> own.batch().parameters(batch, events),
                own.stream());
    }

    @Override
    public String kept() {
        return rows.kept() + " What is an event there is a pair of events of " + left.name() + " and " + right.name()
                + ", which counts when the later one is applied"
                + (join.isOuter()
                        ? ", or an event of " + left.name() + " without a match, once nothing can match it any more."
                        : ".");
    }

    @Override
    public Map<String, String> rules() {
        return rows.rules();
    }

    @Override
    public List<String> statements(Rows batch) {
        boolean isLeft = batch.stream().name().equals(left.name());
        JoinSide own = isLeft ? left : right;
        List<String> statements = new ArrayList<>(List.of(save(own, batch)));
        if (!isLeft && join.isOuter()) {
            statements.add(match(batch));
        }
        statements.addAll(rows.mergeStatements(pairs(own, isLeft ? right : left, batch, new int[0])));
        return statements;
    }

    @Override
    public List<String> retainedState() {
        List<String> retainedState = new ArrayList<>(rows.retainedState());
        for (JoinSide side : sides()) {
            retainedState.add(side.state().name() + " keeps events of " + side.name()
                    + " until the view is closed through " + side.keep() + " after their time");
        }
        return retainedState;
    }

    /** Whether an event of the first stream finds one of the second. */
    private String matched() {
        return "EXISTS (SELECT 1 FROM " + right.state().name() + " AS "
                + Sql.quote(right.stream().alias()) + " WHERE " + condition() + ")";
    }

    /** Notes which events of the first stream those of a batch of the second find. */
    private String match(Rows batch) {
        String alias = Sql.quote(left.stream().alias());
        return "WITH " + right.batch().with(batch) + "\nUPDATE " + left.state().name() + " AS " + alias + " SET "
                + JoinSide.MATCHED + " = true FROM " + Sql.quote(right.name()) + " AS "
                + Sql.quote(right.stream().alias()) + "\nWHERE NOT " + alias + "." + JoinSide.MATCHED + " AND "
                + condition();
    }

    private String condition() {
        return "(" + validated.edited(join.condition().orElseThrow()) + ")";
    }

    /**
     * What can't match any more goes, some of it; what never matched goes to the rows first.
     *
     * @return whether there may be more
     */
    boolean closeSomeInTransaction(Tx tx, Instant through) {
        if (join.isOuter()) {
            rows.mergeInTransaction(
                    tx, left.unmatched(through, right, validated.fromWhere()), EmitCause.closing(leftTopic, through));
            if (left.forgetUnmatchedInTransaction(tx, through)) {
                return true;
            }
        }
        boolean moreOfLeft = left.forgetInTransaction(tx, through);
        boolean moreOfRight = right.forgetInTransaction(tx, through);
        return moreOfLeft || moreOfRight;
    }
}
