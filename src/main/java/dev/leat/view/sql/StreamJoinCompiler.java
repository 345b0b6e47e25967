package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.schema.types.ColumnType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.Join;

/** Finds in a join of two streams which events match, and for how long they must be kept for that. */
final class StreamJoinCompiler {

    private final Pipeline pipeline;
    private final ValidatedSelect validated;
    private final SelectText text;
    private final FromTable left;
    private final FromTable right;
    private final Join join;

    private final List<String> leftLookup = new ArrayList<>();
    private final List<String> rightLookup = new ArrayList<>();

    StreamJoinCompiler(Pipeline pipeline, ValidatedSelect validated) {
        this.pipeline = pipeline;
        this.validated = validated;
        this.text = validated.text();
        List<FromTable> streams = validated.fromClause().streams();
        if (streams.size() > 2) {
            throw refused(
                    "it joins the streams " + String.join(", ", validated.view().streams())
                            + ", but only two can be joined at once; join them two by two, each pair"
                            + " in a view of its own, and write a view over these views");
        }
        this.left = streams.getFirst();
        this.right = streams.getLast();
        this.join = text.select().getJoins().stream()
                .filter(j -> j.getFromItem() instanceof Table table
                        && TextSpan.of(table).equals(right.place()))
                .findFirst()
                .orElseThrow();
    }

    /** @throws PipelineException when it can't be kept */
    StreamJoin compile() {
        requireEventTime(left);
        requireEventTime(right);
        if (join.isNatural()) {
            throw text.complaint(right.place(), "NATURAL JOIN doesn't say what is joined; write ON");
        }
        List<Expression> conditions = conditions();
        if (join.isLeft()) {
            requireOnlyStreams(conditions);
        }
        TimeBound bound = bound(conditions);
        findLookups(conditions);
        leftLookup.add(timeOf(left));
        rightLookup.add(timeOf(right));
        return new StreamJoin(
                left,
                right,
                text.outer(right.place()),
                text.outer(right.place()).map(o -> text.condition(right.place())),
                bound,
                leftLookup.stream().distinct().toList(),
                rightLookup.stream().distinct().toList());
    }

    private void requireEventTime(FromTable stream) {
        if (!pipeline.stream(stream.relation().name()).eventTime().isDeclared()) {
            throw text.complaint(
                    stream.place(),
                    "stream `" + stream.relation().name()
                            + "` has no `event-time:`, and streams are joined within a time; declare which of its columns"
                            + " says when an event happened, or write `materialized: true`, and all are kept");
        }
    }

    /** All that must hold of two events. WHERE doesn't decide which rows of a LEFT JOIN match. */
    private List<Expression> conditions() {
        List<Expression> conditions = new ArrayList<>();
        if (join.isLeft()) {
            join.getOnExpressions().forEach(on -> split(on, conditions));
            return conditions;
        }
        text.select().getJoins().stream().filter(j -> !j.isLeft()).forEach(j -> j.getOnExpressions()
                .forEach(on -> split(on, conditions)));
        if (text.select().getWhere() != null) {
            split(text.select().getWhere(), conditions);
        }
        return conditions;
    }

    private static void split(Expression condition, List<Expression> conditions) {
        switch (condition) {
            case AndExpression and -> {
                split(and.getLeftExpression(), conditions);
                split(and.getRightExpression(), conditions);
            }
            case ParenthesedExpressionList<?> list when list.size() == 1 -> split(list.getFirst(), conditions);
            default -> conditions.add(condition);
        }
    }

    private void requireOnlyStreams(List<Expression> conditions) {
        for (Expression condition : conditions) {
            ExpressionParts parts = ExpressionParts.of(text, condition);
            if (parts.selects() || !parts.columns().stream().allMatch(c -> isOf(c, left) || isOf(c, right))) {
                throw text.complaint(
                        right.place(),
                        "the condition of LEFT JOIN `" + right.alias() + "` may speak of `" + left.alias() + "` and `"
                                + right.alias() + "` only; write what else shall hold in WHERE");
            }
        }
    }

