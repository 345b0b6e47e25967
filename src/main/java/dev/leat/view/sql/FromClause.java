package dev.leat.view.sql;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.PipelineException;
import dev.leat.pipeline.View;
import dev.leat.pipeline.sql.TablesFinder;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Column;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.TableFunction;

/** What a SELECT reads. */
final class FromClause {

    private final SelectText text;
    private final List<FromTable> tables = new ArrayList<>();
    private final List<Table> named = new ArrayList<>();

    /** @throws PipelineException when it reads a stream in a way that can't be kept current */
    FromClause(SelectText text, Map<String, Relation> relations) {
        this.text = text;
        PlainSelect select = text.select();
        if (select.getFromItem() != null) {
            add(select.getFromItem(), relations);
        }
        text.joins().forEach(join -> add(join.getFromItem(), relations));
        findNamed();
        requireStreamsInFront(relations);
    }

    /** Functions that are read as a table. */
    static List<Function> functions(SelectText text) {
        List<FromItem> items = new ArrayList<>();
        items.add(text.select().getFromItem());
        text.joins().forEach(join -> items.add(join.getFromItem()));
        return items.stream()
                .filter(TableFunction.class::isInstance)
                .map(item -> ((TableFunction) item).getFunction())
                .toList();
    }

    private void add(FromItem item, Map<String, Relation> relations) {
        switch (item) {
            case Table table -> {
                String name = SelectText.unquoted(table.getName());
                String alias = table.getAlias() == null
                        ? name
                        : SelectText.unquoted(table.getAlias().getName());
                tables.add(new FromTable(relations.get(name), alias, TextSpan.of(table)));
            }
            case TableFunction ignored -> {}
            default ->
                throw text.source()
                        .complaint("a SELECT within FROM can't be kept current; declare it as a view of its own and"
                                + " read that: " + item);
        }
    }

    private void findNamed() {
        new TablesFinder() {
            @Override
            public <S> Void visit(Table table, S context) {
                named.add(table);
                return super.visit(table, context);
            }
        }.getTables((net.sf.jsqlparser.statement.Statement) text.statement());
    }

    private void requireStreamsInFront(Map<String, Relation> relations) {
        Set<Integer> inFront = tables.stream().map(t -> t.place().begin()).collect(Collectors.toSet());
        for (Table table : named) {
            Relation relation = relations.get(SelectText.unquoted(table.getName()));
            if (relation != null
                    && relation.isStream()
                    && !inFront.contains(TextSpan.of(table).begin())) {
                throw text.complaint(
                        TextSpan.of(table),
                        "stream `" + relation.name()
                                + "` is read in a SELECT within the SELECT; a stream may only be"
                                + " in FROM or JOIN: declare a `latest` or `log` view of it and read that");
            }
        }
    }

    SelectText text() {
        return text;
    }

    boolean isLeftJoined(FromTable table) {
        return text.outer(table.place()).isPresent();
    }

    /** The streams, each once. */
    List<FromTable> streams() {
        Set<String> seen = new HashSet<>();
        for (FromTable table : tables) {
            if (table.relation().isStream() && !seen.add(table.relation().name())) {
                throw text.complaint(
                        table.place(),
                        "stream `" + table.relation().name()
                                + "` is joined with itself; declare a `log` view of it, and join the stream with that");
            }
        }
        return tables.stream().filter(t -> t.relation().isStream()).toList();
    }

    /** A view that it joins and that has a row of each event: several of them may match. */
    Optional<String> viewOfEachEvent(Pipeline pipeline) {
        return tables.stream()
                .map(table -> table.relation().name())
                .filter(name -> switch (pipeline.views().get(name)) {
                    case View.Log ignored -> true;
                    case View.Sql sql -> sql.append();
                    case null, default -> false;
                })
                .findFirst();
    }

    /** How many tables, and functions that are read as one, there are. */
    int tables() {
        return 1 + text.joins().size();
    }

    /** Qualifies the views with their schema, which the SELECT doesn't name. */
    TextEdits qualified(String schema, Map<String, Relation> relations) {
        TextEdits edits = new TextEdits();
        for (Table table : named) {
            Relation relation = relations.get(SelectText.unquoted(table.getName()));
            if (relation != null && !relation.isStream()) {
                String name = Sql.quote(schema) + "." + Sql.quote(relation.name());
                TextSpan place = TextSpan.of(table);
                // The place is that of the name and, where there is one, of the alias.
                String alias = table.getAlias() == null
                        ? ""
                        : " AS "
                                + Sql.quote(SelectText.unquoted(table.getAlias().getName()));
                edits.replace(nameOf(place), name);
            }
        }
        return edits;
    }

    /** Without an alias, which a table's place may include. */
    private TextSpan nameOf(TextSpan place) {
        String name = text.text(place).split("\\s", 2)[0];
        return new TextSpan(place.begin(), place.begin() + name.length());
    }

    /** The same SELECT with each {@code *} expanded to its columns. */
    SelectText withoutStars() {
        TextEdits edits = new TextEdits();
        boolean found = false;
        for (SelectText.Item item : text.items()) {
            if (item.tree().getExpression() instanceof AllTableColumns all) {
                String alias = SelectText.unquoted(all.getTable().getName());
                edits.replace(
                        item.expression(),
                        tables.stream()
                                .filter(t -> t.alias().equals(alias))
                                .map(FromClause::columns)
                                .collect(Collectors.joining(", ")));
                found = true;
            } else if (item.tree().getExpression() instanceof AllColumns) {
                edits.replace(
                        item.expression(),
                        tables.stream().map(FromClause::columns).collect(Collectors.joining(", ")));
                found = true;
            }
        }
        if (!found) {
            return text;
        }
        var source = text.source();
        return SelectText.parse(new dev.leat.pipeline.SqlText(
                edits.apply(source.text(), text.whole()), source.file(), source.line(), source.path()));
    }

    private static String columns(FromTable table) {
        return Sql.list(table.relation().starred(), (Column c) -> Sql.quote(table.alias()) + "." + Sql.quote(c.name()));
    }
}
