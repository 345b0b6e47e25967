package dev.leat.view.lane.apply;

import dev.leat.catalog.LaneViews;
import dev.leat.pipeline.Stream;
import dev.leat.view.sql.SqlView;
import dev.leat.view.table.ViewTables;
import java.util.Comparator;
import java.util.List;

/** The views that a lane applies its events to: those that are declared, in their order, then all others. */
public final class LiveViews {

    private final ViewTables tables;
    private final String topic;
    private final LaneViews known;
    private final List<NamedWriter> all;
    private final List<NamedWriter> lagging;

    /** @param lagging those that the lane doesn't apply its events to yet */
    LiveViews(ViewTables tables, String topic, LaneViews known, List<NamedWriter> all, List<NamedWriter> lagging) {
        this.tables = tables;
        this.topic = topic;
        this.known = known;
        this.all = all;
        this.lagging = lagging;
    }

    /** The views that take the stream's events alone. */
    public List<NamedWriter> ofStream(Stream stream) {
        return all.stream()
                .filter(w -> !w.isMerged() && w.view().streams().contains(stream.name()))
                // Rows that other lanes change too are locked last, and so for the shortest time.
                .sorted(Comparator.comparing(w -> w.writer().sharesRows()))
                .toList();
    }

    /** Those that take all of a topic's events that are theirs, in the order of the offsets. */
    public List<NamedWriter> merged() {
        return all.stream().filter(NamedWriter::isMerged).toList();
    }

    /** Whether a view has refused an event lately. */
    public boolean areCoolingDown() {
        return all.stream().anyMatch(view -> view.cooldown().isOn());
    }

    /** Tells the SQL views that these are the lane's. Within a transaction that holds the lane's checkpoint. */
    public void activate() {
        List<SqlView> sql = java.util.stream.Stream.concat(all.stream(), lagging.stream())
                .map(NamedWriter::writer)
                .filter(SqlView.class::isInstance)
                .map(SqlView.class::cast)
                .toList();
        tables.use(topic, known, sql);
    }
}