    private TimeBound bound(List<Expression> conditions) {
        TimeBound bound =
                new JoinBounds(text, validated.dryRun(), c -> isTime(c, left), c -> isTime(c, right)).of(conditions);
        if (!bound.isComplete()) {
            throw text.complaint(
                    right.place(),
                    "the join of streams `" + left.alias() + "` and `" + right.alias() + "` has no "
                            + (bound.from() == null ? bound.to() == null ? "" : "lower " : "upper ")
                            + "bound in their event times, so that all events would have to be kept for ever; add, for"
                            + " instance, AND " + right.alias() + "." + timeOf(right) + " BETWEEN " + left.alias() + "."
                            + timeOf(left) + " AND " + left.alias() + "." + timeOf(left)
                            + " + interval '10 minutes', or write `materialized: true`, and all are kept");
        }
        if (bound.isEmpty()) {
            throw text.complaint(
                    right.place(),
                    "the bound of the join of streams `" + left.alias() + "` and `" + right.alias()
                            + "` can never hold: its end lies before its beginning");
        }
        return bound;
    }

    private void findLookups(List<Expression> conditions) {
        boolean found = false;
        for (Expression condition : conditions) {
            if (condition instanceof EqualsTo equal) {
                found |= matches(equal.getLeftExpression(), equal.getRightExpression())
                        || matches(equal.getRightExpression(), equal.getLeftExpression());
            }
        }
        for (Column column : join.getUsingColumns()) {
            if (isOf(column, left)) {
                leftLookup.add(SelectText.unquoted(column.getColumnName()));
                rightLookup.add(SelectText.unquoted(column.getColumnName()));
                found = true;
            }
        }
        if (!found) {
            throw text.complaint(
                    right.place(),
                    "the join of streams `" + left.alias() + "` and `" + right.alias()
                            + "` lacks an equality, so that each event would match all others of its time; write ON "
                            + left.alias() + ".… = " + right.alias() + ".… AND …");
        }
    }

    /** Whether one is of the first stream and the other of the second, and they aren't just their times. */
    private boolean matches(Expression ofLeft, Expression ofRight) {
        List<Column> lefts = ExpressionParts.of(text, ofLeft).columns();
        List<Column> rights = ExpressionParts.of(text, ofRight).columns();
        if (lefts.isEmpty()
                || rights.isEmpty()
                || !lefts.stream().allMatch(c -> isOf(c, left) && !isTime(c, left))
                || !rights.stream().allMatch(c -> isOf(c, right) && !isTime(c, right))) {
            return false;
        }
        if (ofLeft instanceof Column column) {
            leftLookup.add(SelectText.unquoted(column.getColumnName()));
        }
        if (ofRight instanceof Column column) {
            rightLookup.add(SelectText.unquoted(column.getColumnName()));
        }
        return true;
    }

    /** An unqualified name can only be one table's, but for one of USING. */
    private boolean isOf(Column column, FromTable table) {
        String name = SelectText.unquoted(column.getColumnName());
        if (column.getTable() != null && column.getTable().getName() != null) {
            return SelectText.unquoted(column.getTable().getName()).equals(table.alias());
        }
        Set<String> names =
                table.relation().columns().stream().map(c -> c.name()).collect(Collectors.toSet());
        return names.contains(name);
    }

    private boolean isTime(Column column, FromTable stream) {
        String name = SelectText.unquoted(column.getColumnName());
        return isOf(column, stream) && (name.equals(timeOf(stream)) || name.equals(EventColumns.TIME.name()));
    }

    /** The column that is the event time as it is. A date or a time without a zone isn't: to compare it, Postgres asks the session. */
    private String timeOf(FromTable stream) {
        return pipeline.stream(stream.relation().name())
                .eventTime()
                .field()
                .filter(field -> stream.relation().columns().stream()
                        .anyMatch(c -> c.name().equals(field) && c.type().kind() == Kind.TIMESTAMP))
                .orElse(EventColumns.TIME.name());
    }

    private PipelineException refused(String problem) {
        return text.source().complaint(problem);
    }
}
