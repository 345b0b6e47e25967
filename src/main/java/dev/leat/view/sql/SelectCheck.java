package dev.leat.view.sql;

import dev.leat.pipeline.PipelineException;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;

/** Refuses what can't be kept current as events come, with the reason and, where there is one, the way to write it. */
final class SelectCheck {

    private final SelectText text;

    SelectCheck(SelectText text) {
        this.text = text;
    }

    /** What the shape of the statement tells. */
    void requireOneSelect() {
        Select statement = text.statement();
        if (!(statement instanceof PlainSelect select)) {
            throw refused(
                    "UNION and its like can't be kept current; declare a view for each SELECT, and a view over them");
        }
        if (statement.getWithItemsList() != null) {
            throw refused("WITH can't be kept current; declare what it names as a view of its own");
        }
        if (statement.getOrderByElements() != null
                || statement.getLimit() != null
                || statement.getFetch() != null
                || statement.getOffset() != null) {
            throw refused(
                    "ORDER BY, LIMIT and OFFSET belong to the question, not to the view: `?order=…&limit=…`, or a view over"
                            + " this one");
        }
        if (statement.getForMode() != null) {
            throw refused("FOR UPDATE has no meaning in a view; leave it out");
        }
        if (select.getDistinct() != null) {
            throw refused("DISTINCT can't be kept current; write GROUP BY with the same columns");
        }
        if (select.getGroupBy() != null
                && !select.getGroupBy().getGroupingSets().isEmpty()) {
            throw refused("GROUPING SETS can't be kept current; declare a view for each of them");
        }
        if (select.getQualify() != null || select.getWindowDefinitions() != null) {
            throw refused("window functions need all rows; ask for them in a view over a `log` or `latest` view");
        }
        for (Join join : text.joins()) {
            if (join.isRight() || join.isFull()) {
                throw refused("RIGHT and FULL JOIN can't be kept current; begin with the stream and write LEFT JOIN");
            }
        }
    }

    /** Postgres's own window functions; those that make windows of time are grouped by. */
    void requireNoWindowFunction() {
        text.expressions().stream()
                .flatMap(expression -> ExpressionParts.of(text, expression).calls().stream())
                .filter(Call::isWindow)
                .findFirst()
                .ifPresent(call -> {
                    throw text.complaint(
                            call.place(),
                            "a window function (OVER) needs all rows; ask for it in a view over a `log` or `latest` view");
                });
    }

    private PipelineException refused(String problem) {
        return text.source().complaint(problem);
    }
}
