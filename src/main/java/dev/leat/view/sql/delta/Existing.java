package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import java.util.List;
import java.util.Optional;

/** Conditions that are true where a query within an expression reads rows that came or went. */
final class Existing {

    private final Texts texts;
    private final Kinds kinds;
    private final Table changed;
    private final Changes changes;
    private final Texts.Binding full;
    private final Texts.Binding delta;

    /**
     * @param full everything
     * @param delta the rows that came and went, in the place of the table that changed
     */
    Existing(Texts texts, Kinds kinds, Table changed, Changes changes, Texts.Binding full, Texts.Binding delta) {
        this.texts = texts;
        this.kinds = kinds;
        this.changed = changed;
        this.changes = changes;
        this.full = full;
        this.delta = delta;
    }

    /** The condition that a query within an expression reads rows that came or went. */
    Optional<String> of(Query query, Optional<String> tested) {
        if (query instanceof SetOperation operation) {
            return of(Kinds.reads(operation.left(), changed) ? operation.left() : operation.right(), tested);
        }
        Select select = (Select) query;
        String equal = tested.filter(
                        t -> kinds.isLinear(select) && select.items().size() == 1)
                .filter(t -> select.items().getFirst().star().isEmpty())
                .map(t -> "(" + t + ") = (" + texts.expressions(select, full).getFirst() + ")")
                .orElse("");
        for (int i = 0; i < select.from().size(); i++) {
            FromElement element = select.from().get(i);
            if (Kinds.reads(element.source(), changed)) {
                int at = i;
                return Kinds.hasOuter(select.from())
                        ? Optional.empty()
                        : changes.of(element.source())
                                .map(s -> exists(select, Changes.replaced(select.from(), at, element.of(s)), equal));
            }
        }
        return select.links().stream()
                .filter(link -> Kinds.reads(link.query(), changed))
                .findFirst()
                .flatMap(link -> of(link.query(), link.tested().map(texts::as)))
                .map(inner -> "EXISTS (SELECT" + texts.from(select, select.from(), full) + "\nWHERE " + inner
                        + (equal.isEmpty() ? "" : " AND " + equal) + ")");
    }

    private String exists(Select select, List<FromElement> from, String equal) {
        String where = texts.where(select, delta);
        String and = equal.isEmpty() ? "" : where.isEmpty() ? "\nWHERE " + equal : " AND " + equal;
        return "EXISTS (SELECT" + texts.from(select, from, delta)
                + (and.startsWith(" AND")
                        ? "\nWHERE (" + where.substring("\nWHERE ".length()) + ")" + and
                        : where + and)
                + ")";
    }
}
