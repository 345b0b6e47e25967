package dev.leat.view.lane.apply;

import dev.leat.catalog.Generations;
import dev.leat.pipeline.View;
import dev.leat.schema.types.Rows;
import dev.leat.view.writer.OrderedEvents;
import dev.leat.view.writer.ViewWriter;
import java.util.List;

/** A view, what applies rows to it, and whether it has refused any lately. */
public record NamedWriter(View view, ViewWriter writer, FailureCooldown cooldown) {

    public String name() {
        return view.name();
    }

    /** Whether it is a generation that isn't active yet. */
    boolean isBuilt() {
        return Generations.isGeneration(view.name());
    }

    /** Whether the order of its streams' events among each other counts. */
    public boolean isMerged() {
        return isMerged(view);
    }

    public static boolean isMerged(View view) {
        return view instanceof View.Fold;
    }

    /** The rows that the view takes of a topic's, in the order of the offsets. */
    public OrderedEvents events(List<Rows> rows) {
        return OrderedEvents.merged(rows.stream()
                .filter(r -> view.streams().contains(r.stream().name()))
                .toList());
    }
}
