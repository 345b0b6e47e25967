package dev.leat.view.sql.delta;

import dev.leat.pipeline.sql.Query.SubLink;
import dev.leat.pipeline.sql.Query.Table;
import dev.leat.pipeline.sql.QueryTables;
import dev.leat.view.sql.delta.text.Texts;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What stands in the place of each table while the keys are looked for that one statement touches.
 *
 * <p>Conditions with a query that reads what changed are left out: after the change nobody knows whether they held before. What
 * is found without them is more, never less. Where the changed table is read a second time, it has the rows that went as well:
 * rows that belonged together may have gone together.
 */
final class Bindings {

    private final Table changed;
    private final String rows;
    private final Texts.Binding full;
    private final Predicate<Table> isRelated;
    private final Optional<String> gone;

    /**
     * @param rows those that came and went
     * @param full everything that is there now
     * @param isRelated whether a table may change in the same statement
     * @param gone the rows that went; empty where none do
     */
    Bindings(Table changed, String rows, Texts.Binding full, Predicate<Table> isRelated, Optional<String> gone) {
        this.changed = changed;
        this.rows = rows;
        this.full = full;
        this.isRelated = isRelated;
        this.gone = gone;
    }

    Table changed() {
        return changed;
    }

    /** What is there now, without the conditions that the change may have turned. */
    Texts.Binding certain() {
        return new WithoutUncertain(full);
    }

    /** The rows that came and went, in the place of the table that changed. */
    Texts.Binding delta() {
        return new WithoutUncertain(table -> {
            if (table == changed) {
                return rows;
            }
            return gone.filter(r -> table.name().equals(changed.name()))
                    .map(r -> "(SELECT * FROM " + full.apply(table) + " AS _f UNION ALL SELECT * FROM " + r + " AS _g)")
                    .orElseGet(() -> full.apply(table));
        });
    }

    private final class WithoutUncertain implements Texts.Binding {

        private final Texts.Binding tables;

        private WithoutUncertain(Texts.Binding tables) {
            this.tables = tables;
        }

        @Override
        public String apply(Table table) {
            return tables.apply(table);
        }

        @Override
        public boolean isUncertain(SubLink link) {
            return QueryTables.in(link.query()).stream().anyMatch(isRelated);
        }
    }
}
