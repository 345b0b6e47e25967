package dev.leat.view.sql.resolve.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Expressions of one query in a form in which the same one is an equal node: without places in the text, and with what a group
 * stands for instead of the reference to the group that Postgres has from 18 on.
 */
public final class Expressions {

    /** Places in the text, and how it was written. */
    private static final Set<String> WRITTEN = Set.of(
            "location",
            "list_start",
            "list_end",
            "varnosyn",
            "varattnosyn",
            "funcformat",
            "coerceformat",
            "relabelformat",
            "row_format",
            "resname",
            "resorigtbl",
            "resorigcol",
            "stmt_location",
            "stmt_len",
            "aggno",
            "aggtransno");

    private static final String OF_GROUPS = "9";

    private final int groups;
    private final List<PgNode> grouped;

    public Expressions(PgNode query) {
        List<PgNode> table = query.nodes("rtable");
        int found = 0;
        List<PgNode> expressions = List.of();
        for (int i = 0; i < table.size(); i++) {
            if (table.get(i).text("rtekind").equals(Optional.of(OF_GROUPS))) {
                found = i + 1;
                expressions = table.get(i).nodes("groupexprs");
            }
        }
        this.groups = found;
        this.grouped = expressions;
    }

    public PgNode plain(PgNode expression) {
        return (PgNode) plain(expression, 0);
    }

    private Object plain(Object value, int depth) {
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(item, depth)));
            return items;
        }
        if (!(value instanceof PgNode node)) {
            return value;
        }
        if (groups > 0 && node.is("VAR") && node.number("varno") == groups && node.number("varlevelsup") == depth) {
            return plain(grouped.get((int) node.number("varattno") - 1), depth);
        }
        int within = node.is("QUERY") ? depth + 1 : depth;
        Map<String, Object> fields = new LinkedHashMap<>();
        node.fields().forEach((field, fieldValue) -> {
            if (!WRITTEN.contains(field)) {
                fields.put(field, plain(fieldValue, within));
            }
        });
        return new PgNode(node.name(), fields);
    }
}
