package dev.leat.view.lane;

import dev.leat.catalog.LaneViews;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.ViewTables;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The views that a lane applies its events to: those that are declared, in their order, then all others.
 *
 * @see LaneWriters#live
 */
public final class LiveViews {

    private final ViewTables tables;
    private final String topic;
    private final LaneViews standing;
    private final List<NamedWriter> all;
    private final List<NamedWriter> behind;

    /** @param behind those that the lane doesn't apply its events to yet */
    LiveViews(ViewTables tables, String topic, LaneViews standing, List<NamedWriter> all, List<NamedWriter> behind) {
        this.tables = tables;
        this.topic = topic;
        this.standing = standing;
        this.all = all;
        this.behind = behind;
    }

    /** The views that take the stream's events alone. */
    public List<NamedWriter> ofStream(dev.leat.pipeline.Stream stream) {
        return all.stream()
                .filter(w ->
                        !LaneWriters.isMerged(w.view()) && w.view().streams().contains(stream.name()))
                // Rows that other lanes change too are locked last, and so for the shortest time.
                .sorted(Comparator.comparing(w -> w.writer().sharesRows()))
                .toList();
    }

    /** Those that take all of a topic's events that are theirs in the order of the offsets. */
    public List<NamedWriter> merged() {
        return all.stream().filter(w -> LaneWriters.isMerged(w.view())).toList();
    }

    /** Whether none has lately met an event that it couldn't hold. */
    boolean areTrusted() {
        return all.stream().noneMatch(view -> view.wariness().isRaised());
    }

    /** Within the transaction of a batch, once it is known that these are the lane's. */
    public void serve() {
        List<SqlView> sql = Stream.concat(all.stream(), behind.stream())
                .map(NamedWriter::writer)
                .filter(SqlView.class::isInstance)
                .map(SqlView.class::cast)
                .toList();
        tables.use(topic, standing, sql);
    }
}
