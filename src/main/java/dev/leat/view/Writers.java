package dev.leat.view;

import dev.leat.pipeline.Pipeline;
import dev.leat.view.ViewApplication.NamedWriter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What applies rows to views, by stream. */
@ApplicationScoped
class Writers {

    private final Map<String, List<NamedWriter>> byStream;

    Writers(Pipeline pipeline, ViewTables tables) {
        this.byStream = pipeline.streams().values().stream()
                .collect(Collectors.toMap(s -> s.name(), s -> pipeline.viewsOf(s).stream()
                        .map(v -> new NamedWriter(v, tables.writer(v), new Wariness()))
                        .toList()));
    }

    List<NamedWriter> of(String stream) {
        return byStream.get(stream);
    }
}
