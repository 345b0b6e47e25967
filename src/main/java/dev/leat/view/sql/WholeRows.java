package dev.leat.view.sql;

import dev.leat.pipeline.SqlText;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.Expression;

/**
 * Writes out whole rows of streams, as in {@code to_jsonb(rides)}: a batch brings columns of Leat's own along, which aren't the
 * stream's.
 */
final class WholeRows {

    /** After {@code r} in {@code (r).id}, which is but a column. */
    private static final Pattern FIELD = Pattern.compile("\\s*\\)\\s*\\.");

    private WholeRows() {}

    static SelectText writtenOut(SelectText text, FromClause from) {
        TextEdits edits = new TextEdits();
        boolean found = false;
        for (FromTable stream : from.streams()) {
            for (TextSpan place : places(text, stream)) {
                edits.replace(place, row(stream));
                found = true;
            }
        }
        SqlText source = text.source();
        return found
                ? SelectText.parse(new SqlText(
                        edits.apply(source.text(), text.whole()), source.file(), source.line(), source.path()))
                : text;
    }

    private static List<TextSpan> places(SelectText text, FromTable stream) {
        List<Expression> expressions = new ArrayList<>(text.expressions());
        if (text.select().getGroupBy() != null) {
            text.select().getGroupBy().getGroupByExpressionList().forEach(e -> expressions.add((Expression) e));
        }
        expressions.addAll(FromClause.functions(text));
        return expressions.stream()
                .flatMap(e -> ExpressionParts.of(text, e).columns().stream())
                .filter(column -> column.getTable() == null
                        && SelectText.unquoted(column.getColumnName()).equals(stream.alias()))
                .map(TextSpan::of)
                .filter(place -> !FIELD.matcher(text.source().text().substring(place.end()))
                        .lookingAt())
                .toList();
    }

    private static String row(FromTable stream) {
        String columns = stream.relation().starred().stream()
                .map(Column::name)
                .map(name -> Sql.quote(stream.alias()) + "." + Sql.quote(name))
                .collect(Collectors.joining(", "));
        return "(SELECT _whole FROM (SELECT " + columns + ") AS _whole)";
    }
}
