package dev.leat.view.table;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.postgres.PostgresConfig;
import dev.leat.postgres.Sql;
import dev.leat.schema.types.Shape;
import dev.leat.view.fold.Folds;
import dev.leat.view.sql.SqlView;
import dev.leat.view.writer.Explanation;
import dev.leat.view.writer.LogWriter;
import dev.leat.view.writer.TableWriter;
import dev.leat.view.writer.ViewWriter;
import dev.leat.view.writer.history.HistoryWriter;
import dev.leat.view.writer.latest.Deletes;
import dev.leat.view.writer.latest.LatestWriter;
import dev.leat.view.writer.latest.SoftDeletes;
import dev.leat.view.writer.latest.Tombstones;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;

/** The writer of a view, by its definition. */
@ApplicationScoped
public class ViewWriters {

    private final Pipeline pipeline;
    private final PostgresConfig config;
    private final SqlViews sqlViews;
    private final Folds folds;

    ViewWriters(Pipeline pipeline, PostgresConfig config, SqlViews sqlViews, Folds folds) {
        this.pipeline = pipeline;
        this.config = config;
        this.sqlViews = sqlViews;
        this.folds = folds;
    }

    public ViewWriter of(View view) {
        return switch (view) {
            case View.OfStream ofStream -> of(ofStream);
            case View.Sql sql -> of(sql);
            case View.Fold fold -> folds.writer(fold, pipeline, table(fold));
        };
    }

    public SqlView of(View.Sql view) {
        return sqlViews.of(view);
    }

    public TableWriter of(View.OfStream view) {
        return switch (view) {
            case View.Latest latest ->
                new LatestWriter(pipeline.stream(latest.stream()), table(latest), deletes(latest));
            case View.Log log -> new LogWriter(table(log));
            case View.History history ->
                new HistoryWriter(
                        pipeline.stream(history.stream()), history, table(history), HistoryWriter.eventsOf(history));
        };
    }

    /** @throws dev.leat.schema.contract.ContractException with its place, when the view can't keep such a stream */
    void requireFit(View.OfStream view, Shape shape) {
        of(view).requireFit(shape, setting -> pipeline.at(view, setting));
    }

    /** Where a setting of the view is declared. */
    String at(View view, String setting) {
        return pipeline.at(view, setting);
    }

    private Deletes deletes(View.Latest view) {
        Stream stream = pipeline.stream(view.stream());
        return view.softDelete()
                ? new SoftDeletes(stream, table(view))
                : new Tombstones(stream, view, table(view), InstantSource.system());
    }

    /**
     * How a view is kept current.
     *
     * @param shapes what its streams look like, by name
     */
    public Explanation explain(View view, Map<String, Shape> shapes) {
        return of(view).explain(shapes);
    }

    /** The table, or the Postgres view, that readers query; qualified and quoted. */
    String table(View view) {
        return Sql.quote(config.schema()) + "." + Sql.quote(view.name());
    }
}
