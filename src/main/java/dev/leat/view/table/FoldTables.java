package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.CatalogRows;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.View;
import dev.leat.postgres.Sql;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.view.fold.Folds;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Creates the tables of folds as their entities are mapped, and adds the columns that an entity has got since. A column
 * that an entity has no longer stays, and is null from then on.
 */
final class FoldTables {

    private FoldTables() {}

    /**
     * @param hash of the declared view, stored with a new table
     * @throws ContractException when the view exists with another key, or columns of other types
     */
    static void ensureInTransaction(Tx tx, View.Fold view, Folds.Table wanted, String table, String hash) {
        Optional<Row> there = CatalogRows.find(tx, view.name());
        if (there.isEmpty()) {
            create(tx, view, wanted, table, hash);
            return;
        }
        Row row = there.get();
        if (!row.getString("kind").equals(view.kind())) {
            if (row.getJsonObject("definition") == null) {
                requireSame(view, "kind", row.getString("kind"), view.kind());
            }
            // A rebuild replaces it.
            return;
        }
        requireSame(view, "key", Arrays.asList(row.getArrayOfStrings("key")), wanted.key());
        grow(tx, view, CatalogColumns.read(row.getJsonArray("columns")), wanted, table);
    }

    static void create(Tx tx, View.Fold view, Folds.Table wanted, String table, String hash) {
        List<String> columns = new ArrayList<>();
        wanted.columns().forEach(c -> columns.add(definition(c) + (c.required() ? " NOT NULL" : "")));
        tx.execute("CREATE TABLE " + table + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                + Sql.list(wanted.key(), Sql::quote) + "))");
        CatalogRows.save(tx, view, table, wanted.key(), wanted.columns());
        StoredDefinitions.saveDefinition(tx, view, hash);
    }

    private static void grow(Tx tx, View.Fold view, List<Column> there, Folds.Table wanted, String table) {
        List<Column> all = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        for (Column column : there) {
            Column now = named(column.name(), wanted.columns());
            Column kept = now == null ? column.optional() : merged(view, column, now);
            all.add(kept);
            if (!kept.type().equals(column.type())) {
                changes.add("ALTER COLUMN " + Sql.quote(column.name()) + " TYPE "
                        + kept.type().postgres());
            }
            if (column.required() && !kept.required()) {
                changes.add("ALTER COLUMN " + Sql.quote(column.name()) + " DROP NOT NULL");
            }
        }
        for (Column column : wanted.columns()) {
            if (named(column.name(), there) == null) {
                // Existing states have nothing in it.
                all.add(column.optional());
                changes.add("ADD COLUMN " + definition(column));
            }
        }
        if (!changes.isEmpty()) {
            tx.execute("ALTER TABLE " + table + " " + String.join(", ", changes));
            CatalogRows.save(tx, view, table, wanted.key(), all);
        }
    }

    private static Column merged(View.Fold view, Column there, Column now) {
        ColumnType wide = there.type().widenedFor(now.type()).orElse(null);
        if (wide == null) {
            requireSame(
                    view,
                    "column " + there.name(),
                    there.type().postgres(),
                    now.type().postgres());
        }
        return new Column(there.name(), wide, there.required() && now.required(), there.doc());
    }

    private static Column named(String name, List<Column> columns) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
    }

    private static String definition(Column column) {
        return Sql.quote(column.name()) + " " + column.type().postgres();
    }

    private static void requireSame(View.Fold view, String what, Object there, Object declared) {
        if (!there.equals(declared)) {
            throw new ContractException("view " + view.name() + " exists in Postgres with " + what + " " + there
                    + ", but the pipeline and the fold's entity say " + declared
                    + "; give the view another name and restart; DELETE /api/views/" + view.name()
                    + " drops this one then");
        }
    }
}
