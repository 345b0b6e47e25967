package dev.leat.view.sql.delta.text;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Item;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes stars out: what a table has beside the columns that the user knows must not come in by them. */
public final class Stars {

    private final Texts texts;
    private final Probe probe;
    private final Function<String, Input> inputs;

    public Stars(Texts texts, Probe probe, Function<String, Input> inputs) {
        this.texts = texts;
        this.probe = probe;
        this.inputs = inputs;
    }

    /** From the inside out. */
    public void expand(Query query) {
        switch (query) {
            case SetOperation operation -> {
                expand(operation.left());
                expand(operation.right());
            }
            case Select select -> expand(select);
        }
    }

    private void expand(Select select) {
        select.from().forEach(element -> {
            if (element.source() instanceof Query.SubQuery sub) {
                expand(sub.query());
            }
        });
        select.links().forEach(link -> expand(link.query()));
        for (Item item : select.items()) {
            item.star()
                    .ifPresent(star -> texts.expand(
                            item,
                            select.from().stream()
                                    .filter(e -> star.of().isEmpty()
                                            || star.of().get().equals(e.alias()))
                                    .flatMap(this::columns)
                                    .toList()));
        }
    }

    private Stream<String> columns(FromElement element) {
        String alias = Sql.quote(element.alias());
        if (element.columns().isPresent()) {
            return Stream.of(alias + ".*");
        }
        return switch (element.source()) {
            case Table table -> inputs.apply(table.name()).columns().stream().map(c -> alias + "." + Sql.quote(c));
            case Query.SubQuery sub -> names(sub.query()).stream().map(c -> alias + "." + Sql.quote(c));
            case Query.Function function -> Stream.of(alias + ".*");
        };
    }

    /** By Postgres; of a query that reads what stands before it, by what it says itself. */
    private List<String> names(Query query) {
        return probe.columnsIfAny(texts.query(query, Texts.NAMES))
                .map(columns -> List.copyOf(columns.keySet()))
                .orElseGet(() -> written(query));
    }

    private List<String> written(Query query) {
        return switch (query) {
            case SetOperation operation -> written(operation.left());
            case Select select -> {
                List<String> names = new ArrayList<>();
                select.items()
                        .forEach(item -> names.add(item.name().orElseGet(() -> {
                            String expression = texts.as(item.expression());
                            String last = expression.substring(expression.lastIndexOf('.') + 1);
                            return last.replace("\"", "");
                        })));
                yield names;
            }
        };
    }
}
