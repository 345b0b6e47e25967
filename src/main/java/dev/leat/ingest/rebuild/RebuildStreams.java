package dev.leat.ingest.rebuild;

import dev.leat.pipeline.Pipeline;
import dev.leat.pipeline.Stream;
import dev.leat.pipeline.View;
import dev.leat.schema.Contracts;
import dev.leat.schema.KnownColumns;
import dev.leat.schema.types.Shape;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The streams that a rebuilt view reads, with the columns that any instance has given their views. Blocks. */
@ApplicationScoped
class RebuildStreams {

    private final Pipeline pipeline;
    private final Contracts contracts;
    private final KnownColumns known;

    RebuildStreams(Pipeline pipeline, Contracts contracts, KnownColumns known) {
        this.pipeline = pipeline;
        this.contracts = contracts;
        this.known = known;
    }

    Map<String, List<Stream>> byTopic(View view) {
        return view.streams().stream()
                .map(pipeline::stream)
                .collect(Collectors.groupingBy(Stream::topic, TreeMap::new, Collectors.toList()));
    }

    /** Those of one topic, with their columns up to date. */
    List<Stream> ofTopic(View view, String topic) {
        List<Stream> streams = byTopic(view).get(topic);
        streams.forEach(this::learnColumns);
        return streams;
    }

    /**
     * The columns of all streams, by name.
     *
     * @throws CannotRebuild the only stream has had no event yet
     */
    Map<String, Shape> shapes(View view) {
        Map<String, Shape> shapes = new TreeMap<>();
        for (String name : view.streams()) {
            Stream stream = pipeline.stream(name);
            learnColumns(stream);
            shapes.put(name, contracts.shape(stream).orElseThrow(() -> unknown(view, stream)));
        }
        return shapes;
    }

    private void learnColumns(Stream stream) {
        contracts.widen(stream, known.of(stream.name()));
    }

    /** Of several streams one may have had events and another none: the view waits for the first. */
    private static RuntimeException unknown(View view, Stream stream) {
        String message = "the columns of stream " + stream.name() + " aren't known yet";
        return view.streams().size() > 1
                ? new IllegalStateException(message)
                : new CannotRebuild(message + "; try again when it has had an event");
    }
}
