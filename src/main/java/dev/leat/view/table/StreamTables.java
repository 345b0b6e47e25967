package dev.leat.view.table;

import dev.leat.catalog.CatalogColumns;
import dev.leat.catalog.CatalogRows;
import dev.leat.catalog.ColumnDdl;
import dev.leat.catalog.Definitions;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.DependentViews;
import dev.leat.postgres.Sql;
import dev.leat.postgres.SqlState;
import dev.leat.postgres.Tx;
import dev.leat.schema.contract.ContractException;
import dev.leat.schema.types.Column;
import dev.leat.schema.types.ColumnType;
import dev.leat.schema.types.Shape;
import dev.leat.schema.types.table.PgArrays;
import dev.leat.view.writer.TableWriter;
import dev.leat.view.writer.UnfitView;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates the tables of views that hold a stream's own columns, and adds the columns that its events have got since.
 * Widens a column when a contract's type was promoted; never drops, narrows or renames one. All within transactions that
 * hold a lock of {@link ColumnDdl}.
 */
@ApplicationScoped
class StreamTables {

    private final ViewWriters writers;
    private final DeclaredDefinitions definitions;

    StreamTables(ViewWriters writers, DeclaredDefinitions definitions) {
        this.writers = writers;
        this.definitions = definitions;
    }

    /**
     * Creates the view's table, unless it exists already, or a rebuild creates it with its history.
     *
     * @throws ContractException when it exists as a view that only reads other views
     */
    void ensureInTransaction(Tx tx, Stream stream, View.OfStream view, Shape shape) {
        writers.requireFit(view, shape);
        Optional<Row> there = CatalogRows.find(tx, view.name());
        if (there.isEmpty()) {
            if (!StoredDefinitions.isRebuilt(tx, view.name())) {
                create(tx, stream, view, shape);
            }
        } else if (there.get().getJsonObject("definition") == null) {
            requireSameKind(view, there.get().getString("kind"));
        }
    }

    /** Creates a view's table and its entry in the catalogue. Neither may exist. */
    void create(Tx tx, Stream stream, View.OfStream view, Shape shape) {
        TableWriter writer = writers.of(view);
        List<String> columns = new ArrayList<>();
        for (Column column : shape.columns()) {
            columns.add(ColumnDdl.definition(column) + (stream.key().contains(column.name()) ? " NOT NULL" : ""));
        }
        for (Column own : writer.ownColumns(shape.columns())) {
            columns.add(ColumnDdl.definition(own) + (own.required() ? " NOT NULL" : ""));
        }
        tx.execute("CREATE TABLE " + writers.table(view) + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                + Sql.list(writer.key(), Sql::quote) + "))");
        writer.createCompanions(tx, shape);
        save(tx, stream, view, shape.columns());
    }

    /**
     * Adds the columns that events have got since to an existing view of the stream. Its definition is read after the lock
     * is taken: a rebuild may have replaced the view just before.
     */
    void growInTransaction(Tx tx, Stream stream, String name, Shape shape) {
        CatalogRows.find(tx, name).ifPresent(there -> {
            if (Definitions.read(name, there.getJsonObject("definition")) instanceof View.OfStream view) {
                writers.of(view).ensureCompanions(tx, shape);
                grow(tx, stream, view, CatalogColumns.read(there.getJsonArray("columns")), shape);
            }
        });
    }

    private void grow(Tx tx, Stream stream, View.OfStream view, List<Column> catalogued, Shape shape) {
        TableWriter writer = writers.of(view);
        List<Column> all = new ArrayList<>();
        List<Column> widened = new ArrayList<>();
        for (Column there : catalogued) {
            if (writer.isOwn(there)) {
                continue;
            }
            Column now = shape.has(there.name()) ? merged(view, there, shape.column(there.name())) : there.optional();
            all.add(now);
            if (!now.type().postgres().equals(there.type().postgres())) {
                widened.add(now);
            }
        }
        List<Column> added = new ArrayList<>(shape.columns());
        added.removeIf(column -> catalogued.stream().anyMatch(c -> c.name().equals(column.name())));
        all.addAll(added);
        if (writer.catalogued(all, stream).equals(catalogued)) {
            return;
        }
        try {
            alter(tx, view, added, widened);
            writer.growCompanions(tx, added, widened);
        } catch (PgException refused) {
            boolean isOfView = DependentViews.areInTheWay(refused) || SqlState.UNIQUE_VIOLATION.isOf(refused);
            throw isOfView ? unfit(view, added, widened, refused) : refused;
        }
        save(tx, stream, view, all);
    }

    /** Views of Postgres over the table would keep it as it is: they are created again over the wider columns. */
    private void alter(Tx tx, View view, List<Column> added, List<Column> widened) {
        String table = writers.table(view);
        if (widened.isEmpty()) {
            ColumnDdl.alter(tx, table, added, widened);
            return;
        }
        // Readers are waited for before the lock for views in SQL is taken, for that is everybody's.
        if (DependentViews.lock(tx, table)) {
            ColumnDdl.lock(tx);
        }
        DependentViews dependents = DependentViews.drop(tx, table);
        ColumnDdl.alter(tx, table, added, widened);
        dependents.createAgain(tx);
    }

    /** What somebody has made over the view's table depends on a column: the detail names it. */
    private static UnfitView unfit(View view, List<Column> added, List<Column> widened, PgException refused) {
        List<Column> changed = widened.isEmpty() ? added : widened;
        return new UnfitView(
                view.name(),
                "view " + view.name() + " can't get "
                        + Sql.list(
                                changed,
                                c -> "column " + c.name() + " as " + c.type().postgres())
                        + ": " + refused.getErrorMessage()
                        + (refused.getDetail() == null ? "" : ": " + refused.getDetail())
                        + (SqlState.UNIQUE_VIOLATION.isOf(refused)
                                ? "; two rows would have one key: remove one of them and resume the view"
                                : "; drop that and resume the view, and it gets what it has missed"));
    }

    /** What an existing column becomes, now that events have this one. */
    private Column merged(View view, Column there, Column column) {
        ColumnType type = there.type()
                .widenedFor(column.type())
                .filter(wide -> PgArrays.isStorable(column.type(), wide))
                .orElse(null);
        if (type == null) {
            requireSame(
                    view,
                    "column " + there.name(),
                    there.type().postgres(),
                    column.type().postgres());
            // Two kinds of value may look the same in Postgres.
            requireSame(
                    view,
                    "column " + there.name(),
                    there.type().kind(),
                    column.type().kind());
        }
        return new Column(there.name(), type, there.required() && column.required(), there.doc());
    }

    private void save(Tx tx, Stream stream, View.OfStream view, List<Column> ofStream) {
        TableWriter writer = writers.of(view);
        CatalogRows.save(tx, view, writers.table(view), writer.key(), writer.catalogued(ofStream, stream));
        StoredDefinitions.saveDefinition(tx, view, definitions.hash(view));
    }

    private void requireSameKind(View view, String there) {
        if (!there.equals(view.kind())) {
            throw new ContractException(writers.at(view, view.kind()) + ": the view exists in Postgres as a `" + there
                    + "` view that only reads others; give this one another name; DELETE /api/views/" + view.name()
                    + " drops that one then");
        }
    }

    private void requireSame(View view, String what, Object there, Object declared) {
        if (!there.equals(declared)) {
            throw new UnfitView(
                    view.name(),
                    "view " + view.name() + " exists in Postgres with " + what + " " + there
                            + ", but the pipeline says " + declared + "; give the view another name and restart; DELETE"
                            + " /api/views/" + view.name() + " drops this one then");
        }
    }
}
