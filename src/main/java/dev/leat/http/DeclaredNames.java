package dev.leat.http;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;

/** Looks up what a question names in the pipeline; a {@link Problem} that lists what is declared if it isn't there. */
public final class DeclaredNames {

    private DeclaredNames() {}

    public static Stream stream(Pipeline pipeline, String name) {
        if (!pipeline.streams().containsKey(name)) {
            throw Problem.unknown("stream", name, pipeline.streams().keySet());
        }
        return pipeline.stream(name);
    }

    public static View view(Pipeline pipeline, String name) {
        if (!pipeline.views().containsKey(name)) {
            throw Problem.unknown("view", name, pipeline.views().keySet());
        }
        return pipeline.views().get(name);
    }
}
