package dev.leat.pipeline.sql;

import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import java.util.ArrayList;
import java.util.List;

/** Which streams and views queries read. */
public final class QueryTables {

    private QueryTables() {}

    /** Their names, each once, in the order of the text. */
    public static List<String> of(String text) {
        return in(QueryParser.parse(text)).stream().map(Table::name).distinct().toList();
    }

    /** All that a query reads, each in its place, at any depth. */
    public static List<Table> in(Query query) {
        List<Table> tables = new ArrayList<>();
        collect(query, tables);
        return tables;
    }

    private static void collect(Query query, List<Table> tables) {
        switch (query) {
            case Select select -> {
                select.from().forEach(e -> {
                    if (e.source() instanceof Table table) {
                        tables.add(table);
                    } else if (e.source() instanceof Query.SubQuery sub) {
                        collect(sub.query(), tables);
                    }
                });
                select.links().forEach(link -> collect(link.query(), tables));
            }
            case SetOperation operation -> {
                collect(operation.left(), tables);
                collect(operation.right(), tables);
            }
        }
    }
}
