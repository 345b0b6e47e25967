package dev.leat.view.table;

import dev.leat.catalog.Definitions;
import dev.leat.catalog.Generations;
import dev.leat.catalog.LaneViews;
import dev.leat.catalog.StoredDefinitions;
import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.View;
import dev.leat.postgres.Tx;
import dev.leat.view.sql.SqlView;
import dev.leat.view.time.ClosableView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/** The views in SQL that this process knows, by their definitions, and which of them are current. */
final class KnownSqlViews {

    private final Pipeline pipeline;
    private final String schema;
    private final List<View.Sql> declared;
    private final BiPredicate<Tx, View.Sql> isMadeAsKept;

    // By name and definition.
    private final Map<String, SqlView> views = new ConcurrentHashMap<>();

    // The one of each name that lanes apply their batches to; the declared one until that is known. Written in a
    // transaction in which nobody can change which one it is.
    private final Map<String, SqlView> current = new ConcurrentHashMap<>();

    // Set and read by the thread that closes views.
    private volatile boolean stale;

    /** @param isMadeAsKept whether this instance's plan of a view is for the columns that the view is kept for */
    KnownSqlViews(Pipeline pipeline, String schema, BiPredicate<Tx, View.Sql> isMadeAsKept) {
        this.isMadeAsKept = isMadeAsKept;
        this.pipeline = pipeline;
        this.schema = schema;
        this.declared = ReadingOrder.of(pipeline);
        declared.forEach(view -> use(of(view)));
    }

    /** Those of the pipeline, in the order in which they are to be created. */
    List<View.Sql> declared() {
        return declared;
    }

    SqlView of(View.Sql view) {
        return views.computeIfAbsent(
                view.name() + Definitions.write(view).encode(),
                key -> new SqlView(pipeline, schema, placed(view), tx -> isUpToDate(tx, view)));
    }

    private boolean isUpToDate(Tx tx, View.Sql view) {
        boolean isMadeAsKept = this.isMadeAsKept.test(tx, view);
        boolean isUpToDate = StoredDefinitions.isUpToDate(tx, view);
        stale |= !isMadeAsKept
                || !isUpToDate && !Generations.isGeneration(view.name()) && !StoredDefinitions.isBy(tx, view);
        return isMadeAsKept && isUpToDate;
    }

    /** With the text of the pipeline's file, if it is there, so that errors say where. */
    private View.Sql placed(View.Sql view) {
        return declared.stream()
                .filter(d -> d.name().equals(Generations.viewOf(view.name()))
                        && d.sql().text().equals(view.sql().text()))
                .findFirst()
                .map(d -> new View.Sql(
                        view.name(),
                        d.sql(),
                        view.streams(),
                        view.views(),
                        view.key(),
                        view.append(),
                        view.materialized(),
                        view.grace(),
                        view.retain(),
                        view.rememberDeletes(),
                        view.bound(),
                        view.toTopic()))
                .orElse(view);
    }

    Collection<ClosableView> closable() {
        return current.values().stream()
                .flatMap(view -> view.closable().stream())
                .toList();
    }

    void use(SqlView view) {
        current.put(view.view().name(), view);
    }

    /** Within the transaction of a batch, after the lane's views were confirmed. */
    void use(String topic, LaneViews lane, List<SqlView> all) {
        all.forEach(this::use);
        // Those that were built, or cancelled, since.
        current.values()
                .removeIf(view -> Generations.isGeneration(view.view().name())
                        && !lane.known().contains(view.view().name())
                        && pipeline.streamsOf(topic).stream()
                                .anyMatch(stream -> view.view().streams().contains(stream.name())));
    }

    /** Whether one of them was found to be replaced since the last call. */
    boolean wereReplaced() {
        if (!stale) {
            return false;
        }
        stale = false;
        return true;
    }
}
