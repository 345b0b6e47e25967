package dev.leat.view.lane;

import dev.leat.catalog.Generations;
import dev.leat.pipeline.View;
import dev.leat.view.writer.ViewWriter;

/** A view and what applies rows to it. */
public record NamedWriter(View view, ViewWriter writer, FailureCooldown wariness) {

    public String name() {
        return view.name();
    }

    /** Whether it is a generation that isn't served yet. */
    boolean isBuilt() {
        return Generations.isGeneration(view.name());
    }
}
