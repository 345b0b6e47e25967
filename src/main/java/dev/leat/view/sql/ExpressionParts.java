package dev.leat.view.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.ArrayExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitorAdapter;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.TimeKeyExpression;
import net.sf.jsqlparser.expression.TrimFunction;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.Select;

/** The calls and columns in an expression. */
final class ExpressionParts extends ExpressionVisitorAdapter<Void> {

    private final SelectText text;
    private final Predicate<Call> within;
    private final List<Call> calls = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();
    private final List<String> clocks = new ArrayList<>();
    private boolean selects;

    private ExpressionParts(SelectText text, Predicate<Call> within) {
        this.text = text;
        this.within = within;
    }

    /** Everything in it. */
    static ExpressionParts of(SelectText text, Expression expression) {
        return of(text, expression, call -> true);
    }

    /** @param within whether to look at the arguments of a call too */
    static ExpressionParts of(SelectText text, Expression expression, Predicate<Call> within) {
        ExpressionParts parts = new ExpressionParts(text, within);
        expression.accept(parts, null);
        return parts;
    }

    List<Call> calls() {
        return calls;
    }

    List<Column> columns() {
        return columns;
    }

    /** {@code current_timestamp} and its like, which are no functions to the parser. */
    List<String> clocks() {
        return clocks;
    }

    /** Whether there is a SELECT in it. */
    boolean selects() {
        return selects;
    }

    @Override
    public <S> Void visit(Function function, S context) {
        Call call = Call.of(text, function);
        calls.add(call);
        return within.test(call) ? super.visit(function, context) : null;
    }

    @Override
    public <S> Void visit(AnalyticExpression expression, S context) {
        Call call = Call.of(text, expression);
        calls.add(call);
        return within.test(call) ? super.visit(expression, context) : null;
    }

    /** As {@code trim(both from x)}, which the parser's own visitor fails at. */
    @Override
    public <S> Void visit(TrimFunction trim, S context) {
        visit(trim.getExpression(), context);
        visit(trim.getFromExpression(), context);
        return null;
    }

    /** As {@code x[2:]}, which the parser's own visitor fails at. */
    @Override
    public <S> Void visit(ArrayExpression array, S context) {
        visit(array.getObjExpression(), context);
        visit(array.getIndexExpression(), context);
        visit(array.getStartIndexExpression(), context);
        visit(array.getStopIndexExpression(), context);
        return null;
    }

    private <S> void visit(Expression expression, S context) {
        if (expression != null) {
            expression.accept(this, context);
        }
    }

    @Override
    public <S> Void visit(Column column, S context) {
        columns.add(column);
        return null;
    }

    @Override
    public <S> Void visit(TimeKeyExpression clock, S context) {
        clocks.add(clock.getStringValue());
        return null;
    }

    @Override
    public <S> Void visit(ParenthesedSelect select, S context) {
        selects = true;
        return null;
    }

    @Override
    public <S> Void visit(Select select, S context) {
        selects = true;
        return null;
    }
}
