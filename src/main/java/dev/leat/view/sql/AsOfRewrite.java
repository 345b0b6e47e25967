package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.SqlText;
import dev.leat.pipeline.View;
import dev.leat.view.sql.resolve.Resolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.PlainSelect;

/**
 * Rewrites {@code as_of(z, r.at)}, that row {@code z} of a history was valid at that time, to comparisons, for which Postgres
 * can use an index.
 */
final class AsOfRewrite {

    private static final String NAME = "as_of";

    private final SelectText text;
    private final Pipeline pipeline;
    private final Map<String, String> tables = new HashMap<>();

    private AsOfRewrite(SelectText text, Pipeline pipeline) {
        this.text = text;
        this.pipeline = pipeline;
    }

    /** @throws dev.leat.pipeline.PipelineException when it is asked of something else than a history */
    static SelectText writtenOut(SelectText text, Pipeline pipeline) {
        return text.statement() instanceof PlainSelect ? new AsOfRewrite(text, pipeline).writtenOut() : text;
    }

    private SelectText writtenOut() {
        List<Expression> expressions = new ArrayList<>();
        PlainSelect select = text.select();
        expressions.addAll(text.expressions());
        expressions.addAll(FromClause.functions(text));
        if (select.getGroupBy() != null) {
            select.getGroupBy().getGroupByExpressionList().forEach(group -> expressions.add((Expression) group));
        }
        add(select.getFromItem());
        text.joins().forEach(join -> add(join.getFromItem()));
        TextEdits edits = new TextEdits();
        boolean found = false;
        for (Expression expression : expressions) {
            for (Call call : ExpressionParts.of(text, expression).calls()) {
                if (call.name().equals(NAME)) {
                    edits.replace(call.place(), condition(call));
                    found = true;
                }
            }
        }
        SqlText source = text.source();
        return found
                ? SelectText.parse(new SqlText(
                        edits.apply(source.text(), text.whole()), source.file(), source.line(), source.path()))
                : text;
    }

    /** Postgres says whether one is left, at a place where the parser doesn't see it. */
    static void requireNoneLeft(SelectText text, Resolution resolution) {
        if (resolution.calls(NAME)) {
            throw text.source()
                    .complaint(
                            "as_of() isn't understood at this place; write valid_from <= moment AND (valid_to IS NULL OR"
                                    + " moment < valid_to)");
        }
    }

    private void add(FromItem item) {
        if (item instanceof Table table) {
            String name = SelectText.unquoted(table.getName());
            String alias = table.getAlias() == null
                    ? name
                    : SelectText.unquoted(table.getAlias().getName());
            tables.put(alias, name);
        }
    }

    private String condition(Call call) {
        List<TextSpan> arguments = text.commaSeparated(call.arguments());
        String alias = text.text(arguments.getFirst());
        String table = tables.get(SelectText.unquoted(alias));
        if (!(pipeline.views().get(table) instanceof View.History)) {
            throw text.complaint(
                    call.place(),
                    "as_of() asks what was valid at a time, which only a `history` view knows, and `" + alias
                            + "` isn't one; declare " + (table == null ? "one" : "`history:` of its stream")
                            + " and join that");
        }
        String moment = "(" + text.text(arguments.getLast()) + ")";
        return "(" + alias + ".valid_from <= " + moment + " AND (" + alias + ".valid_to IS NULL OR " + moment + " < "
                + alias + ".valid_to))";
    }
}
