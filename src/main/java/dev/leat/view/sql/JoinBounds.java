package dev.leat.view.sql;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;

/** Finds how far apart in time conditions let two streams' events be, whichever way they are written. */
final class JoinBounds {

    private final SelectText text;
    private final DryRun dryRun;
    private final Predicate<Column> leftTime;
    private final Predicate<Column> rightTime;

    /**
     * @param leftTime whether a column is the first stream's event time
     * @param rightTime whether it is the second's
     */
    JoinBounds(SelectText text, DryRun dryRun, Predicate<Column> leftTime, Predicate<Column> rightTime) {
        this.text = text;
        this.dryRun = dryRun;
        this.leftTime = leftTime;
        this.rightTime = rightTime;
    }

    /** @param conditions all of which hold */
    TimeBound of(List<Expression> conditions) {
        return conditions.stream().map(this::of).reduce(TimeBound.NONE, TimeBound::and);
    }

    private TimeBound of(Expression condition) {
        return switch (condition) {
            case Between between
            when !between.isNot() && !between.isUsingSymmetric() ->
                greater(between.getLeftExpression(), between.getBetweenExpressionStart())
                        .and(greater(between.getBetweenExpressionEnd(), between.getLeftExpression()));
            case GreaterThan greater -> greater(greater.getLeftExpression(), greater.getRightExpression());
            case GreaterThanEquals greater -> greater(greater.getLeftExpression(), greater.getRightExpression());
            case MinorThan minor -> greater(minor.getRightExpression(), minor.getLeftExpression());
            case MinorThanEquals minor -> greater(minor.getRightExpression(), minor.getLeftExpression());
            case EqualsTo equal ->
                greater(equal.getLeftExpression(), equal.getRightExpression())
                        .and(greater(equal.getRightExpression(), equal.getLeftExpression()));
            default -> TimeBound.NONE;
        };
    }

    private TimeBound greater(Expression greater, Expression less) {
        List<Column> columns = ExpressionParts.of(text, greater).columns();
        columns.addAll(ExpressionParts.of(text, less).columns());
        if (columns.stream().noneMatch(leftTime) || columns.stream().noneMatch(rightTime)) {
            return TimeBound.NONE;
        }
        return term(greater)
                .flatMap(more -> term(less).map(more::minus))
                .map(TimeTerm::atLeastZero)
                .orElse(TimeBound.NONE);
    }

    private Optional<TimeTerm> term(Expression expression) {
        return switch (expression) {
            case ParenthesedExpressionList<?> list when list.size() == 1 -> term(list.getFirst());
            case Column column when leftTime.test(column) -> Optional.of(new TimeTerm(1, 0, Duration.ZERO));
            case Column column when rightTime.test(column) -> Optional.of(new TimeTerm(0, 1, Duration.ZERO));
            case Expression constant
            when ExpressionParts.of(text, constant).columns().isEmpty() -> interval(constant);
            case Addition sum -> both(sum).map(terms -> terms.getFirst().plus(terms.getLast()));
            case Subtraction difference ->
                both(difference).map(terms -> terms.getFirst().minus(terms.getLast()));
            default -> Optional.empty();
        };
    }

    private Optional<List<TimeTerm>> both(BinaryExpression expression) {
        return term(expression.getLeftExpression())
                .flatMap(left -> term(expression.getRightExpression()).map(right -> List.of(left, right)));
    }

    private Optional<TimeTerm> interval(Expression constant) {
        return dryRun.interval(constant.toString()).map(interval -> {
            if (interval.hasMonths()) {
                throw text.source()
                        .complaint("the bound " + constant
                                + " of a join counts in months, which aren't always as long; write days");
            }
            return new TimeTerm(0, 0, interval.length());
        });
    }
}
