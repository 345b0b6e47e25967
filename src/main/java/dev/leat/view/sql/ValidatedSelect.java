package dev.leat.view.sql;

import dev.leat.pipeline.Names;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.table.PgTypes;
import dev.leat.view.sql.resolve.Resolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.sf.jsqlparser.expression.Function;

/**
 * A SELECT that Postgres has accepted, without stars, and what is known of it.
 *
 * @param edits the places where Postgres gets something else than the user's text
 * @param resolution what Postgres says that it means
 */
record ValidatedSelect(
        View.Sql view, SelectText text, FromClause fromClause, TextEdits edits, Resolution resolution, DryRun dryRun) {

    /** Postgres's type of each result column, by name, in order. */
    LinkedHashMap<String, String> types() {
        LinkedHashMap<String, String> types = new LinkedHashMap<>();
        resolution.columns().forEach(column -> types.put(column.name(), column.type()));
        return types;
    }

    /** The result columns' names, in the order of {@link SelectText#items}. */
    List<String> names() {
        return List.copyOf(types().keySet());
    }

    /** What a reader sees of them. */
    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        types().forEach((name, type) -> columns.add(new Column(name, type(name, type), false, "")));
        return columns;
    }

    /** The same, and the view's own after them. */
    List<Column> columnsAnd(List<Column> own) {
        List<Column> columns = columns();
        columns.addAll(own);
        return columns;
    }

    ColumnType type(String name, String type) {
        if (name.equals("?column?")) {
            throw text.source().complaint("a column has no name; give it one with AS");
        }
        Names.problemOfResult(name).ifPresent(problem -> {
            throw text.source().complaint("column `" + name + "` " + problem + "; call it otherwise");
        });
        return PgTypes.of(type).orElseThrow(() -> text.source()
                .complaint("column `" + name + "` is of type " + type
                        + ", which readers don't know; cast it, for instance to text"));
    }

    String edited(TextSpan piece) {
        return edits.apply(text.source().text(), piece);
    }

    /** FROM and WHERE. */
    String fromWhere() {
        return edited(text.from())
                + text.where().map(where -> "\n" + edited(where)).orElse("");
    }

    /** The same SELECT as if its LEFT JOIN of streams were an inner one. */
    ValidatedSelect inner(StreamJoin join) {
        TextEdits inner = new TextEdits().replaceAll(edits);
        join.outer().ifPresent(left -> inner.replace(left, ""));
        return new ValidatedSelect(view, text, fromClause, inner, resolution, dryRun);
    }

    /** The stream's columns that the SELECT uses, anywhere. */
    List<Column> used(FromTable stream) {
        String name = stream.relation().name();
        Set<String> used = resolution.columnsOf(name);
        return stream.relation().starred().stream()
                .filter(c -> used.contains(c.name()) || resolution.usesWhole(name))
                .toList();
    }

    /** A function that makes several rows of an event, as {@code unnest}, in what is selected or in FROM. */
    Optional<String> multiplies() {
        List<String> names = new ArrayList<>();
        text.items().forEach(item -> ExpressionParts.of(text, item.tree().getExpression())
                .calls()
                .forEach(call -> names.add(call.name())));
        Map<String, DryRun.FunctionTraits> known = dryRun.functions(names);
        return Stream.concat(
                        FromClause.functions(text).stream().map(Function::getName),
                        names.stream()
                                .filter(n ->
                                        known.containsKey(n) && known.get(n).multiplies()))
                .findFirst();
    }

    /** What is selected, each under its name. */
    String items() {
        List<String> items = new ArrayList<>();
        List<String> names = names();
        for (int i = 0; i < names.size(); i++) {
            items.add(edited(text.items().get(i).expression()) + " AS " + Sql.quote(names.get(i)));
        }
        return String.join(", ", items);
    }

    /** The columns as readers are to see them, out of a table that has them under the same names. */
    static String cast(List<Column> columns) {
        return Sql.list(columns, c -> Sql.quote(c.name()) + "::" + c.type().postgres() + " AS " + Sql.quote(c.name()));
    }

    Map<String, String> describe(String select) {
        return dryRun.columns(select);
    }
}
