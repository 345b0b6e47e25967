package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.schema.Column;
import dev.leat.schema.Shape;
import dev.leat.view.outbox.Emitters;
import dev.leat.view.sql.SqlView;
import dev.leat.view.statement.Tx;
import dev.leat.view.time.ClosableView;
import dev.leat.view.time.ClosableViews;
import dev.leat.view.writer.ViewWriter;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The views in SQL: makes each as soon as all that it reads stands, those that others read first. */
@ApplicationScoped
class SqlViews implements ClosableViews {

    private static final String SELECT_COLUMNS = "SELECT name, columns FROM leat.view WHERE name = ANY ($1)";
    private static final String SAVE_VIEW = """
            INSERT INTO leat.view AS v (name, kind, streams, table_name, key, columns, version)
            VALUES ($1, $2, $3, $4, $5, $6, nextval('leat.view_version'))
            ON CONFLICT (name) DO UPDATE
            SET columns = excluded.columns, key = excluded.key, version = excluded.version, updated_at = now()
            WHERE (v.columns, v.key) IS DISTINCT FROM (excluded.columns, excluded.key)
            """;

    private final Pipeline pipeline;
    private final Transactions transactions;
    private final Emitters emitters;
    private final Map<String, SqlView> views = new LinkedHashMap<>();

    private final List<ClosableView> closable;

    // What each view was made for. Lanes race here only to do the same thing twice.
    private final Map<String, Inputs> made = new ConcurrentHashMap<>();

    private record Inputs(Map<String, Shape> streams, Map<String, List<Column>> views) {}

    SqlViews(Pipeline pipeline, ViewConfig config, Transactions transactions, Emitters emitters) {
        this.pipeline = pipeline;
        this.transactions = transactions;
        this.emitters = emitters;
        for (View.Sql view : inOrder()) {
            views.put(view.name(), new SqlView(pipeline, config.schema(), view));
        }
        closable = views.values().stream()
                .flatMap(view -> view.closable().stream())
                .toList();
    }

    @Override
    public Collection<ClosableView> closableViews() {
        return closable;
    }

    ViewWriter writer(View.Sql view) {
        return views.get(view.name());
    }

    /** A view stands behind those that it reads. */
    private List<View.Sql> inOrder() {
        List<View.Sql> ordered = new ArrayList<>();
        List<View.Sql> left = new ArrayList<>();
        pipeline.views().values().forEach(v -> {
            if (v instanceof View.Sql sql) {
                left.add(sql);
            }
        });
        while (!left.isEmpty()) {
            List<View.Sql> next = left.stream()
                    .filter(v -> left.stream().noneMatch(other -> v.views().contains(other.name())))
                    .toList();
            if (next.isEmpty()) {
                throw left.getFirst()
                        .sql()
                        .complaint("views "
                                + String.join(
                                        ", ", left.stream().map(View.Sql::name).toList())
                                + " read each other in a circle");
            }
            ordered.addAll(next);
            left.removeAll(next);
        }
        return ordered;
    }

    /** @param shapes what the streams look like, as far as their contracts are known */
    void ensure(Map<String, Shape> shapes) {
        for (SqlView view : views.values()) {
            if (shapes.keySet().containsAll(view.view().streams())) {
                transactions.run(tx -> ensureInTransaction(tx, view, shapes)).ifPresent(inputs -> {
                    view.connect(emitters);
                    made.put(view.view().name(), inputs);
                });
            }
        }
    }

    /** What the view was made for; empty when that is so already, or something that it reads isn't there yet. */
    private Optional<Inputs> ensureInTransaction(Tx tx, SqlView sqlView, Map<String, Shape> shapes) {
        View.Sql view = sqlView.view();
        Map<String, List<Column>> read = columns(tx, view.views());
        Map<String, Shape> streams = new HashMap<>();
        view.streams().forEach(s -> streams.put(s, shapes.get(s)));
        Inputs inputs = new Inputs(streams, read);
        if (!read.keySet().containsAll(view.views()) || inputs.equals(made.get(view.name()))) {
            return Optional.empty();
        }
        tx.execute(ViewTables.LOCK);
        sqlView.ensureInTransaction(tx, streams, read).ifPresent(result -> save(tx, view, result));
        return Optional.of(inputs);
    }

    private void save(Tx tx, View.Sql view, SqlView.Made result) {
        Tuple parameters = Tuple.tuple()
                .addValue(view.name())
                .addValue(view.kind())
                .addValue(allStreams(view).toArray(String[]::new))
                .addValue(result.table())
                .addValue(result.key().toArray(String[]::new))
                .addValue(CatalogColumns.write(result.columns()));
        tx.execute(SAVE_VIEW, parameters);
    }

    /** Its own, and those of the views that it reads. */
    private List<String> allStreams(View view) {
        List<String> all = new ArrayList<>(view.streams());
        if (view instanceof View.Sql sql) {
            sql.views().forEach(name -> all.addAll(allStreams(pipeline.views().get(name))));
        }
        return all.stream().distinct().toList();
    }

    private static Map<String, List<Column>> columns(Tx tx, List<String> views) {
        Map<String, List<Column>> columns = new HashMap<>();
        if (!views.isEmpty()) {
            for (Row row : tx.execute(SELECT_COLUMNS, Tuple.of(views.toArray(String[]::new)))) {
                columns.put(row.getString("name"), CatalogColumns.read(row.getJsonArray("columns")));
            }
        }
        return columns;
    }
}
