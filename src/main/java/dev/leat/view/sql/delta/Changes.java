package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query;
import dev.leat.pipeline.sql.Query.FromElement;
import dev.leat.pipeline.sql.Query.Join;
import dev.leat.pipeline.sql.Query.Select;
import dev.leat.pipeline.sql.Query.SetOperation;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.view.sql.delta.text.Kinds;
import dev.leat.view.sql.delta.text.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Queries that give what came and went, once one of their tables is replaced by the rows that did. */
final class Changes {

    private final Texts texts;
    private final Kinds kinds;
    private final Table changed;

    Changes(Texts texts, Kinds kinds, Table changed) {
        this.texts = texts;
        this.kinds = kinds;
        this.changed = changed;
    }

    /** The same with the rows that came and went; empty where that isn't how its rows change. */
    Optional<Query.Source> of(Query.Source source) {
        return switch (source) {
            case Table table -> Optional.of(table);
            case Query.SubQuery sub -> of(sub.query()).map(q -> new Query.SubQuery(q, sub.place()));
            case Query.Function function -> Optional.empty();
        };
    }

    private Optional<Query> of(Query query) {
        if (!kinds.isLinear(query)) {
            return Optional.empty();
        }
        return switch (query) {
            case SetOperation operation ->
                of(Kinds.reads(operation.left(), changed) ? operation.left() : operation.right());
            case Select select -> changesOf(select);
        };
    }

    private Optional<Query> changesOf(Select select) {
        for (int i = 0; i < select.from().size(); i++) {
            FromElement element = select.from().get(i);
            if (Kinds.reads(element.source(), changed)) {
                if (Kinds.hasOuter(select.from())) {
                    return Optional.empty();
                }
                int at = i;
                return of(element.source()).map(s -> texts.like(select, replaced(select.from(), at, element.of(s))));
            }
        }
        return Optional.empty();
    }

    /** With rows that are there in any case, so that no other rows come out. */
    static List<FromElement> replaced(List<FromElement> from, int at, FromElement element) {
        List<FromElement> replaced = new ArrayList<>(from);
        Join join = element.join();
        replaced.set(
                at,
                switch (join) {
                    case LEFT -> element.joined(Join.INNER);
                    case FULL -> element.joined(Join.RIGHT);
                    default -> element;
                });
        if (at == 0 && from.size() == 2) {
            FromElement other = from.get(1);
            if (other.join() == Join.RIGHT) {
                replaced.set(1, other.joined(Join.INNER));
            } else if (other.join() == Join.FULL) {
                replaced.set(1, other.joined(Join.LEFT));
            }
        }
        return replaced;
    }
}
